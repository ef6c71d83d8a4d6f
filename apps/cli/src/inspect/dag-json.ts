/** @module Blocks of state as people read them: DAG-JSON, on lines of its own. */
import { encode } from '@ipld/dag-json'
import { type Cid, type IpldValue, isCid } from '@troupe/ipld'

/** `value` as DAG-JSON on one line. */
export function toDagJson(value: IpldValue): string {
  return new TextDecoder().decode(encode(value))
}

/** The CIDs in a value, each once, in the order in which they stand there. */
export function linksOf(value: IpldValue): Cid[] {
  const links = new Map<string, Cid>()
  const visit = (part: IpldValue): void => {
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return
    if (isCid(part)) links.set(part.toString(), part)
    else for (const child of Object.values(part)) visit(child)
  }
  visit(value)
  return [...links.values()]
}

/** The tokens of JSON, where a link and a byte string of DAG-JSON are one token each. */
const TOKENS = /\{"\/":(?:"[^"\\]*"|\{"bytes":"[^"\\]*"\})\}|"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^"[\]{}:,]+/g

/** Spreads DAG-JSON over lines. Digits and texts stay as they are, so that no large integer is rounded. */
export function indentJson(json: string): string[] {
  const lines: string[] = []
  let line = ''
  let depth = 0
  const end = (): void => {
    lines.push('  '.repeat(depth) + line)
    line = ''
  }
  const tokens = json.match(TOKENS) ?? []
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]
    if (token === '{' || token === '[') {
      line += token
      if (next === '}' || next === ']') continue
      end()
      depth++
    } else if (token === '}' || token === ']') {
      const previous = tokens[index - 1]
      if (previous !== '{' && previous !== '[') {
        end()
        depth--
      }
      line += token
    } else if (token === ',') {
      line += token
      end()
    } else line += token === ':' ? ': ' : token
  }
  if (line !== '') end()
  return lines
}
