/** A stack machine that runs a loop of a dozen instructions. One branch table after the other: metering's worst case. */
import './exit'

const STACK = memory.data(256)
/** Counts down from the argument: push, duplicate, multiply, add, xor, ... until the counter is zero. */
const CODE = memory.data<u8>([0, 3, 1, 4, 2, 7, 6, 5, 1, 6, 3, 8, 9])

export function invoke(rounds: u32): u32 {
  let sum: u32 = 0
  for (let i: u32 = 0; i < rounds; i++) sum = sum * 31 + run(1000, i)
  return sum
}

function run(count: u32, seed: u32): u32 {
  let counter = count
  let accumulator = seed
  let top: u32 = 0
  let pc: u32 = 0
  while (true) {
    const op = load<u8>(CODE + pc++)
    switch (op) {
      case 0:
        store<u32>(STACK, accumulator)
        top = 4
        break
      case 1:
        store<u32>(STACK + top, load<u32>(STACK + top - 4))
        top += 4
        break
      case 2:
        top -= 4
        store<u32>(STACK + top - 4, load<u32>(STACK + top - 4) * load<u32>(STACK + top))
        break
      case 3:
        accumulator += counter
        break
      case 4:
        store<u32>(STACK + top, counter)
        top += 4
        break
      case 5:
        store<u32>(STACK + top - 4, rotl<u32>(load<u32>(STACK + top - 4), 5))
        break
      case 6:
        accumulator ^= load<u32>(STACK + top - 4)
        break
      case 7:
        accumulator = accumulator * 5 + 1
        break
      case 8:
        counter--
        if (counter !== 0) pc = 0
        break
      case 9:
        return accumulator
      default:
        unreachable()
    }
  }
  return 0
}
