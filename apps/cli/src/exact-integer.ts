/** Most digits of an integer: enough for 2^256, and no more than reads fast. */
const MAX_DIGITS = 80
const INTEGER = /^-?\d+$/

/**
 * Makes bigints of the integers of JSON, of their digits: amounts have up to 128 bits, which no double holds. Other numbers stay numbers. For `JSON.parse`, whose third argument the types of the language do not have yet.
 */
export const exactInteger = ((
  _key: string,
  value: unknown,
  context: { readonly source?: string },
): unknown => {
  if (typeof value !== 'number') return value
  const source = context.source ?? ''
  return INTEGER.test(source) && source.length <= MAX_DIGITS ? BigInt(source) : value
}) as (key: string, value: unknown) => unknown
