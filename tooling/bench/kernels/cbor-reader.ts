/** Writes nested CBOR once, then reads it again and again by recursive descent. Short blocks, branches, calls, bytes. */
import './exit'

const LIMIT: u32 = 32768
const BUFFER = memory.data(32768)
/** Where the writer or the reader is. */
let at: u32 = 0

export function invoke(rounds: u32): u32 {
  at = 0
  array(512)
  for (let i: u32 = 0; i < 512; i++) {
    array(4)
    head(0, i * 2654435761)
    head(1, i)
    head(2, i & 31)
    for (let j: u32 = 0; j < (i & 31); j++) put(<u8>(i + j))
    array(2)
    head(0, i & 15)
    put(0xf6)
  }
  let sum: u32 = 0
  for (let i: u32 = 0; i < rounds; i++) {
    at = 0
    sum = sum * 31 + item(0)
  }
  return sum
}

function array(length: u32): void {
  head(4, length)
}

function put(byte: u8): void {
  store<u8>(BUFFER + at, byte)
  at++
}

function head(major: u8, value: u32): void {
  const first: u8 = <u8>(major << 5)
  if (value < 24) {
    put(first | <u8>value)
  } else if (value < 256) {
    put(first | 24)
    put(<u8>value)
  } else if (value < 65536) {
    put(first | 25)
    put(<u8>(value >> 8))
    put(<u8>value)
  } else {
    put(first | 26)
    put(<u8>(value >> 24))
    put(<u8>(value >> 16))
    put(<u8>(value >> 8))
    put(<u8>value)
  }
}

function next(): u32 {
  if (at >= LIMIT) unreachable()
  return load<u8>(BUFFER + at++)
}

function argument(info: u32): u32 {
  if (info < 24) return info
  if (info === 24) return next()
  if (info === 25) return (next() << 8) | next()
  if (info === 26) return (next() << 24) | (next() << 16) | (next() << 8) | next()
  unreachable()
  return 0
}

/** Reads one item, and gives a sum over what it holds. */
function item(depth: u32): u32 {
  if (depth > 16) unreachable()
  const first = next()
  const major = first >> 5
  const value = argument(first & 31)
  switch (major) {
    case 0:
      return value
    case 1:
      return ~value
    case 2: {
      let sum: u32 = 0
      for (let i: u32 = 0; i < value; i++) sum = (sum << 1) ^ next()
      return sum
    }
    case 4: {
      let sum: u32 = 1
      for (let i: u32 = 0; i < value; i++) sum = sum * 31 + item(depth + 1)
      return sum
    }
    default:
      return 7
  }
}
