/** @module Splits TypeScript source into tokens: enough to tell code from comments, strings, templates and regular expressions. */

/** A token of TypeScript source. Comments are dropped; a template gives one token for each piece of text between substitutions. */
export interface Token {
  /** `name`: identifier or keyword. `text`: string. `template`: piece of a template. `rest`: number or regular expression. */
  readonly kind: 'name' | 'text' | 'template' | 'punctuation' | 'rest'
  /** The name or sign; of a string or template piece, what stands between the quotes, escapes untouched. */
  readonly value: string
  /** From 1. */
  readonly line: number
  /** Whether a template piece is a whole template without substitutions. */
  readonly whole?: boolean
}

/** Words after which a slash starts a regular expression. */
const BEFORE_VALUE = new Set(
  'await case delete do else extends in instanceof new of return throw typeof void yield'.split(' '),
)
/** Words whose parenthesis is a head, so that what follows it starts a statement. */
const HEADS = new Set(['if', 'while', 'for', 'with'])
const NAME = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy
const NUMBER = /\.?\d[\w.]*/y

/** Reads the tokens of `source`. Never throws: what cannot be understood ends at the end of its line. */
export function tokenize(source: string): Token[] {
  return new Scanner(source).scan()
}

class Scanner {
  readonly #source: string
  readonly #tokens: Token[] = []
  #at = 0
  #line = 1
  /** One entry for each open brace or parenthesis; a `${` inside a template is `'template'`. */
  readonly #open: ('brace' | 'template' | 'head' | 'parenthesis')[] = []
  /** Whether a value has just ended, so that a slash divides. */
  #afterValue = false

  constructor(source: string) {
    this.#source = source
  }

  scan(): Token[] {
    const source = this.#source
    while (this.#at < source.length) {
      const sign = source.charAt(this.#at)
      if (sign === '\n') {
        this.#line++
        this.#at++
      } else if (/\s/.test(sign)) this.#at++
      else if (source.startsWith('//', this.#at) || (this.#at === 0 && source.startsWith('#!')))
        this.#skipTo(source.indexOf('\n', this.#at))
      else if (source.startsWith('/*', this.#at)) {
        const end = source.indexOf('*/', this.#at + 2)
        this.#skipTo(end < 0 ? -1 : end + 2)
      } else if (sign === "'" || sign === '"') this.#string(sign)
      else if (sign === '`') this.#template(this.#at + 1, true)
      else if (sign === '/' && !this.#afterValue && this.#regularExpression()) continue
      else this.#word(sign)
    }
    return this.#tokens
  }

  /** Moves on to `end` (to the end of the source where negative), counting lines. */
  #skipTo(end: number): void {
    const stop = end < 0 ? this.#source.length : end
    for (let i = this.#at; i < stop; i++) if (this.#source.charCodeAt(i) === 10) this.#line++
    this.#at = stop
  }

  #push(kind: Token['kind'], value: string, end: number, whole?: boolean): void {
    this.#tokens.push(
      whole === undefined ? { kind, value, line: this.#line } : { kind, value, line: this.#line, whole },
    )
    this.#skipTo(end)
  }

  #string(quote: string): void {
    let end = this.#at + 1
    while (end < this.#source.length) {
      const sign = this.#source.charAt(end)
      if (sign === quote || sign === '\n') break
      end += sign === '\\' ? 2 : 1
    }
    this.#push('text', this.#source.slice(this.#at + 1, end), end + 1)
    this.#afterValue = true
  }

  /** Reads template text from `start` to the closing quote or the next substitution. */
  #template(start: number, first: boolean): void {
    let end = start
    while (end < this.#source.length) {
      const sign = this.#source.charAt(end)
      if (sign === '`') {
        this.#push('template', this.#source.slice(start, end), end + 1, first)
        this.#afterValue = true
        return
      }
      if (sign === '$' && this.#source.charAt(end + 1) === '{') {
        this.#push('template', this.#source.slice(start, end), end + 2, false)
        this.#open.push('template')
        this.#afterValue = false
        return
      }
      end += sign === '\\' ? 2 : 1
    }
    this.#push('template', this.#source.slice(start), -1, first)
  }

  /** Reads a regular expression where one closes on this line. */
  #regularExpression(): boolean {
    let inClass = false
    for (let end = this.#at + 1; end < this.#source.length; end++) {
      const sign = this.#source.charAt(end)
      if (sign === '\n') return false
      if (sign === '\\') end++
      else if (sign === '[') inClass = true
      else if (sign === ']') inClass = false
      else if (sign === '/' && !inClass) {
        this.#push('rest', this.#source.slice(this.#at, end + 1), end + 1)
        this.#afterValue = true
        return true
      }
    }
    return false
  }

  #word(sign: string): void {
    for (const [pattern, kind] of [
      [NAME, 'name'],
      [NUMBER, 'rest'],
    ] as const) {
      pattern.lastIndex = this.#at
      const found = pattern.exec(this.#source)?.[0]
      if (found === undefined) continue
      const isMember = this.#tokens.at(-1)?.value === '.'
      this.#push(kind, found, this.#at + found.length)
      this.#afterValue = isMember || !BEFORE_VALUE.has(found)
      return
    }
    this.#punctuation(sign)
  }

  #punctuation(sign: string): void {
    const before = this.#tokens.at(-1)
    if (sign === '}' && this.#open.at(-1) === 'template') {
      this.#open.pop()
      this.#template(this.#at + 1, false)
      return
    }
    if (this.#source.startsWith('...', this.#at)) {
      this.#push('punctuation', '...', this.#at + 3)
      this.#afterValue = false
      return
    }
    const isStep = (sign === '+' || sign === '-') && this.#source.charAt(this.#at + 1) === sign
    this.#push('punctuation', sign, this.#at + (isStep ? 2 : 1))
    if (sign === '{') this.#open.push('brace')
    else if (sign === '(')
      this.#open.push(before?.kind === 'name' && HEADS.has(before.value) ? 'head' : 'parenthesis')
    if (sign === ')') this.#afterValue = this.#open.pop() !== 'head'
    else if (sign === '}') {
      this.#open.pop()
      this.#afterValue = false
    } else if (sign === ']') this.#afterValue = true
    // `x! / y` and `x++ / y` divide; `!/x/` and `++/x/` do not occur after a value.
    else if (sign !== '!' && !isStep) this.#afterValue = false
  }
}
