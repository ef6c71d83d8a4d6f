/** SHA-256's compression function over 64 blocks a round. Straight-line 32-bit arithmetic in a loop. */
import './exit'

const K = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
])
const BLOCKS: u32 = 64
const STATE = memory.data(32)
const W = memory.data(256)

export function invoke(rounds: u32): u32 {
  for (let i: u32 = 0; i < 8; i++) store<u32>(STATE + i * 4, 0x6a09e667 * (i + 1))
  for (let block: u32 = 0; block < rounds * BLOCKS; block++) compress(block)
  return load<u32>(STATE) ^ load<u32>(STATE, 28)
}

function compress(seed: u32): void {
  for (let i: u32 = 0; i < 16; i++) store<u32>(W + i * 4, seed * 2654435761 + i)
  for (let i: u32 = 16; i < 64; i++) {
    const at = W + i * 4
    const early = load<u32>(at - 60)
    const late = load<u32>(at - 8)
    const s0 = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >> 3)
    const s1 = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >> 10)
    store<u32>(at, load<u32>(at - 64) + s0 + load<u32>(at - 28) + s1)
  }
  let a = load<u32>(STATE)
  let b = load<u32>(STATE, 4)
  let c = load<u32>(STATE, 8)
  let d = load<u32>(STATE, 12)
  let e = load<u32>(STATE, 16)
  let f = load<u32>(STATE, 20)
  let g = load<u32>(STATE, 24)
  let h = load<u32>(STATE, 28)
  for (let i: u32 = 0; i < 64; i++) {
    const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)
    const one = h + s1 + ((e & f) ^ (~e & g)) + load<u32>(K + i * 4) + load<u32>(W + i * 4)
    const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)
    const two = s0 + ((a & b) ^ (a & c) ^ (b & c))
    h = g
    g = f
    f = e
    e = d + one
    d = c
    c = b
    b = a
    a = one + two
  }
  add(0, a)
  add(4, b)
  add(8, c)
  add(12, d)
  add(16, e)
  add(20, f)
  add(24, g)
  add(28, h)
}

function add(offset: u32, value: u32): void {
  store<u32>(STATE + offset, load<u32>(STATE + offset) + value)
}
