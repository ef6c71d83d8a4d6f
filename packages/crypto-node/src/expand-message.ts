import type { HashFunction } from './openssl-hash.ts'

const BLOCK_LENGTH = 64
const DIGEST_LENGTH = 32

/**
 * Stretches a message to `length` uniform bytes, at most 8,160: `expand_message_xmd` with SHA-256.
 *
 * Done here and not inside mcl, whose memory would grow to the longest message ever seen and never shrink.
 *
 * Source: RFC 9380, section 5.3.1.
 */
export function expandMessage(
  sha256: HashFunction,
  message: Uint8Array,
  dst: Uint8Array,
  length: number,
): Uint8Array {
  // Z_pad || message || length || 0 || DST'
  const first = new Uint8Array(BLOCK_LENGTH + message.length + 3 + dst.length + 1)
  first.set(message, BLOCK_LENGTH)
  const tail = BLOCK_LENGTH + message.length
  first[tail] = length >> 8
  first[tail + 1] = length & 0xff
  writeDst(first, tail + 3, dst)
  const seed = sha256(first)

  // (b_0 xor b_(i-1)) || i || DST'
  const block = new Uint8Array(DIGEST_LENGTH + 1 + dst.length + 1)
  writeDst(block, DIGEST_LENGTH + 1, dst)
  const out = new Uint8Array(length)
  let previous: Uint8Array = new Uint8Array(DIGEST_LENGTH)
  for (let offset = 0, i = 1; offset < length; offset += DIGEST_LENGTH, i++) {
    for (let j = 0; j < DIGEST_LENGTH; j++) block[j] = (seed[j] as number) ^ (previous[j] as number)
    block[DIGEST_LENGTH] = i
    previous = sha256(block)
    out.set(previous.subarray(0, length - offset), offset)
  }
  return out
}

/** DST' is the tag followed by its length. */
function writeDst(bytes: Uint8Array, offset: number, dst: Uint8Array): void {
  bytes.set(dst, offset)
  bytes[offset + dst.length] = dst.length
}
