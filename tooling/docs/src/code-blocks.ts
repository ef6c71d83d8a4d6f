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
