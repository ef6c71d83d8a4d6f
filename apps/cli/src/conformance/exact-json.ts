import { CliError } from '../errors.ts'
import { exactInteger } from '../exact-integer.ts'

/** A value of a JSON text, with its place in it, for people who look for the fault. */
export class JsonValue {
  readonly value: unknown
  /** `preconditions.variants[0]`, empty at the top. */
  readonly path: string

  constructor(value: unknown, path = '') {
    this.value = value
    this.path = path
  }

  /** A field of this object, or `undefined` where it is missing or `null`. @throws {CliError} vector/malformed */
  optional(name: string): JsonValue | undefined {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      throw this.#expected('an object')
    const value = Object.hasOwn(this.value, name)
      ? (this.value as Readonly<Record<string, unknown>>)[name]
      : undefined
    return value === undefined || value === null
      ? undefined
      : new JsonValue(value, this.path === '' ? name : `${this.path}.${name}`)
  }

  /** A field of this object. @throws {CliError} vector/malformed */
  field(name: string): JsonValue {
    const value = this.optional(name)
    if (value === undefined)
      throw new CliError('vector/malformed', `${this.path === '' ? 'the vector' : this.path} has no ${name}`)
    return value
  }

  /** The elements of this array. @throws {CliError} vector/malformed */
  elements({ min, max }: { readonly min: number; readonly max: number }): JsonValue[] {
    if (!Array.isArray(this.value)) throw this.#expected('an array')
    if (this.value.length < min || this.value.length > max)
      throw this.#expected(`${min} to ${max} elements, not ${this.value.length}`)
    return this.value.map((element: unknown, index) => new JsonValue(element, `${this.path}[${index}]`))
  }

  /** This text. @throws {CliError} vector/malformed */
  text(): string {
    if (typeof this.value !== 'string') throw this.#expected('a text')
    return this.value
  }

  /** This integer. @throws {CliError} vector/malformed */
  integer(min: bigint, max: bigint): bigint {
    if (typeof this.value !== 'bigint') throw this.#expected('an integer')
    if (this.value < min || this.value > max)
      throw this.#expected(`an integer from ${min} to ${max}, not ${this.value}`)
    return this.value
  }

  #expected(what: string): CliError {
    return new CliError(
      'vector/malformed',
      `${this.path === '' ? 'the vector' : this.path} should be ${what}`,
    )
  }
}

/**
 * Parses JSON with every integer as a bigint, from its digits: amounts have up to 128 bits, which no double holds. Other numbers stay numbers.
 * @throws {CliError} vector/truncated, vector/malformed
 */
export function parseExactJson(text: string): JsonValue {
  try {
    return new JsonValue(JSON.parse(text, exactInteger))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const isCut = isUnfinished(text)
    throw new CliError(
      isCut ? 'vector/truncated' : 'vector/malformed',
      isCut ? 'the JSON ends early' : 'this is not JSON',
      { cause },
    )
  }
}

/** Whether a text that is not JSON ends within a string, an object or an array, or before it begins. */
function isUnfinished(text: string): boolean {
  let depth = 0
  let isString = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (isString) {
      if (character === '\\') i++
      else if (character === '"') isString = false
    } else if (character === '"') isString = true
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
  }
  return isString || depth > 0 || text.trim() === ''
}
