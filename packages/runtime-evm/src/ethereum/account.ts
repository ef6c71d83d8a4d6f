import { Code } from '../interpreter/code.ts'

/** Code of whoever has none. */
export const NO_CODE: Code = new Code(new Uint8Array(0))

/** One slot of an account's storage. */
export interface Slot {
  readonly key: bigint
  value: bigint
  /** The value at the start of the transaction. */
  original: bigint
  /** Whether the transaction accessed it before. */
  isWarm: boolean
  /** Whether the state will look at it when the transaction ends. */
  isListed: boolean
}

/** An account, or what is at an address where none is. Changed by its state alone, which can take every change back. */
export class Account {
  readonly address: bigint
  nonce = 0n
  balance = 0n
  code: Code = NO_CODE
  readonly slots: Map<string, Slot> = new Map()
  readonly transient: Map<string, bigint> = new Map()
  /** Whether the state has it, as of the end of the transaction before. */
  isPresent = false
  isWarm = false
  /** Whether it vanishes at the end of the transaction if it is empty. */
  isTouched = false
  /** Whether this transaction created it as a contract. */
  isCreated = false
  isDestroyed = false

  constructor(address: bigint) {
    this.address = address
  }

  /** Empty by EIP-161, whether it is there or not. */
  get isEmpty(): boolean {
    return this.nonce === 0n && this.balance === 0n && this.code.bytes.length === 0
  }

  /** Whether any of its storage is not 0. */
  get hasStorage(): boolean {
    return this.slots.values().some((slot) => slot.value !== 0n)
  }

  /** A slot, which is there from now on. */
  slot(key: bigint): Slot {
    const name = nameOf(key)
    let slot = this.slots.get(name)
    if (slot === undefined) {
      slot = { key, value: 0n, original: 0n, isWarm: false, isListed: false }
      this.slots.set(name, slot)
    }
    return slot
  }
}

/** A word as a key of a map. Maps hash bigints by few of their bits, so that whoever chooses keys could make them collide; strings they hash whole. */
export function nameOf(word: bigint): string {
  return word.toString(32)
}
