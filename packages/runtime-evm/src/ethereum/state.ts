import { Code } from '../interpreter/code.ts'
import { Account, nameOf, type Slot } from './account.ts'

/** An event of a contract. */
export interface EthereumLog {
  readonly address: bigint
  readonly topics: readonly bigint[]
  readonly data: Uint8Array
}

/** RIPEMD160: once it was touched, it stays touched, though the call that did so is undone. Mainnet did so in block 2,675,119, and all follow it. */
const STAYS_TOUCHED = 0x03n

/**
 * All accounts of a world, in memory, and what belongs to the transaction that runs: logs, refunds, what was accessed, transient storage. Every change can be
 * taken back to a {@link snapshot}.
 */
export class EthereumState {
  readonly #accounts = new Map<string, Account>()
  readonly #undo: (() => void)[] = []
  /** What the end of the transaction must look at; may name what was taken back since. */
  #listed: Account[] = []
  #listedSlots: Slot[] = []
  /** Logs of the transaction that runs, or ran last. */
  logs: EthereumLog[] = []
  /** Gas to give back at the end of the transaction. */
  refund = 0

  /** The account at an address, which may be none. */
  account(address: bigint): Account {
    const name = nameOf(address)
    let account = this.#accounts.get(name)
    if (account === undefined) {
      account = new Account(address)
      this.#accounts.set(name, account)
    }
    return account
  }

  /** All accounts that are there. */
  accounts(): IteratorObject<Account> {
    return this.#accounts.values().filter((account) => account.isPresent)
  }

  /** Puts an account into the state, as it was before any transaction. */
  put(
    address: bigint,
    fields: {
      nonce: bigint
      balance: bigint
      code: Uint8Array
      storage: Iterable<readonly [bigint, bigint]>
    },
  ): void {
    const account = this.account(address)
    account.nonce = fields.nonce
    account.balance = fields.balance
    account.code = new Code(fields.code)
    account.isPresent = true
    for (const [key, value] of fields.storage) {
      const slot = account.slot(key)
      slot.value = value
      slot.original = value
    }
  }

  /** A point to go back to. */
  snapshot(): number {
    return this.#undo.length
  }

  /** Takes back all changes since a snapshot. */
  revert(snapshot: number): void {
    while (this.#undo.length > snapshot) this.#undo.pop()?.()
  }

  setBalance(account: Account, balance: bigint): void {
    const { balance: before } = account
    this.#undo.push(() => {
      account.balance = before
    })
    account.balance = balance
    this.touch(account)
  }

  setNonce(account: Account, nonce: bigint): void {
    const { nonce: before } = account
    this.#undo.push(() => {
      account.nonce = before
    })
    account.nonce = nonce
    this.touch(account)
  }

  setCode(account: Account, code: Code): void {
    const { code: before } = account
    this.#undo.push(() => {
      account.code = before
    })
    account.code = code
  }

  setSlot(slot: Slot, value: bigint): void {
    const { value: before } = slot
    this.#undo.push(() => {
      slot.value = before
    })
    slot.value = value
    this.#listSlot(slot)
  }

  setTransient(account: Account, key: bigint, value: bigint): void {
    const name = nameOf(key)
    const before = account.transient.get(name) ?? 0n
    this.#undo.push(() => account.transient.set(name, before))
    account.transient.set(name, value)
    this.#listed.push(account)
  }

  /** Says whether an account was warm, and makes it so. */
  warm(account: Account): boolean {
    if (account.isWarm) return true
    account.isWarm = true
    this.#listed.push(account)
    this.#undo.push(() => {
      account.isWarm = false
    })
    return false
  }

  /** Says whether a slot was warm, and makes it so. */
  warmSlot(slot: Slot): boolean {
    if (slot.isWarm) return true
    slot.isWarm = true
    this.#listSlot(slot)
    this.#undo.push(() => {
      slot.isWarm = false
    })
    return false
  }

  touch(account: Account): void {
    if (account.isTouched) return
    account.isTouched = true
    this.#listed.push(account)
    if (account.address === STAYS_TOUCHED) return
    this.#undo.push(() => {
      account.isTouched = false
    })
  }

  markCreated(account: Account): void {
    if (account.isCreated) return
    account.isCreated = true
    this.touch(account)
    this.#undo.push(() => {
      account.isCreated = false
    })
  }

  markDestroyed(account: Account): void {
    if (account.isDestroyed) return
    account.isDestroyed = true
    this.touch(account)
    this.#undo.push(() => {
      account.isDestroyed = false
    })
  }

  addRefund(amount: number): void {
    this.refund += amount
    this.#undo.push(() => {
      this.refund -= amount
    })
  }

  log(log: EthereumLog): void {
    this.logs.push(log)
    this.#undo.push(() => this.logs.pop())
  }

  /** Begins a transaction: forgets the logs and refunds of the one before. */
  begin(): void {
    this.logs = []
    this.refund = 0
  }

  /** Ends a transaction: what was destroyed goes, and so does what was touched and is empty; nothing can be taken back any more. */
  finish(): void {
    this.#undo.length = 0
    for (const account of this.#listed) {
      if (account.isTouched) account.isPresent = !account.isEmpty
      if (account.isDestroyed) this.#accounts.delete(nameOf(account.address))
      account.isTouched = false
      account.isWarm = false
      account.isCreated = false
      account.transient.clear()
    }
    for (const slot of this.#listedSlots) {
      slot.original = slot.value
      slot.isWarm = false
      slot.isListed = false
    }
    this.#listed = []
    this.#listedSlots = []
  }

  #listSlot(slot: Slot): void {
    if (slot.isListed) return
    slot.isListed = true
    this.#listedSlots.push(slot)
  }
}
