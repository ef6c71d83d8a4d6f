/** @module What of the state a message had to do with: actors, and words of contracts' storage. */
import {
  type ActorId,
  type Address,
  type CallFrame,
  type CallTree,
  type ExecutionStep,
  ethereumAddress,
  type StepListener,
} from '@troupe/hypervisor'
import { RpcError } from '../errors.ts'
import { fromHex, toWord } from '../text/hex.ts'

/** What was touched. */
export interface TouchedState {
  readonly actors: ReadonlySet<ActorId>
  /** Accounts that code has looked at, which may be no actors. */
  readonly addresses: readonly Address[]
  /** Words of storage by contract. `undefined` where code was run by an actor that does not tell its steps: which words it read nobody knows. */
  readonly words: ReadonlyMap<ActorId, ReadonlySet<bigint>> | undefined
}

const SLOAD = 0x54
const SSTORE = 0x55
/** BALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH, SELFDESTRUCT: the address is on top of the stack. */
const LOOKS_AT = new Set([0x31, 0x3b, 0x3c, 0x3f, 0xff])
/** Digits of an address, at the end of a word. */
const ADDRESS_DIGITS = 40

/** Watches one message. */
export class TouchCollector {
  readonly #words = new Map<ActorId, Set<bigint>>()
  readonly #addresses = new Map<string, Address>()
  #left: number
  #hasSteps = false

  /** @param limit words and addresses that are told at most */
  constructor(limit: number) {
    this.#left = limit
  }

  /** Hand this to whoever executes. */
  readonly listener: StepListener = (step) => this.#take(step)

  /** What the message has touched. @param isContractRun whether code of contracts was run */
  touched(trace: CallTree, isContractRun: boolean): TouchedState {
    return {
      actors: actorsOf(trace),
      addresses: [...this.#addresses.values()],
      words: isContractRun && !this.#hasSteps ? undefined : this.#words,
    }
  }

  #take({ actor, opcode, stack }: ExecutionStep): void {
    this.#hasSteps = true
    if (opcode !== SLOAD && opcode !== SSTORE && !LOOKS_AT.has(opcode)) return
    const top = stack().at(-1)
    if (top === undefined) return
    if (opcode === SLOAD || opcode === SSTORE) {
      const words = this.#words.get(actor) ?? new Set()
      this.#words.set(actor, words)
      if (!words.has(top)) this.#pay()
      words.add(top)
      return
    }
    const address = ethereumAddress(fromHex(toWord(top).slice(-ADDRESS_DIGITS)) as Uint8Array)
    if (!this.#addresses.has(address.key)) this.#pay()
    this.#addresses.set(address.key, address)
  }

  #pay(): void {
    if (this.#left-- === 0)
      throw new RpcError('rpc/limit', 'the transaction touches more words of storage than are told at once')
  }
}

function actorsOf({ roots }: CallTree): Set<ActorId> {
  const touched = new Set<ActorId>()
  const visit = ({ actor, call, calls }: CallFrame): void => {
    touched.add(call.from)
    if (actor !== undefined) touched.add(actor)
    calls.forEach(visit)
  }
  roots.forEach(visit)
  return touched
}
