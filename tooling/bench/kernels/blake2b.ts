/** BLAKE2b's mixing, 12 rounds a block over 64 blocks a round. Straight-line 64-bit arithmetic. */
import './exit'

const BLOCKS: u32 = 64
const V = memory.data(128)
const M = memory.data(128)

export function invoke(rounds: u32): u32 {
  for (let i: u32 = 0; i < 16; i++) {
    store<u64>(V + i * 8, 0x6a09e667f3bcc908 * <u64>(i + 1))
    store<u64>(M + i * 8, 0x9e3779b97f4a7c15 * <u64>(i + 3))
  }
  for (let block: u32 = 0; block < rounds * BLOCKS; block++) {
    store<u64>(M, <u64>block)
    for (let round: u32 = 0; round < 12; round++) {
      mix(0, 32, 64, 96, round)
      mix(8, 40, 72, 104, round + 2)
      mix(16, 48, 80, 112, round + 4)
      mix(24, 56, 88, 120, round + 6)
      mix(0, 40, 80, 120, round + 8)
      mix(8, 48, 88, 96, round + 10)
      mix(16, 56, 64, 104, round + 12)
      mix(24, 32, 72, 112, round + 14)
    }
  }
  return <u32>load<u64>(V)
}

@inline
function mix(a: u32, b: u32, c: u32, d: u32, word: u32): void {
  let va = load<u64>(V + a)
  let vb = load<u64>(V + b)
  let vc = load<u64>(V + c)
  let vd = load<u64>(V + d)
  va += vb + load<u64>(M + ((word & 15) << 3))
  vd = rotr<u64>(vd ^ va, 32)
  vc += vd
  vb = rotr<u64>(vb ^ vc, 24)
  va += vb + load<u64>(M + (((word + 1) & 15) << 3))
  vd = rotr<u64>(vd ^ va, 16)
  vc += vd
  vb = rotr<u64>(vb ^ vc, 63)
  store<u64>(V + a, va)
  store<u64>(V + b, vb)
  store<u64>(V + c, vc)
  store<u64>(V + d, vd)
}
