/** @module Making memory long enough, and paying for it. */
import { EvmError } from '../errors.ts'
import type { Frame, HaltKind } from './frame.ts'
import type { Rules } from './rules.ts'
import type { Word } from './word.ts'

/** Offsets, sizes and ends fit 32 bits. */
const ADDRESS_LIMIT = 0xffff_ffff

/** Takes gas from a frame; says `out-of-gas` where there is not as much. */
export function charge(frame: Frame, cost: number): HaltKind | undefined {
  const left = frame.gas.left - cost
  if (left < 0) return 'out-of-gas'
  frame.gas.left = left
  return undefined
}

/** How many words of 32 bytes hold as many bytes. */
export function wordCount(bytes: number): number {
  return Math.ceil(bytes / 32)
}

/** Whether a word is an offset, a size or an end. */
function isAddress(word: Word): word is number {
  return typeof word === 'number' && word >= 0 && word <= ADDRESS_LIMIT
}

/**
 * Makes memory long enough for `size` bytes from `offset` on, which are numbers after it where it finds nothing wrong and `size` is not 0. Nothing is
 * touched of size 0, wherever it is.
 */
export function touchMemory(rules: Rules, frame: Frame, offset: Word, size: Word): HaltKind | undefined {
  if (size === 0) return undefined
  if (!isAddress(size) || !isAddress(offset)) return 'illegal-memory'
  const end = offset + size
  if (end <= frame.memory.length) return undefined
  if (end > ADDRESS_LIMIT) return 'illegal-memory'
  return growMemory(rules, frame, end)
}

function growMemory(rules: Rules, frame: Frame, end: number): HaltKind | undefined {
  const { memory } = frame
  const { schedule } = rules
  const words = wordCount(end)
  const length = words * 32
  if (length > schedule.memoryLimit) return 'memory-limit'
  let cost = 0
  if (schedule.memory !== undefined) {
    const { linear, quadraticDivisor } = schedule.memory
    const before = memory.length / 32
    cost =
      linear * (words - before) +
      Math.floor((words * words) / quadraticDivisor) -
      Math.floor((before * before) / quadraticDivisor)
  }
  const halt =
    charge(frame, cost) ??
    // What nobody has paid for is not asked for either.
    (schedule.memoryGrowth === undefined
      ? undefined
      : charge(frame, schedule.memoryGrowth(frame, memory.length, length)))
  if (halt !== undefined) return halt
  try {
    memory.grow(length)
  } catch (cause) {
    throw new EvmError('host/memory-exhausted', `no host memory for ${length} bytes`, { cause })
  }
  return undefined
}

/** A copy of memory that was made long enough. */
export function copyMemory(frame: Frame, offset: Word, size: Word): Uint8Array {
  return size === 0
    ? new Uint8Array(0)
    : frame.memory.bytes.slice(offset as number, (offset as number) + (size as number))
}

/** Copies `size` bytes from `source` on into memory that was made long enough; bytes go on with zeros. */
export function fillMemory(frame: Frame, offset: Word, size: Word, bytes: Uint8Array, source: Word): void {
  if (size === 0) return
  const start = offset as number
  const end = start + (size as number)
  const from = typeof source === 'number' && source >= 0 && source < bytes.length ? source : bytes.length
  const part = bytes.subarray(from, from + (size as number))
  frame.memory.bytes.set(part, start)
  if (part.length < (size as number)) frame.memory.bytes.fill(0, start + part.length, end)
}
