/** A file as text: vitest reads it, in Node and in a browser. */
declare module '*?raw' {
  const text: string
  export default text
}
