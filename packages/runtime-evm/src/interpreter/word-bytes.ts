/** @module Words as 32 bytes, the highest first. */
import { toWord, type Word } from './word.ts'

const HALF = 0x1_0000_0000
/** The high half of a number below 2^53. */
const HIGH_LIMIT = 0x20_0000

/** Reads a word. Most have few bytes, which are read as halves of 32 bits. */
export function readWord(view: DataView, offset: number): Word {
  const high = view.getInt32(offset + 24)
  const above =
    view.getInt32(offset + 20) |
    view.getInt32(offset + 16) |
    view.getInt32(offset + 12) |
    view.getInt32(offset + 8) |
    view.getInt32(offset + 4) |
    view.getInt32(offset)
  if (above === 0 && high >= 0 && high < HIGH_LIMIT) return high * HALF + view.getUint32(offset + 28)
  return toWord(
    (view.getBigUint64(offset) << 192n) |
      (view.getBigUint64(offset + 8) << 128n) |
      (view.getBigUint64(offset + 16) << 64n) |
      view.getBigUint64(offset + 24),
  )
}

/** Writes a word. */
export function writeWord(view: DataView, offset: number, word: Word): void {
  if (typeof word === 'number') {
    const fill = word < 0 ? -1 : 0
    view.setInt32(offset, fill)
    view.setInt32(offset + 4, fill)
    view.setInt32(offset + 8, fill)
    view.setInt32(offset + 12, fill)
    view.setInt32(offset + 16, fill)
    view.setInt32(offset + 20, fill)
    // Both setters take their number modulo 2^32.
    view.setInt32(offset + 24, Math.floor(word / HALF))
    view.setInt32(offset + 28, word)
    return
  }
  // Only the lowest 64 bits of what is given are written.
  view.setBigUint64(offset, word >> 192n)
  view.setBigUint64(offset + 8, word >> 128n)
  view.setBigUint64(offset + 16, word >> 64n)
  view.setBigUint64(offset + 24, word)
}

/** The word at `offset` of bytes that go on with zeros. */
export function readPaddedWord(bytes: Uint8Array, offset: Word): Word {
  if (typeof offset !== 'number' || offset < 0 || offset >= bytes.length) return 0
  if (offset + 32 <= bytes.length) return readWord(viewOf(bytes), offset)
  const padded = new Uint8Array(32)
  padded.set(bytes.subarray(offset))
  return readWord(viewOf(padded), 0)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The word that bytes of any length up to 32 stand for. */
export function wordOf(bytes: Uint8Array): Word {
  const padded = new Uint8Array(32)
  padded.set(bytes, 32 - bytes.length)
  return readWord(viewOf(padded), 0)
}
