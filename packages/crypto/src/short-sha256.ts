/** The longest input of {@link createShortSha256}, in bytes: what fits one block with its padding. */
export const MAX_SHORT_SHA256 = 55

/** The first 32 bits of the fractional parts of the square roots of the first eight primes. */
const START = new Int32Array([
  0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
])

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUNDS = new Int32Array([
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
  0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
  0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
  0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
  0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
  0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
  0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
])

/**
 * SHA-256 of inputs of at most {@link MAX_SHORT_SHA256} bytes, such as the keys of a HAMT.
 *
 * A lookup in the state tree is little more than one hash of a few bytes. In Wasm that costs 440 ns, much of it on the way in and out (views, copies, three
 * calls); this takes 260 ns, the digest's array included. It gains little on longer inputs, so there is no more of it.
 *
 * Sixteen rounds are written out: the state and the message schedule stay in variables.
 *
 * Source: FIPS 180-4, section 6.2.
 */
export function createShortSha256(): (data: Uint8Array) => Uint8Array {
  const block = new Int32Array(16)
  return (data) => {
    fillBlock(block, data)
    return digestOf(block)
  }
}

/** Makes the one block of an input: its bytes, a bit that is set, zeros, and its length in bits. */
function fillBlock(block: Int32Array, data: Uint8Array): void {
  const { length } = data
  const whole = length >> 2
  for (let i = 0; i < whole; i++) {
    const at = i << 2
    block[i] =
      ((data[at] as number) << 24) |
      ((data[at + 1] as number) << 16) |
      ((data[at + 2] as number) << 8) |
      (data[at + 3] as number)
  }
  let last = 0x80 << (24 - 8 * (length & 3))
  for (let at = whole << 2; at < length; at++) last |= (data[at] as number) << (24 - 8 * (at & 3))
  block[whole] = last
  for (let i = whole + 1; i < 15; i++) block[i] = 0
  block[15] = length << 3
}

/** The digest of the one block that a message is. */
function digestOf(block: Int32Array): Uint8Array {
  let a = START[0] as number
  let b = START[1] as number
  let c = START[2] as number
  let d = START[3] as number
  let e = START[4] as number
  let f = START[5] as number
  let g = START[6] as number
  let h = START[7] as number
  let w0 = block[0] as number
  let w1 = block[1] as number
  let w2 = block[2] as number
  let w3 = block[3] as number
  let w4 = block[4] as number
  let w5 = block[5] as number
  let w6 = block[6] as number
  let w7 = block[7] as number
  let w8 = block[8] as number
  let w9 = block[9] as number
  let w10 = block[10] as number
  let w11 = block[11] as number
  let w12 = block[12] as number
  let w13 = block[13] as number
  let w14 = block[14] as number
  let w15 = block[15] as number
  let s: number
  let t: number
  for (let i = 0; ; i += 16) {
    t = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    h = (h + t + (g ^ (e & (f ^ g))) + (ROUNDS[i] as number) + w0) | 0
    d = (d + h) | 0
    t = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    h = (h + t + ((a & b) | (c & (a | b)))) | 0
    t = ((d >>> 6) | (d << 26)) ^ ((d >>> 11) | (d << 21)) ^ ((d >>> 25) | (d << 7))
    g = (g + t + (f ^ (d & (e ^ f))) + (ROUNDS[i + 1] as number) + w1) | 0
    c = (c + g) | 0
    t = ((h >>> 2) | (h << 30)) ^ ((h >>> 13) | (h << 19)) ^ ((h >>> 22) | (h << 10))
    g = (g + t + ((h & a) | (b & (h | a)))) | 0
    t = ((c >>> 6) | (c << 26)) ^ ((c >>> 11) | (c << 21)) ^ ((c >>> 25) | (c << 7))
    f = (f + t + (e ^ (c & (d ^ e))) + (ROUNDS[i + 2] as number) + w2) | 0
    b = (b + f) | 0
    t = ((g >>> 2) | (g << 30)) ^ ((g >>> 13) | (g << 19)) ^ ((g >>> 22) | (g << 10))
    f = (f + t + ((g & h) | (a & (g | h)))) | 0
    t = ((b >>> 6) | (b << 26)) ^ ((b >>> 11) | (b << 21)) ^ ((b >>> 25) | (b << 7))
    e = (e + t + (d ^ (b & (c ^ d))) + (ROUNDS[i + 3] as number) + w3) | 0
    a = (a + e) | 0
    t = ((f >>> 2) | (f << 30)) ^ ((f >>> 13) | (f << 19)) ^ ((f >>> 22) | (f << 10))
    e = (e + t + ((f & g) | (h & (f | g)))) | 0
    t = ((a >>> 6) | (a << 26)) ^ ((a >>> 11) | (a << 21)) ^ ((a >>> 25) | (a << 7))
    d = (d + t + (c ^ (a & (b ^ c))) + (ROUNDS[i + 4] as number) + w4) | 0
    h = (h + d) | 0
    t = ((e >>> 2) | (e << 30)) ^ ((e >>> 13) | (e << 19)) ^ ((e >>> 22) | (e << 10))
    d = (d + t + ((e & f) | (g & (e | f)))) | 0
    t = ((h >>> 6) | (h << 26)) ^ ((h >>> 11) | (h << 21)) ^ ((h >>> 25) | (h << 7))
    c = (c + t + (b ^ (h & (a ^ b))) + (ROUNDS[i + 5] as number) + w5) | 0
    g = (g + c) | 0
    t = ((d >>> 2) | (d << 30)) ^ ((d >>> 13) | (d << 19)) ^ ((d >>> 22) | (d << 10))
    c = (c + t + ((d & e) | (f & (d | e)))) | 0
    t = ((g >>> 6) | (g << 26)) ^ ((g >>> 11) | (g << 21)) ^ ((g >>> 25) | (g << 7))
    b = (b + t + (a ^ (g & (h ^ a))) + (ROUNDS[i + 6] as number) + w6) | 0
    f = (f + b) | 0
    t = ((c >>> 2) | (c << 30)) ^ ((c >>> 13) | (c << 19)) ^ ((c >>> 22) | (c << 10))
    b = (b + t + ((c & d) | (e & (c | d)))) | 0
    t = ((f >>> 6) | (f << 26)) ^ ((f >>> 11) | (f << 21)) ^ ((f >>> 25) | (f << 7))
    a = (a + t + (h ^ (f & (g ^ h))) + (ROUNDS[i + 7] as number) + w7) | 0
    e = (e + a) | 0
    t = ((b >>> 2) | (b << 30)) ^ ((b >>> 13) | (b << 19)) ^ ((b >>> 22) | (b << 10))
    a = (a + t + ((b & c) | (d & (b | c)))) | 0
    t = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    h = (h + t + (g ^ (e & (f ^ g))) + (ROUNDS[i + 8] as number) + w8) | 0
    d = (d + h) | 0
    t = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    h = (h + t + ((a & b) | (c & (a | b)))) | 0
    t = ((d >>> 6) | (d << 26)) ^ ((d >>> 11) | (d << 21)) ^ ((d >>> 25) | (d << 7))
    g = (g + t + (f ^ (d & (e ^ f))) + (ROUNDS[i + 9] as number) + w9) | 0
    c = (c + g) | 0
    t = ((h >>> 2) | (h << 30)) ^ ((h >>> 13) | (h << 19)) ^ ((h >>> 22) | (h << 10))
    g = (g + t + ((h & a) | (b & (h | a)))) | 0
    t = ((c >>> 6) | (c << 26)) ^ ((c >>> 11) | (c << 21)) ^ ((c >>> 25) | (c << 7))
    f = (f + t + (e ^ (c & (d ^ e))) + (ROUNDS[i + 10] as number) + w10) | 0
    b = (b + f) | 0
    t = ((g >>> 2) | (g << 30)) ^ ((g >>> 13) | (g << 19)) ^ ((g >>> 22) | (g << 10))
    f = (f + t + ((g & h) | (a & (g | h)))) | 0
    t = ((b >>> 6) | (b << 26)) ^ ((b >>> 11) | (b << 21)) ^ ((b >>> 25) | (b << 7))
    e = (e + t + (d ^ (b & (c ^ d))) + (ROUNDS[i + 11] as number) + w11) | 0
    a = (a + e) | 0
    t = ((f >>> 2) | (f << 30)) ^ ((f >>> 13) | (f << 19)) ^ ((f >>> 22) | (f << 10))
    e = (e + t + ((f & g) | (h & (f | g)))) | 0
    t = ((a >>> 6) | (a << 26)) ^ ((a >>> 11) | (a << 21)) ^ ((a >>> 25) | (a << 7))
    d = (d + t + (c ^ (a & (b ^ c))) + (ROUNDS[i + 12] as number) + w12) | 0
    h = (h + d) | 0
    t = ((e >>> 2) | (e << 30)) ^ ((e >>> 13) | (e << 19)) ^ ((e >>> 22) | (e << 10))
    d = (d + t + ((e & f) | (g & (e | f)))) | 0
    t = ((h >>> 6) | (h << 26)) ^ ((h >>> 11) | (h << 21)) ^ ((h >>> 25) | (h << 7))
    c = (c + t + (b ^ (h & (a ^ b))) + (ROUNDS[i + 13] as number) + w13) | 0
    g = (g + c) | 0
    t = ((d >>> 2) | (d << 30)) ^ ((d >>> 13) | (d << 19)) ^ ((d >>> 22) | (d << 10))
    c = (c + t + ((d & e) | (f & (d | e)))) | 0
    t = ((g >>> 6) | (g << 26)) ^ ((g >>> 11) | (g << 21)) ^ ((g >>> 25) | (g << 7))
    b = (b + t + (a ^ (g & (h ^ a))) + (ROUNDS[i + 14] as number) + w14) | 0
    f = (f + b) | 0
    t = ((c >>> 2) | (c << 30)) ^ ((c >>> 13) | (c << 19)) ^ ((c >>> 22) | (c << 10))
    b = (b + t + ((c & d) | (e & (c | d)))) | 0
    t = ((f >>> 6) | (f << 26)) ^ ((f >>> 11) | (f << 21)) ^ ((f >>> 25) | (f << 7))
    a = (a + t + (h ^ (f & (g ^ h))) + (ROUNDS[i + 15] as number) + w15) | 0
    e = (e + a) | 0
    t = ((b >>> 2) | (b << 30)) ^ ((b >>> 13) | (b << 19)) ^ ((b >>> 22) | (b << 10))
    a = (a + t + ((b & c) | (d & (b | c)))) | 0
    if (i === 48) break
    s = ((w1 >>> 7) | (w1 << 25)) ^ ((w1 >>> 18) | (w1 << 14)) ^ (w1 >>> 3)
    t = ((w14 >>> 17) | (w14 << 15)) ^ ((w14 >>> 19) | (w14 << 13)) ^ (w14 >>> 10)
    w0 = (w0 + w9 + s + t) | 0
    s = ((w2 >>> 7) | (w2 << 25)) ^ ((w2 >>> 18) | (w2 << 14)) ^ (w2 >>> 3)
    t = ((w15 >>> 17) | (w15 << 15)) ^ ((w15 >>> 19) | (w15 << 13)) ^ (w15 >>> 10)
    w1 = (w1 + w10 + s + t) | 0
    s = ((w3 >>> 7) | (w3 << 25)) ^ ((w3 >>> 18) | (w3 << 14)) ^ (w3 >>> 3)
    t = ((w0 >>> 17) | (w0 << 15)) ^ ((w0 >>> 19) | (w0 << 13)) ^ (w0 >>> 10)
    w2 = (w2 + w11 + s + t) | 0
    s = ((w4 >>> 7) | (w4 << 25)) ^ ((w4 >>> 18) | (w4 << 14)) ^ (w4 >>> 3)
    t = ((w1 >>> 17) | (w1 << 15)) ^ ((w1 >>> 19) | (w1 << 13)) ^ (w1 >>> 10)
    w3 = (w3 + w12 + s + t) | 0
    s = ((w5 >>> 7) | (w5 << 25)) ^ ((w5 >>> 18) | (w5 << 14)) ^ (w5 >>> 3)
    t = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10)
    w4 = (w4 + w13 + s + t) | 0
    s = ((w6 >>> 7) | (w6 << 25)) ^ ((w6 >>> 18) | (w6 << 14)) ^ (w6 >>> 3)
    t = ((w3 >>> 17) | (w3 << 15)) ^ ((w3 >>> 19) | (w3 << 13)) ^ (w3 >>> 10)
    w5 = (w5 + w14 + s + t) | 0
    s = ((w7 >>> 7) | (w7 << 25)) ^ ((w7 >>> 18) | (w7 << 14)) ^ (w7 >>> 3)
    t = ((w4 >>> 17) | (w4 << 15)) ^ ((w4 >>> 19) | (w4 << 13)) ^ (w4 >>> 10)
    w6 = (w6 + w15 + s + t) | 0
    s = ((w8 >>> 7) | (w8 << 25)) ^ ((w8 >>> 18) | (w8 << 14)) ^ (w8 >>> 3)
    t = ((w5 >>> 17) | (w5 << 15)) ^ ((w5 >>> 19) | (w5 << 13)) ^ (w5 >>> 10)
    w7 = (w7 + w0 + s + t) | 0
    s = ((w9 >>> 7) | (w9 << 25)) ^ ((w9 >>> 18) | (w9 << 14)) ^ (w9 >>> 3)
    t = ((w6 >>> 17) | (w6 << 15)) ^ ((w6 >>> 19) | (w6 << 13)) ^ (w6 >>> 10)
    w8 = (w8 + w1 + s + t) | 0
    s = ((w10 >>> 7) | (w10 << 25)) ^ ((w10 >>> 18) | (w10 << 14)) ^ (w10 >>> 3)
    t = ((w7 >>> 17) | (w7 << 15)) ^ ((w7 >>> 19) | (w7 << 13)) ^ (w7 >>> 10)
    w9 = (w9 + w2 + s + t) | 0
    s = ((w11 >>> 7) | (w11 << 25)) ^ ((w11 >>> 18) | (w11 << 14)) ^ (w11 >>> 3)
    t = ((w8 >>> 17) | (w8 << 15)) ^ ((w8 >>> 19) | (w8 << 13)) ^ (w8 >>> 10)
    w10 = (w10 + w3 + s + t) | 0
    s = ((w12 >>> 7) | (w12 << 25)) ^ ((w12 >>> 18) | (w12 << 14)) ^ (w12 >>> 3)
    t = ((w9 >>> 17) | (w9 << 15)) ^ ((w9 >>> 19) | (w9 << 13)) ^ (w9 >>> 10)
    w11 = (w11 + w4 + s + t) | 0
    s = ((w13 >>> 7) | (w13 << 25)) ^ ((w13 >>> 18) | (w13 << 14)) ^ (w13 >>> 3)
    t = ((w10 >>> 17) | (w10 << 15)) ^ ((w10 >>> 19) | (w10 << 13)) ^ (w10 >>> 10)
    w12 = (w12 + w5 + s + t) | 0
    s = ((w14 >>> 7) | (w14 << 25)) ^ ((w14 >>> 18) | (w14 << 14)) ^ (w14 >>> 3)
    t = ((w11 >>> 17) | (w11 << 15)) ^ ((w11 >>> 19) | (w11 << 13)) ^ (w11 >>> 10)
    w13 = (w13 + w6 + s + t) | 0
    s = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3)
    t = ((w12 >>> 17) | (w12 << 15)) ^ ((w12 >>> 19) | (w12 << 13)) ^ (w12 >>> 10)
    w14 = (w14 + w7 + s + t) | 0
    s = ((w0 >>> 7) | (w0 << 25)) ^ ((w0 >>> 18) | (w0 << 14)) ^ (w0 >>> 3)
    t = ((w13 >>> 17) | (w13 << 15)) ^ ((w13 >>> 19) | (w13 << 13)) ^ (w13 >>> 10)
    w15 = (w15 + w8 + s + t) | 0
  }
  const digest = new Uint8Array(32)
  writeWord(digest, 0, a + (START[0] as number))
  writeWord(digest, 4, b + (START[1] as number))
  writeWord(digest, 8, c + (START[2] as number))
  writeWord(digest, 12, d + (START[3] as number))
  writeWord(digest, 16, e + (START[4] as number))
  writeWord(digest, 20, f + (START[5] as number))
  writeWord(digest, 24, g + (START[6] as number))
  writeWord(digest, 28, h + (START[7] as number))
  return digest
}

/** Writes the low 32 bits of a number, big-endian. */
function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}
