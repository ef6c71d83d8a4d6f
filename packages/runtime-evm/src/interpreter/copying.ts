/** @module Instructions that read and copy many bytes: hashes, input, code, return data, memory. */
import type { Frame, HaltKind } from './frame.ts'
import { charge, fillMemory, touchMemory, wordCount } from './memory-access.ts'
import type { Operation, Rules } from './rules.ts'
import { fromWord, type Word } from './word.ts'
import { readWord } from './word-bytes.ts'

export const keccak: Operation = (rules, frame, stack, height) => {
  const offset = stack[height - 1] as Word
  const size = stack[height - 2] as Word
  const halt = touchMemory(rules, frame, offset, size) ?? chargeWords(frame, rules.schedule.keccakWord, size)
  if (halt !== undefined) return halt
  const start = size === 0 ? 0 : (offset as number)
  const data = frame.memory.bytes.subarray(start, start + (size as number))
  rules.scratch.set(frame.host.keccak256?.(data) ?? rules.keccak256(data))
  stack[height - 2] = readWord(rules.scratchView, 0)
  return undefined
}

export const callDataCopy: Operation = (rules, frame, stack, height) =>
  copy(rules, frame, stack, height, frame.input)

export const codeCopy: Operation = (rules, frame, stack, height) =>
  copy(rules, frame, stack, height, frame.code.bytes)

/** Takes from the top of the stack: where to in memory, where from in the bytes, and how many. */
function copy(
  rules: Rules,
  frame: Frame,
  stack: Word[],
  height: number,
  bytes: Uint8Array,
): HaltKind | undefined {
  const offset = stack[height - 1] as Word
  const size = stack[height - 3] as Word
  const halt = touchMemory(rules, frame, offset, size) ?? chargeWords(frame, rules.schedule.copyWord, size)
  if (halt !== undefined) return halt
  fillMemory(frame, offset, size, bytes, stack[height - 2] as Word)
  return undefined
}

export const returnDataCopy: Operation = (rules, frame, stack, height) => {
  const end = fromWord(stack[height - 2] as Word) + fromWord(stack[height - 3] as Word)
  if (end > frame.returnData.length) return 'return-data-bounds'
  return copy(rules, frame, stack, height, frame.returnData)
}

export const memoryCopy: Operation = (rules, frame, stack, height) => {
  const target = stack[height - 1] as Word
  const source = stack[height - 2] as Word
  const size = stack[height - 3] as Word
  const halt =
    touchMemory(rules, frame, source, size) ??
    touchMemory(rules, frame, target, size) ??
    chargeWords(frame, rules.schedule.copyWord, size)
  if (halt !== undefined || size === 0) return halt
  const start = source as number
  frame.memory.bytes.copyWithin(target as number, start, start + (size as number))
  return undefined
}

/** Takes what bytes cost by word; they were found to fit memory before, or are none. */
export function chargeWords(frame: Frame, cost: number, size: Word): HaltKind | undefined {
  return charge(frame, cost * wordCount(size as number))
}
