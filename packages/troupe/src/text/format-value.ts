import { type IpldValue, isCid } from '@troupe/ipld'
import { visible } from './plain.ts'

/** How long a value may be where it is shown. */
export interface ValueLimits {
  /** Characters. Default: 120. */
  readonly maxLength?: number
  /** Bytes of a byte string that are shown; of the others only how many. Default: 20, an Ethereum address. */
  readonly maxBytes?: number
}

const MAX_LENGTH = 120
const MAX_BYTES = 20
/** Levels of lists and records that are looked into. */
const MAX_DEPTH = 32
/** What needs no quotation marks: addresses, names, bitfields. */
const PLAIN_TEXT = /^[\w.-]+(?:, [\w.-]+)*$/u

/**
 * A value on one line: `{to: f0101, value: 5, params: 0x8201, note: "two words"}`. What comes from an actor cannot be longer than `maxLength`, nor move the cursor.
 */
export function formatValue(value: IpldValue, limits: ValueLimits = {}): string {
  const { maxLength = MAX_LENGTH, maxBytes = MAX_BYTES } = limits
  // Written piece by piece, and no further than there is room.
  let text = ''
  const isFull = (): boolean => text.length > maxLength
  const write = (part: IpldValue, depth: number): void => {
    if (isFull()) return
    if (part instanceof Uint8Array) text += formatHex(part, maxBytes)
    else if (typeof part === 'string') text += formatText(part, maxLength)
    else if (typeof part !== 'object' || part === null || isCid(part)) text += String(part)
    else if (depth > MAX_DEPTH) text += '…'
    else if (Array.isArray(part)) {
      text += '['
      writeAll(part.entries(), depth, () => '')
      text += ']'
    } else {
      text += '{'
      writeAll(Object.entries(part), depth, (name) => `${formatText(name, maxLength)}: `)
      text += '}'
    }
  }
  const writeAll = <Name>(
    parts: Iterable<readonly [Name, IpldValue]>,
    depth: number,
    label: (name: Name) => string,
  ): void => {
    let isFirst = true
    for (const [name, part] of parts) {
      if (isFull()) return
      text += `${isFirst ? '' : ', '}${label(name)}`
      isFirst = false
      write(part, depth + 1)
    }
  }
  write(value, 0)
  return isFull() ? `${text.slice(0, maxLength)}…` : text
}

function formatHex(bytes: Uint8Array, maxBytes: number): string {
  const digits = Array.from(bytes.subarray(0, maxBytes), (byte) => byte.toString(16).padStart(2, '0'))
  return `0x${digits.join('')}${bytes.length > maxBytes ? `… (${bytes.length} B)` : ''}`
}

function formatText(text: string, maxLength: number): string {
  const shown = visible(text, maxLength)
  return PLAIN_TEXT.test(shown) ? shown : `"${shown.replaceAll('"', '\\"')}"`
}
