import { CodedError } from '@troupe/crypto'
import { type Cid, parseCid } from '@troupe/ipld'
import { CliError } from '../errors.ts'

/** A value of a chain's answer, with its place in it. */
export class Answer {
  readonly #value: unknown
  readonly #path: string

  /** @param path the method, and the fields behind it */
  constructor(value: unknown, path: string) {
    this.#value = value
    this.#path = path
  }

  /** @throws {CliError} chain/unexpected-answer, as all below */
  field(name: string): Answer {
    const value = this.#value
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#expected('an object')
    const found = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined
    return new Answer(found, `${this.#path}.${name}`)
  }

  text(): string {
    if (typeof this.#value !== 'string') throw this.#expected('a text')
    return this.#value
  }

  integer(): bigint {
    if (!Number.isSafeInteger(this.#value)) throw this.#expected('an integer')
    return BigInt(this.#value as number)
  }

  /** A link, `{"/": "bafy…"}`. */
  cid(): Cid {
    const text = this.field('/').text()
    try {
      return parseCid(text)
    } catch (cause) {
      if (!(cause instanceof CodedError)) throw cause
      throw this.#expected('a CID')
    }
  }

  list(): Answer[] {
    if (!Array.isArray(this.#value)) throw this.#expected('a list')
    return this.#value.map((item: unknown, index) => new Answer(item, `${this.#path}[${index}]`))
  }

  /** Whether there is nothing. */
  get isNull(): boolean {
    return this.#value === null || this.#value === undefined
  }

  /** Bytes in base64; none are `null`, as Go writes them. */
  bytes(): Uint8Array {
    return this.#value === null ? new Uint8Array() : Uint8Array.from(Buffer.from(this.text(), 'base64'))
  }

  #expected(what: string): CliError {
    return new CliError('chain/unexpected-answer', `${this.#path} should be ${what}`, {
      advice: 'is this the RPC of a Filecoin chain, as `troupe dev` serves it?',
    })
  }
}
