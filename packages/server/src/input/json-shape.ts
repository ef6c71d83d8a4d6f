import type { ServerLimits } from '../limits.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c

/**
 * Which limit a text that may be JSON would go beyond: lists and objects that are too deep in each other, or too many values. It is asked before anything parses
 * the text, because what comes of two bytes may take fifty, and says nothing of whether it can be parsed.
 */
export function excessOf(
  text: string,
  { nesting, values }: Pick<ServerLimits, 'nesting' | 'values'>,
): 'nesting' | 'values' | undefined {
  let depth = 0
  let count = 1
  for (let at = 0; at < text.length; at++)
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at)
        break
      case COMMA:
        if (++count > values) return 'values'
        break
      case 0x5b:
      case 0x7b:
        if (++depth > nesting) return 'nesting'
        if (++count > values) return 'values'
        break
      case 0x5d:
      case 0x7d:
        depth--
        break
    }
  return undefined
}

/** Where a string ends whose first quote is at `start`; the end of the text where it has none. */
function endOfString(text: string, start: number): number {
  for (let at = start; ; ) {
    at = text.indexOf('"', at + 1)
    if (at === -1) return text.length
    let before = at - 1
    while (before > start && text.charCodeAt(before) === BACKSLASH) before--
    // An even number of backslashes escapes nothing but each other.
    if ((at - before) % 2 === 1) return at
  }
}
