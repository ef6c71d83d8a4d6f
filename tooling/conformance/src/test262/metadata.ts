/** @module What a test of test262 says about itself. Source: tc39/test262 INTERPRETING.md. */

/** A test, read. */
export interface Test262 {
  /** Path from the folder `test`, without the extension. */
  readonly id: string
  readonly source: string
  readonly flags: readonly string[]
  readonly includes: readonly string[]
  readonly features: readonly string[]
  /** The name of the error that it has to end with, and whether that is before anything runs. */
  readonly negative: { readonly phase: string; readonly type: string } | undefined
}

const HEAD = /\/\*---([\s\S]*?)---\*\//

/** Reads a test. The head is YAML; of that, what tests use. */
export function readTest(id: string, source: string): Test262 {
  const head = HEAD.exec(source)?.[1] ?? ''
  const negative = /^negative:[^\n]*\n((?:[ \t]+[^\n]*\n?)+)/m.exec(head)?.[1]
  return {
    ...{ id, source },
    flags: listOf(head, 'flags'),
    includes: listOf(head, 'includes'),
    features: listOf(head, 'features'),
    negative:
      negative === undefined
        ? undefined
        : { phase: fieldOf(negative, 'phase'), type: fieldOf(negative, 'type') },
  }
}

/** A list: `[a, b]` in a line, or a line with a hyphen for each. */
function listOf(head: string, key: string): string[] {
  const inline = new RegExp(`^${key}:\\s*\\[([^\\]]*)\\]`, 'm').exec(head)?.[1]
  if (inline !== undefined)
    return inline
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
  const lines = new RegExp(`^${key}:\\s*\\n((?:[ \\t]*-[^\\n]*\\n?)+)`, 'm').exec(head)?.[1] ?? ''
  return lines
    .split('\n')
    .map((line) => line.replace(/^[ \t]*-/, '').trim())
    .filter((each) => each !== '')
}

function fieldOf(block: string, key: string): string {
  return new RegExp(`^[ \\t]+${key}:\\s*(\\S+)`, 'm').exec(block)?.[1] ?? ''
}
