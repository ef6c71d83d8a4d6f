/** Products of 48x48 matrices, of i32 and of f64. Tight nested loops, and floats whose NaNs have to be canonical. */
import './exit'

const N: u32 = 48
const INTEGERS = memory.data(27648)
const FLOATS = memory.data(55296)

export function invoke(rounds: u32): u32 {
  for (let i: u32 = 0; i < 2 * N * N; i++) {
    store<i32>(INTEGERS + i * 4, i * 7 - 1000)
    store<f64>(FLOATS + i * 8, <f64>i * 0.5 - 100)
  }
  let sum: u32 = 0
  for (let i: u32 = 0; i < rounds; i++) {
    multiply<i32>(INTEGERS, 2)
    multiply<f64>(FLOATS, 3)
    sum += load<u32>(INTEGERS + (2 * N * N + (i % (N * N))) * 4)
    sum += <u32>(<i64>load<f64>(FLOATS + (2 * N * N + (i % (N * N))) * 8))
  }
  return sum
}

/** Three matrices in a row: the third becomes the product of the others. */
function multiply<T>(matrices: usize, shift: u32): void {
  const size = N * N
  for (let row: u32 = 0; row < N; row++) {
    for (let column: u32 = 0; column < N; column++) {
      let sum: T = <T>0
      for (let i: u32 = 0; i < N; i++) {
        const a = load<T>(matrices + ((row * N + i) << shift))
        const b = load<T>(matrices + ((size + i * N + column) << shift))
        sum += a * b
      }
      store<T>(matrices + ((2 * size + row * N + column) << shift), sum)
    }
  }
}
