/** @module Instructions that call and create other contracts. */
import { chargeWords } from './copying.ts'
import { addressOf } from './environment.ts'
import type { Frame, HaltKind } from './frame.ts'
import type { CallKind, CallOutcome } from './host.ts'
import { charge, copyMemory, touchMemory } from './memory-access.ts'
import type { Operation, Rules } from './rules.ts'
import { fromWord, LARGEST_SMALL, toWord, type Word } from './word.ts'

const NO_DATA = new Uint8Array(0)

/** CALL and CALLCODE have a value, DELEGATECALL and STATICCALL do not. */
function callWith(kind: CallKind): Operation {
  const operands = kind === 'call' || kind === 'callcode' ? 7 : 6
  return (rules, frame, stack, height) => {
    const value = operands === 7 ? fromWord(stack[height - 3] as Word) : 0n
    if (frame.isStatic && value !== 0n && kind === 'call') return 'static-violation'
    const bottom = height - operands
    const inputOffset = stack[bottom + 3] as Word
    const inputSize = stack[bottom + 2] as Word
    const outputOffset = stack[bottom + 1] as Word
    const outputSize = stack[bottom] as Word
    const { schedule } = rules
    // Filecoin's actor makes room for the output only when it is there, which nobody can tell where memory is free.
    const halt =
      touchMemory(rules, frame, inputOffset, inputSize) ??
      (schedule.memory === undefined ? undefined : touchMemory(rules, frame, outputOffset, outputSize))
    if (halt !== undefined) return halt

    const address = addressOf(stack[height - 2] as Word)
    if (schedule.callCost !== undefined) {
      const unpaid = charge(frame, schedule.callCost(frame, kind, address, value))
      if (unpaid !== undefined) return unpaid
    }
    const requested = stack[height - 1] as Word
    let gas = typeof requested === 'number' && requested >= 0 ? requested : LARGEST_SMALL
    if (schedule.callGas !== undefined) {
      gas = schedule.callGas(frame, requested) + (value === 0n ? 0 : schedule.callStipend)
    }

    const input = copyMemory(frame, inputOffset, inputSize)
    const outcome = frame.host.call({ kind, gas, address, value, input })
    frame.returnData = outcome.output
    stack[bottom] = outcome.isSuccess ? 1 : 0
    return takeOutput(rules, frame, outcome, outputOffset, outputSize)
  }
}

/** Puts what a call returned into memory, as far as there is room for it; what it does not reach stays. */
function takeOutput(
  rules: Rules,
  frame: Frame,
  { output }: CallOutcome,
  offset: Word,
  size: Word,
): HaltKind | undefined {
  const halt = touchMemory(rules, frame, offset, size)
  if (halt !== undefined || size === 0 || output.length === 0) return halt
  const part = output.length > (size as number) ? output.subarray(0, size as number) : output
  frame.memory.bytes.set(part, offset as number)
  return undefined
}

export const call: Operation = callWith('call')
export const callCode: Operation = callWith('callcode')
export const delegateCall: Operation = callWith('delegatecall')
export const staticCall: Operation = callWith('staticcall')

/** CREATE, and CREATE2, which has a salt and hashes the code. */
function createWith(hasSalt: boolean): Operation {
  return (rules, frame, stack, height) => {
    if (frame.isStatic) return 'static-violation'
    const offset = stack[height - 2] as Word
    const size = stack[height - 3] as Word
    const { schedule } = rules
    const perWord = schedule.initCodeWord + (hasSalt ? schedule.keccakWord : 0)
    if (isAbove(size, schedule.initCodeLimit)) return 'init-code-limit'
    const halt = touchMemory(rules, frame, offset, size) ?? chargeWords(frame, perWord, size)
    if (halt !== undefined) return halt
    const gas = schedule.createGas === undefined ? frame.gas.left : schedule.createGas(frame)
    const salt = hasSalt ? fromWord(stack[height - 4] as Word) : undefined
    const code = copyMemory(frame, offset, size)
    const outcome = frame.host.create({ salt, gas, value: fromWord(stack[height - 1] as Word), code })
    frame.returnData = outcome.output.length === 0 ? NO_DATA : outcome.output
    stack[height - (hasSalt ? 4 : 3)] = toWord(outcome.address)
    return undefined
  }
}

/** Whether a word without sign is above a limit, which may be `Infinity`. */
function isAbove(word: Word, limit: number): boolean {
  return typeof word === 'number' && word >= 0 ? word > limit : limit !== Infinity
}

export const create: Operation = createWith(false)
export const create2: Operation = createWith(true)
