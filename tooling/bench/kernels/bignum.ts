/** Products of 1024-bit numbers, schoolbook, limb by limb with carries. 64-bit multiplication in nested loops. */
import './exit'

const LIMBS: u32 = 32
const A = memory.data(128)
const B = memory.data(128)
const PRODUCT = memory.data(256)

export function invoke(rounds: u32): u32 {
  for (let i: u32 = 0; i < LIMBS; i++) {
    store<u32>(A + i * 4, (i + 1) * 2654435761)
    store<u32>(B + i * 4, (i + 7) * 2246822519)
  }
  let sum: u32 = 0
  for (let i: u32 = 0; i < rounds * 16; i++) {
    store<u32>(A, i)
    multiply()
    sum ^= load<u32>(PRODUCT + (i & 63) * 4)
  }
  return sum
}

function multiply(): void {
  memory.fill(PRODUCT, 0, 256)
  for (let i: u32 = 0; i < LIMBS; i++) {
    const a = <u64>load<u32>(A + i * 4)
    let carry: u64 = 0
    for (let j: u32 = 0; j < LIMBS; j++) {
      const at = PRODUCT + (i + j) * 4
      const value = a * <u64>load<u32>(B + j * 4) + <u64>load<u32>(at) + carry
      store<u32>(at, <u32>value)
      carry = value >> 32
    }
    store<u32>(PRODUCT + (i + LIMBS) * 4, <u32>carry)
  }
}
