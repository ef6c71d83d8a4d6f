/** @module Values as people read them. All of it is deterministic: no locale, no environment. */

/** Control characters, and what changes the direction of text: nothing of a file may move the cursor or hide what stands there. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** `text` on one line, with everything invisible written as `\u{…}`, cut after `maxLength` characters. */
export function visible(text: string, maxLength = 2000): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
  return cut.replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`)
}

/** A whole number with a comma every three digits. */
export function grouped(value: bigint | number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Milligas as gas, with up to three decimals: `5,185,948.6`. */
export function formatMilligas(milligas: bigint): string {
  const absolute = milligas < 0n ? -milligas : milligas
  const rest = String(absolute % 1000n)
    .padStart(3, '0')
    .replace(/0+$/, '')
  return `${milligas < 0n ? '-' : ''}${grouped(absolute / 1000n)}${rest === '' ? '' : `.${rest}`}`
}

/** Bytes as hexadecimal digits, the first `maxBytes` of them, and how many there are. */
export function formatBytes(bytes: Uint8Array, maxBytes = 32): string {
  if (bytes.length === 0) return 'none'
  const digits = Array.from(bytes.subarray(0, maxBytes), (byte) => byte.toString(16).padStart(2, '0'))
  const hex = digits.join('')
  return `${hex}${bytes.length > maxBytes ? '…' : ''} (${grouped(bytes.length)} B)`
}

/** A time in milliseconds, as seconds with one decimal from a second on. */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}
