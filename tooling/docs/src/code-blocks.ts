/** The fenced code blocks of a Markdown text that are marked with `language`, in order. */
export function codeBlocks(markdown: string, language: string): string[] {
  const blocks: string[] = []
  for (const match of markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    const [, name, code] = match
    if (name === language && code !== undefined) blocks.push(code)
  }
  return blocks
}

/** The targets of a Markdown text's links that are files of the repository. */
export function localLinks(markdown: string): string[] {
  return [...markdown.matchAll(/\]\((\.\/[^)#]+)\)/g)].map(([, target]) => target as string)
}

/** A link of a document to a test: the name of the test, and the path of its file. */
export interface TestLink {
  readonly name: string
  readonly path: string
}

/** The links of a Markdown text whose target is a file of tests. Their text is the name of a test, or of a group of tests, in that file. */
export function testLinks(markdown: string): TestLink[] {
  return [...markdown.matchAll(/\[([^\]]+)\]\(([^)\s]+\.test\.ts)\)/g)].map(([, name, path]) => ({
    name: name as string,
    path: path as string,
  }))
}
