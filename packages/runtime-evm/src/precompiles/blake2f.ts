import type { PrecompileResult } from './precompile.ts'

const INPUT_LENGTH = 213
const OUTPUT_LENGTH = 64

/** The order in which a round takes the words of the message; round 10 begins anew. RFC 7693, section 2.7. */
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
].map((row) => Uint8Array.from(row))

/** The initial state, each word as its lower and its upper half. RFC 7693, section 2.6. */
const IV = Uint32Array.of(
  0xf3bc_c908,
  0x6a09_e667,
  0x84ca_a73b,
  0xbb67_ae85,
  0xfe94_f82b,
  0x3c6e_f372,
  0x5f1d_36f1,
  0xa54f_f53a,
  0xade6_82d1,
  0x510e_527f,
  0x2b3e_6c1f,
  0x9b05_688c,
  0xfb41_bd6b,
  0x1f83_d9ab,
  0x137e_2179,
  0x5be0_cd19,
)

/**
 * BLAKE2F at 0x09: the compression function of BLAKE2b with any number of rounds (EIP-152).
 *
 * Shape: rounds (4, big-endian) ‖ state (8 words of 8, little-endian) ‖ message (16 words) ‖ offset (2 words) ‖ final, 0 or 1; the output is the state
 * after.
 */
export function blake2f(input: Uint8Array): PrecompileResult {
  if (input.length !== INPUT_LENGTH) return 'input-length'
  const isFinal = input[INPUT_LENGTH - 1] as number
  if (isFinal > 1) return 'final-flag'
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const state = new Uint32Array(32)
  const message = new Uint32Array(32)
  for (let i = 0; i < 16; i++) state[i] = view.getUint32(4 + 4 * i, true)
  for (let i = 0; i < 32; i++) message[i] = view.getUint32(68 + 4 * i, true)
  state.set(IV, 16)
  for (let i = 0; i < 4; i++) state[24 + i] = (state[24 + i] as number) ^ view.getUint32(196 + 4 * i, true)
  if (isFinal === 1) for (const i of [28, 29]) state[i] = ~(state[i] as number)

  const rounds = view.getUint32(0)
  for (let i = 0; i < rounds; i++) mixRound(state, message, SIGMA[i % 10] as Uint8Array)

  const output = new Uint8Array(OUTPUT_LENGTH)
  const out = new DataView(output.buffer)
  for (let i = 0; i < 16; i++) {
    const word = view.getUint32(4 + 4 * i, true) ^ (state[i] as number) ^ (state[i + 16] as number)
    out.setUint32(4 * i, word >>> 0, true)
  }
  return output
}

function mixRound(v: Uint32Array, m: Uint32Array, s: Uint8Array): void {
  mix(v, m, 0, 8, 16, 24, s[0] as number, s[1] as number)
  mix(v, m, 2, 10, 18, 26, s[2] as number, s[3] as number)
  mix(v, m, 4, 12, 20, 28, s[4] as number, s[5] as number)
  mix(v, m, 6, 14, 22, 30, s[6] as number, s[7] as number)
  mix(v, m, 0, 10, 20, 30, s[8] as number, s[9] as number)
  mix(v, m, 2, 12, 22, 24, s[10] as number, s[11] as number)
  mix(v, m, 4, 14, 16, 26, s[12] as number, s[13] as number)
  mix(v, m, 6, 8, 18, 28, s[14] as number, s[15] as number)
}

/** The mixing function G on the words whose lower halves are at `a` to `d`. RFC 7693, section 3.1. */
function mix(
  v: Uint32Array,
  m: Uint32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  x: number,
  y: number,
): void {
  let al = v[a] as number
  let ah = v[a + 1] as number
  let bl = v[b] as number
  let bh = v[b + 1] as number
  let cl = v[c] as number
  let ch = v[c + 1] as number
  let dl = v[d] as number
  let dh = v[d + 1] as number

  let sum = al + bl + (m[2 * x] as number)
  ah = (ah + bh + (m[2 * x + 1] as number) + Math.trunc(sum / TWO_32)) >>> 0
  al = sum >>> 0
  // Rotated by 32 bits: the halves change places.
  let half = (dl ^ al) >>> 0
  dl = (dh ^ ah) >>> 0
  dh = half
  sum = cl + dl
  ch = (ch + dh + (sum >= TWO_32 ? 1 : 0)) >>> 0
  cl = sum >>> 0
  bl ^= cl
  bh ^= ch
  half = ((bl >>> 24) | (bh << 8)) >>> 0
  bh = ((bh >>> 24) | (bl << 8)) >>> 0
  bl = half

  sum = al + bl + (m[2 * y] as number)
  ah = (ah + bh + (m[2 * y + 1] as number) + Math.trunc(sum / TWO_32)) >>> 0
  al = sum >>> 0
  dl ^= al
  dh ^= ah
  half = ((dl >>> 16) | (dh << 16)) >>> 0
  dh = ((dh >>> 16) | (dl << 16)) >>> 0
  dl = half
  sum = cl + dl
  ch = (ch + dh + (sum >= TWO_32 ? 1 : 0)) >>> 0
  cl = sum >>> 0
  bl ^= cl
  bh ^= ch
  half = ((bl << 1) | (bh >>> 31)) >>> 0
  bh = ((bh << 1) | (bl >>> 31)) >>> 0
  bl = half

  v[a] = al
  v[a + 1] = ah
  v[b] = bl
  v[b + 1] = bh
  v[c] = cl
  v[c + 1] = ch
  v[d] = dl
  v[d + 1] = dh
}

const TWO_32 = 0x1_0000_0000
