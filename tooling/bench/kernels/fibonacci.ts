/** Fibonacci numbers the slow way. Calls, and hardly anything else. */
import './exit'

export function invoke(rounds: u32): u32 {
  let sum: u32 = 0
  for (let i: u32 = 0; i < rounds; i++) sum += fibonacci(20 + (i & 1))
  return sum
}

function fibonacci(n: u32): u32 {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2)
}
