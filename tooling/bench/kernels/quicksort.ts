/** Sorts 4,096 numbers that look random. Branches that no processor foresees, and recursion. */
import './exit'

const COUNT: i32 = 4096
const NUMBERS = memory.data(16384)

export function invoke(rounds: u32): u32 {
  let seed: u32 = 1
  let sum: u32 = 0
  for (let i: u32 = 0; i < rounds; i++) {
    for (let j = 0; j < COUNT; j++) {
      seed = seed * 1664525 + 1013904223
      set(j, seed)
    }
    sort(0, COUNT - 1)
    sum ^= get(i & 4095)
  }
  return sum
}

function get(index: i32): u32 {
  return load<u32>(NUMBERS + (index << 2))
}

function set(index: i32, value: u32): void {
  store<u32>(NUMBERS + (index << 2), value)
}

function sort(first: i32, last: i32): void {
  if (first >= last) return
  const pivot = get((first + last) >> 1)
  let low = first
  let high = last
  while (low <= high) {
    while (get(low) < pivot) low++
    while (get(high) > pivot) high--
    if (low > high) break
    const value = get(low)
    set(low, get(high))
    set(high, value)
    low++
    high--
  }
  sort(first, high)
  sort(low, last)
}
