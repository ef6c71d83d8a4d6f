import type { CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  addressEquals,
  CallTree,
  type TraceListener,
  toEthereumAddress,
} from '@troupe/hypervisor'
import { type Cid, cidEquals, cidKey, NodeCache } from '@troupe/ipld'
import { type Account, loadReceipts, storeReceipts, type Tipset, type Troupe } from 'troupe'
import { ConsoleReader } from 'troupe/ethereum'
import { RpcError } from './errors.ts'
import { ethereumAddressOfId } from './ethereum/address.ts'
import { type BlockView, loadBlockView } from './ethereum/block-view.ts'
import { Arrivals } from './filters/arrivals.ts'
import type { RpcLimits } from './limits.ts'
import { Snapshots } from './snapshots.ts'
import { type Hex, toHex, toQuantity } from './text/hex.ts'

/** Blocks that are kept decoded: tools ask for the last few again and again. */
const BLOCKS_KEPT = 64
const ID_LENGTH = 16
const INSTANCE_ID_LENGTH = 32

/** What a host is made of. */
export interface RpcHostParts {
  readonly vm: Troupe
  readonly limits: RpcLimits
  readonly clientVersion: string
  readonly now: () => number
  readonly onReset: () => void
  readonly onConsole: ((line: ConsoleLine) => void) | undefined
  /** Told of what fails while nobody asks for it. */
  readonly onFailure: (error: unknown) => void
}

/** A line that a contract has said to the console. */
export interface ConsoleLine {
  readonly text: string
  /** The contract, `0x` and 40 digits. */
  readonly contract: Hex
  /** Of the transaction; none for a call that was none. */
  readonly transactionHash: Hex | undefined
}

/** What methods work with. */
export class RpcHost {
  readonly vm: Troupe
  readonly limits: RpcLimits
  /** What `web3_clientVersion` says. */
  readonly clientVersion: string
  /** Milliseconds since some moment, for what expires. */
  readonly now: () => number
  /** Called where the chain begins anew. */
  readonly onReset: () => void
  /** Moments that can be returned to. */
  readonly snapshots: Snapshots
  /** Messages as they come. */
  readonly arrivals: Arrivals
  /** Names this host, and no other. */
  readonly instanceId: Hex = randomHex(INSTANCE_ID_LENGTH)
  /** Whether contracts' `console.log` is passed on. */
  isLogging = true
  /** Whether transactions of any address are taken without its signature. */
  impersonatesAll = false
  readonly #impersonated = new Map<string, Address>()
  readonly #onConsole: RpcHostParts['onConsole']
  readonly #onFailure: (error: unknown) => void
  readonly #console: ConsoleReader
  readonly #blocks = new NodeCache(BLOCKS_KEPT)
  readonly #stopConsole: () => void
  #noReceipts: string | undefined
  /** How far the next block was put off, after which block. */
  #delay: { readonly after: Cid; readonly epochs: bigint } | undefined

  constructor({ clientVersion, limits, now, onConsole, onFailure, onReset, vm }: RpcHostParts) {
    this.onReset = onReset
    this.vm = vm
    this.limits = limits
    this.snapshots = new Snapshots(vm, limits.snapshots)
    this.arrivals = new Arrivals(vm.pool, limits.logs)
    this.#onConsole = onConsole
    this.#onFailure = onFailure
    this.#console = new ConsoleReader(vm.crypto)
    this.#stopConsole =
      onConsole === undefined
        ? () => {}
        : vm.onMessage((outcome) => {
            for (const { hash, trace } of [outcome, ...outcome.queued]) this.#say(trace, hash as Hex)
          })
    this.clientVersion = clientVersion
    this.now = now
  }

  /** What messages of this chain are seen with. */
  get setting(): { readonly crypto: CryptoProvider; readonly chainId: bigint } {
    return { crypto: this.vm.crypto, chainId: this.vm.chain.rules.chainId }
  }

  /** A block, decoded. */
  block(tipset: Tipset): BlockView {
    const key = cidKey(tipset.edited?.position ?? tipset.cid)
    const known = this.#blocks.get(key) as BlockView | undefined
    if (known !== undefined) return known
    const view = loadBlockView(this.vm, tipset)
    this.#blocks.set(key, view)
    return view
  }

  /** Whether a block has no messages, and nothing was left to its end: its receipts tell without being read. */
  isEmpty(tipset: Tipset): boolean {
    const { blocks, rules } = this.vm.chain
    this.#noReceipts ??= cidKey(storeReceipts(blocks, rules.rules, []))
    return cidKey(tipset.receiptsRoot) === this.#noReceipts && this.vm.chain.queuedOf(tipset).length === 0
  }

  /** Whether a message of a block has emitted events: what a search for logs looks at first, because most have not. */
  hasEvents(tipset: Tipset): boolean {
    if (this.isEmpty(tipset)) return false
    const { chain } = this.vm
    const queued = chain.queuedOf(tipset).map(({ receipt }) => receipt)
    return [...loadReceipts(chain.blocks, chain.rules.rules, tipset.receiptsRoot), ...queued].some(
      ({ eventsRoot }) => eventsRoot != null,
    )
  }

  /** An account whose key is here. @throws {RpcError} rpc/unauthorized */
  account(address: Address): Account {
    const account = this.vm.accounts.find(({ delegated }) => addressEquals(delegated, address))
    if (account !== undefined) return account
    const name = toEthereumAddress(address, this.vm.crypto) ?? this.vm.format(address)
    throw new RpcError(
      'rpc/unauthorized',
      `the key of ${name} is not here, and it is not impersonated; eth_accounts lists the accounts`,
    )
  }

  /** Whether transactions of an address are taken without its signature. */
  isImpersonated(address: Address): boolean {
    if (this.#impersonated.has(address.key)) return true
    return (
      this.impersonatesAll && !this.vm.accounts.some(({ delegated }) => addressEquals(delegated, address))
    )
  }

  /** Begins or ends to take transactions of an address without its signature. `false` where that changes nothing. */
  impersonate(address: Address, isWanted: boolean): boolean {
    if (!isWanted) return this.#impersonated.delete(address.key)
    this.#impersonated.set(address.key, address)
    return true
  }

  /** All addresses that transactions are taken of without a signature. */
  get impersonated(): Address[] {
    return [...this.#impersonated.values()]
  }

  /** Puts off the next block: what is asked for before there is one adds up. @throws {TroupeError} chain/epochs */
  delayNextBlock(epochs: bigint): void {
    const { block, epoch } = this.vm.head
    const before = this.#delay !== undefined && cidEquals(this.#delay.after, block) ? this.#delay.epochs : 0n
    this.vm.nextEpoch = epoch + before + epochs
    this.#delay = { after: block, epochs: before + epochs }
  }

  /** Reads for someone who is told when there is something; who fails with it is told of by `onFailure`, and nothing else stops. */
  readLater<T>(run: () => T, tell: (value: T) => void): void {
    this.vm.read(run).then(tell).catch(this.#onFailure)
  }

  /** Does what may be a call of contracts, with a trace for what they say where somebody listens. */
  listening<T>(work: (options: { readonly trace?: TraceListener }) => T): T {
    if (this.#onConsole === undefined) return work({})
    const tree = new CallTree()
    try {
      const value = work({ trace: tree.listener })
      this.#say(tree, undefined)
      return value
    } catch (error) {
      // What is tried again has said nothing yet.
      if (error instanceof RpcError) this.#say(tree, undefined)
      throw error
    }
  }

  /** Listens to contracts no more. */
  close(): void {
    this.#stopConsole()
  }

  /** Passes on what contracts say. Calls of which somebody only wants the gas are not listened to. */
  #say(tree: CallTree, transactionHash: Hex | undefined): void {
    if (!this.isLogging) return
    const lines = this.#console.read(tree, this.limits.consoleLines)
    if (lines.length === 0) return
    const { head } = this.vm.chain
    this.readLater(
      () =>
        lines.map(({ actor, text }) => ({
          text,
          contract: ethereumAddressOfId(this.block(head).state, actor),
          transactionHash,
        })),
      (found) => {
        for (const line of found) this.#onConsole?.(line)
      },
    )
  }

  /** A new name for a filter or a subscription, which nobody guesses. It is a number, as go-ethereum's are, so that it has no zeros at its beginning. */
  newId(): Hex {
    return toQuantity(BigInt(randomHex(ID_LENGTH)))
  }

  /** Returns to the first block of the chain, and forgets what callers have made of it. */
  async reset(): Promise<void> {
    let first = this.vm.chain.head
    while (first.ancestor !== undefined) first = this.vm.chain.tipset(first.ancestor)
    await this.vm.checkout(first.cid)
    this.snapshots.clear()
    this.#impersonated.clear()
    this.impersonatesAll = false
    this.onReset()
  }
}

function randomHex(length: number): Hex {
  return toHex(globalThis.crypto.getRandomValues(new Uint8Array(length)))
}
