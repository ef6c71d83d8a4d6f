/** @module Instructions that ask for accounts, the transaction and the block. */

import { chargeWords } from './copying.ts'
import type { Frame, HaltKind } from './frame.ts'
import type { Host } from './host.ts'
import { charge, fillMemory, touchMemory } from './memory-access.ts'
import type { Operation, Rules } from './rules.ts'
import { fromWord, toWord, type Word } from './word.ts'

/** The address in the lowest 160 bits of a word. */
export function addressOf(word: Word): bigint {
  return BigInt.asUintN(160, BigInt(word))
}

/** What is pushed without operands. */
function push(read: (host: Host) => bigint): Operation {
  return (_rules, frame, stack, height) => {
    stack[height] = toWord(read(frame.host))
    return undefined
  }
}

/** What an operand asks for. */
function ask(read: (host: Host, operand: bigint) => bigint): Operation {
  return (_rules, frame, stack, height) => {
    stack[height - 1] = toWord(read(frame.host, fromWord(stack[height - 1] as Word)))
    return undefined
  }
}

/** What is asked of another account. */
function askAccount(read: (host: Host, address: bigint) => bigint | number): Operation {
  return (rules, frame, stack, height) => {
    const address = addressOf(stack[height - 1] as Word)
    const halt = chargeAccount(rules, frame, address)
    if (halt !== undefined) return halt
    const answer = read(frame.host, address)
    stack[height - 1] = typeof answer === 'number' ? answer : toWord(answer)
    return undefined
  }
}

function chargeAccount(rules: Rules, frame: Frame, address: bigint): HaltKind | undefined {
  const { accountCost } = rules.schedule
  return accountCost === undefined ? undefined : charge(frame, accountCost(frame, address))
}

export const balance: Operation = askAccount((host, address) => host.balance(address))
export const externalCodeSize: Operation = askAccount((host, address) => host.codeSize(address))
export const externalCodeHash: Operation = askAccount((host, address) => host.codeHash(address))

export const externalCodeCopy: Operation = (rules, frame, stack, height) => {
  const address = addressOf(stack[height - 1] as Word)
  const offset = stack[height - 2] as Word
  const size = stack[height - 4] as Word
  const halt =
    touchMemory(rules, frame, offset, size) ??
    chargeWords(frame, rules.schedule.copyWord, size) ??
    chargeAccount(rules, frame, address)
  if (halt !== undefined) return halt
  fillMemory(frame, offset, size, frame.host.code(address), stack[height - 3] as Word)
  return undefined
}

export const origin: Operation = push((host) => host.origin())
export const gasPrice: Operation = push((host) => host.gasPrice())
export const coinbase: Operation = push((host) => host.coinbase())
export const timestamp: Operation = push((host) => host.timestamp())
export const blockNumber: Operation = push((host) => host.blockNumber())
export const prevRandao: Operation = push((host) => host.prevRandao())
export const blockGasLimit: Operation = push((host) => host.blockGasLimit())
export const chainId: Operation = push((host) => host.chainId())
export const selfBalance: Operation = push((host) => host.selfBalance())
export const baseFee: Operation = push((host) => host.baseFee())
export const blobBaseFee: Operation = push((host) => host.blobBaseFee())
export const gasLeft: Operation = push((host) => host.gasLeft())
export const blockHash: Operation = ask((host, number) => host.blockHash(number))
export const blobHash: Operation = ask((host, index) => host.blobHash(index))

export const ownAddress: Operation = (_rules, frame, stack, height) => {
  stack[height] = toWord(frame.address)
  return undefined
}
export const caller: Operation = (_rules, frame, stack, height) => {
  stack[height] = toWord(frame.caller)
  return undefined
}
