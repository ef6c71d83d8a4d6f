/**
 * @module The calls of a semantic test, and what each is to give: `f(uint256): 3 -> 5`, with the events that follow it on lines of their own.
 *
 * Source of the grammar: ethereum/solidity test/libsolidity/util/TestFileParser.cpp, BytesUtils.cpp.
 */
import { concatBytes, fromHex, word } from './words.ts'

/** One call. */
export interface ExpectedCall {
  readonly kind: 'function' | 'constructor' | 'library' | 'low-level' | 'builtin'
  /** `f(uint256)`; of a library its name, of a builtin its name alone. */
  readonly signature: string
  /** Wei. */
  readonly value: bigint
  readonly input: Uint8Array
  /** The first argument as it is written. */
  readonly argument: string | undefined
  /** Whether it is to fail. */
  readonly fails: boolean
  readonly output: Uint8Array
  readonly events: readonly ExpectedEvent[]
}

/** An event that a call is to emit. */
export interface ExpectedEvent {
  /** `E(uint256)`; `undefined` for one that no event of the sources is. */
  readonly signature: string | undefined
  /** The contract, where it is not the one that was called. 20 bytes as hex. */
  readonly emitter: string | undefined
  /** Topics without the signature. */
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
}

const BUILTINS: readonly string[] = [
  'isoltest_builtin_test',
  'isoltest_side_effects_test',
  'balance',
  'storageEmpty',
  'account',
]

const TOKEN =
  /\s+|#[^#]*#|->|"(?:[^"\\]|\\.)*"|0x[0-9a-fA-F]*|\d+(?:\.\d+)?|[A-Za-z_$][A-Za-z0-9_$.]*|[(),:[\]-]|~[^\n]*/y

interface Token {
  readonly text: string
  /** Whether a line begins before it. */
  readonly startsLine: boolean
}

/** Reads the calls. @throws {SyntaxError} */
export function parseCalls(lines: readonly string[]): ExpectedCall[] {
  return new CallParser(tokens(lines.join('\n'))).parse()
}

function tokens(text: string): Token[] {
  const found: Token[] = []
  let startsLine = true
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)?.[0]
    if (match === undefined) throw new SyntaxError(`what is ${text.slice(at, at + 20)}?`)
    if (/^\s/.test(match)) startsLine ||= match.includes('\n')
    else if (!match.startsWith('#')) {
      found.push({ text: match, startsLine })
      startsLine = false
    }
  }
  return found
}

class CallParser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(found: readonly Token[]) {
    this.#tokens = found
  }

  parse(): ExpectedCall[] {
    const calls: ExpectedCall[] = []
    while (this.#at < this.#tokens.length) {
      const { text, startsLine } = this.#tokens[this.#at] as Token
      if (!startsLine || !/^[A-Za-z_$(]/.test(text)) throw new SyntaxError(`${text} is no call`)
      if (this.#accept('gas')) this.#skipLine()
      else calls.push(this.#call())
    }
    return calls
  }

  #call(): ExpectedCall {
    const none = {
      value: 0n,
      input: new Uint8Array(),
      argument: undefined,
      fails: false,
      output: new Uint8Array(),
    }
    if (this.#accept('library')) return { ...none, kind: 'library', signature: this.#library(), events: [] }
    const signature = this.#signature()
    const value = this.#accept(',') ? this.#value() : 0n
    const first = this.#peek(1)
    const input = this.#accept(':') ? this.#parameters() : { bytes: new Uint8Array(), fails: false }
    const expected = this.#accept('->') ? this.#parameters() : { bytes: new Uint8Array(), fails: false }
    const events: ExpectedEvent[] = []
    while (this.#peek()?.startsWith('~') === true) events.push(parseEvent(this.#next().slice(1).trim()))
    return {
      kind: kindOf(signature),
      signature,
      value,
      input: input.bytes,
      argument: first,
      fails: expected.fails,
      output: expected.bytes,
      events,
    }
  }

  /** `library: L`, `library: "file":L` or `library: :L`. */
  #library(): string {
    this.#expect(':')
    const first = this.#next()
    if (first === ':') return `:${this.#next()}`
    if (!first.startsWith('"')) return first
    this.#expect(':')
    return `${JSON.parse(first)}:${this.#next()}`
  }

  #signature(): string {
    const name = this.#peek() === '(' ? '' : this.#next()
    if (this.#peek() !== '(') return name
    let depth = 0
    let signature = name
    do {
      const text = this.#next()
      if (text === '(') depth++
      if (text === ')') depth--
      signature += text
    } while (depth > 0)
    return signature
  }

  #value(): bigint {
    const amount = BigInt(this.#next())
    const unit = this.#next()
    if (unit === 'ether') return amount * 10n ** 18n
    if (unit === 'wei') return amount
    throw new SyntaxError(`${unit} is no unit`)
  }

  /** Parameters up to the end of the call's part; each may stand on a line of its own. */
  #parameters(): { readonly bytes: Uint8Array; readonly fails: boolean } {
    const parts: Uint8Array[] = []
    let fails = false
    if (!this.#beginsParameter()) return { bytes: new Uint8Array(), fails }
    do {
      if (this.#accept('FAILURE')) fails = true
      else parts.push(this.#parameter())
    } while (this.#accept(','))
    return { bytes: concatBytes(parts), fails }
  }

  /** A call without results has another on its next line. */
  #beginsParameter(): boolean {
    const text = this.#peek()
    if (text === undefined) return false
    return /^(["\d-]|0x|left$|right$|hex$|true$|false$|FAILURE$)/.test(text) && text !== '->'
  }

  #parameter(): Uint8Array {
    const align = this.#accept('left') ? 'left' : this.#accept('right') ? 'right' : undefined
    if (align === undefined) return this.#literal('right')
    this.#expect('(')
    const bytes = this.#literal(align)
    this.#expect(')')
    return bytes
  }

  #literal(align: 'left' | 'right'): Uint8Array {
    if (this.#accept('hex')) return fromHex(unquote(this.#next()))
    const sign = this.#accept('-') ? '-' : ''
    return literal(sign + this.#next(), align)
  }

  #skipLine(): void {
    do this.#at++
    while (this.#at < this.#tokens.length && this.#tokens[this.#at]?.startsLine === false)
  }

  #peek(ahead = 0): string | undefined {
    return this.#tokens[this.#at + ahead]?.text
  }

  #next(): string {
    const text = this.#peek()
    if (text === undefined) throw new SyntaxError('the calls end too early')
    this.#at++
    return text
  }

  #accept(text: string): boolean {
    if (this.#peek() !== text) return false
    this.#at++
    return true
  }

  #expect(text: string): void {
    const found = this.#next()
    if (found !== text) throw new SyntaxError(`${found} stands where ${text} should`)
  }
}

function kindOf(signature: string): ExpectedCall['kind'] {
  if (signature === 'constructor()') return 'constructor'
  if (BUILTINS.includes(signature)) return 'builtin'
  return signature === '()' ? 'low-level' : 'function'
}

/** The bytes of a literal: a word, or a string of whole words that ends with zeros. */
function literal(text: string, align: 'left' | 'right'): Uint8Array {
  if (text === 'true' || text === 'false') return word(text === 'true' ? 1n : 0n)
  if (text.startsWith('"')) {
    const bytes = unescaped(text)
    if (bytes.length > 32) throw new SyntaxError('a string has at most 32 bytes')
    return concatBytes([bytes, new Uint8Array(32 - bytes.length)])
  }
  if (text.startsWith('0x')) {
    const bytes = fromHex(text.slice(2))
    const zeros = new Uint8Array(32 - bytes.length)
    return concatBytes(align === 'left' ? [bytes, zeros] : [zeros, bytes])
  }
  // Fixed-point numbers are integers in units of their last digit.
  const value = BigInt(text.replace('.', '').replace(/^(-?)0+(?=\d)/, '$1'))
  if (align === 'right') return word(value)
  const digits = word(value)
  const first = value === 0n ? 0 : digits.findIndex((byte) => byte !== 0)
  return concatBytes([digits.subarray(first), new Uint8Array(first)])
}

function unquote(text: string): string {
  return text.slice(1, -1)
}

function unescaped(text: string): Uint8Array {
  const parts = unquote(text).split(/(\\x[0-9a-fA-F]{2}|\\.)/)
  return concatBytes(
    parts.map((part) => {
      if (part.startsWith('\\x')) return fromHex(part.slice(2))
      if (part.startsWith('\\')) return Uint8Array.of(ESCAPES[part[1] as string] ?? part.charCodeAt(1))
      return new TextEncoder().encode(part)
    }),
  )
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '0': 0 }

/** `emit E(uint256) from 0x…: #1, 2`: values behind `#` are topics. @throws {SyntaxError} */
function parseEvent(text: string): ExpectedEvent {
  const match = /^emit (<anonymous>|[^:\s]+)(?: from 0x([0-9a-f]{40}))?(?:: (.*))?$/.exec(text)
  if (match === null) throw new SyntaxError(`${text} is no event`)
  const [, name, emitter, values = ''] = match
  const items = values.match(/#?-?(?:hex)?(?:"(?:[^"\\]|\\.)*"|[^,\s]+)/g) ?? []
  return {
    signature: name === '<anonymous>' ? undefined : name,
    emitter,
    topics: items.filter((item) => item.startsWith('#')).map((item) => literal(item.slice(1), 'right')),
    data: concatBytes(items.filter((item) => !item.startsWith('#')).map((item) => literal(item, 'right'))),
  }
}
