/** @module Instructions on the contract's own state: storage, transient storage, events, its end. */
import { addressOf } from './environment.ts'
import { charge, copyMemory, touchMemory } from './memory-access.ts'
import type { Operation } from './rules.ts'
import { fromWord, toWord, type Word } from './word.ts'

export const load: Operation = (rules, frame, stack, height) => {
  const key = fromWord(stack[height - 1] as Word)
  const { loadCost } = rules.schedule
  const halt = loadCost === undefined ? undefined : charge(frame, loadCost(frame, key))
  if (halt !== undefined) return halt
  stack[height - 1] = toWord(frame.host.load(key))
  return undefined
}

export const store: Operation = (rules, frame, stack, height) => {
  if (frame.isStatic) return 'static-violation'
  const key = fromWord(stack[height - 1] as Word)
  const value = fromWord(stack[height - 2] as Word)
  const { storeCost } = rules.schedule
  const halt = storeCost === undefined ? undefined : charge(frame, storeCost(frame, key, value))
  if (halt !== undefined) return halt
  frame.host.store(key, value)
  return undefined
}

export const loadTransient: Operation = (_rules, frame, stack, height) => {
  stack[height - 1] = toWord(frame.host.loadTransient(fromWord(stack[height - 1] as Word)))
  return undefined
}

export const storeTransient: Operation = (_rules, frame, stack, height) => {
  if (frame.isStatic) return 'static-violation'
  frame.host.storeTransient(fromWord(stack[height - 1] as Word), fromWord(stack[height - 2] as Word))
  return undefined
}

/** LOG0 to LOG4. */
export function logWith(topicCount: number): Operation {
  return (rules, frame, stack, height) => {
    if (frame.isStatic) return 'static-violation'
    const offset = stack[height - 1] as Word
    const size = stack[height - 2] as Word
    const halt =
      touchMemory(rules, frame, offset, size) ?? charge(frame, rules.schedule.logByte * (size as number))
    if (halt !== undefined) return halt
    const topics: bigint[] = []
    for (let index = 0; index < topicCount; index++) topics.push(fromWord(stack[height - 3 - index] as Word))
    frame.host.log(topics, copyMemory(frame, offset, size))
    return undefined
  }
}

export const selfDestruct: Operation = (rules, frame, stack, height) => {
  if (frame.isStatic) return 'static-violation'
  const beneficiary = addressOf(stack[height - 1] as Word)
  const { selfDestructCost } = rules.schedule
  const halt =
    selfDestructCost === undefined ? undefined : charge(frame, selfDestructCost(frame, beneficiary))
  if (halt !== undefined) return halt
  frame.host.selfDestruct(beneficiary)
  return frame.gas.left < 0 ? 'out-of-gas' : 'self-destruct'
}
