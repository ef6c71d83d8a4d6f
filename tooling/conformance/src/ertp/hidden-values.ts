/** @module Messages of errors in hardened JavaScript: what they quote of values is hidden from code, which finds `(a string)` in its place. */

const HIDDEN = /\(an? [a-z]+\)/g
/** What an expectation may quote: a text, a record or a list of no depth, a number. */
const QUOTED = /"[^"]*"|\\\{.*?\\\}|\\\[.*?\\\]|-?\d+n?/g
const SPECIAL = /[\\^$.*+?()[\]{}|]/g

/** Whether a message is as expected but for what is hidden in it. */
export function isAsExpected(message: string, expected: string | RegExp): boolean {
  if (typeof expected === 'string') {
    const pattern = message
      .split(HIDDEN)
      .map((part) => part.replaceAll(SPECIAL, '\\$&'))
      .join('.+')
    return new RegExp(`^${pattern}$`, 's').test(expected)
  }
  const source = expected.source.replaceAll(QUOTED, (quoted) => `(?:${quoted}|${HIDDEN.source})`)
  return new RegExp(source, expected.flags).test(message)
}
