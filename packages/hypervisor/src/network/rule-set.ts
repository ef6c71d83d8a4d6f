import type { LinkScan } from '@troupe/ipld'
import type { Syscall } from '../abi/types.ts'
import type { PriceList } from '../gas/prices/price-list.ts'
import type { AbstractAccountRules } from './abstract-accounts.ts'
import type { EthereumGasRules } from './ethereum-gas.ts'
import type { MessageQueueRules } from './message-queue.ts'
import type { UserActorRules } from './user-actors.ts'
import type { WasmRules } from './wasm-rules.ts'

/**
 * A mistake that one network has made up to an epoch, and that stays valid there: a proof whose first part is of this kind is verified as one
 * of another kind, and so found invalid.
 */
export interface MisjudgedPost {
  readonly chainId: bigint
  readonly lastEpoch: bigint
  /** Number of the kind of proof. */
  readonly postProof: bigint
  /** Number of the kind that it is taken for. */
  readonly takenFor: bigint
}

/**
 * Everything in which network versions differ. The core asks these fields, never a version number.
 *
 * Sources: ref-fvm release/v2 (network versions 15 to 17), release/v3 (18 to 20), master (21 to 28).
 */
export interface RuleSet {
  /** Names the rule set in reports and cache keys: `nv17`, ... */
  readonly name: string
  readonly networkVersion: number
  readonly generation: 2 | 3 | 4
  readonly prices: PriceList
  readonly syscalls: readonly Syscall[]
  readonly wasm: WasmRules

  /** Versions of the state root that are accepted; the version read is the version written. */
  readonly stateRootVersions: readonly number[]
  /** Fields of an actor's record: 4, or 5 with the delegated address. */
  readonly actorStateArity: 4 | 5
  /** Fields of a receipt: 3, or 4 with the events root. */
  readonly receiptArity: 3 | 4
  /** Block codecs that an actor may open and create, and that a flush follows. */
  readonly blockCodecs: readonly number[]
  /** Codecs that a flush accepts. */
  readonly flushCodecs: readonly number[]
  /** How strictly a flush looks for links. */
  readonly flushLinks: LinkScan
  /** Whether blocks that the flushed root does not reach stay in the write buffer. */
  readonly flushKeepsUnreachable: boolean
  /** Whether opening a machine puts the empty tuple, the state of a new actor, into the store. */
  readonly storesEmptyTuple: boolean
  /** Most bytes of a block that an actor creates; `undefined` for no limit. */
  readonly maximumBlockSize: number | undefined
  /**
   * Whether an invocation may open and link only what it can reach: its state, the links in what it was given and in what it opened, and
   * what it linked itself. New blocks are then scanned for links.
   */
  readonly tracksLinks: boolean
  /** Codec that message parameters are given to the receiver with. */
  readonly parametersCodec: number
  /** Codec of the parameters of a plain value transfer. */
  readonly sendParametersCodec: number

  /** Names that the manifest must have. */
  readonly requiredActors: readonly string[]
  /** Whether there are f4 addresses, placeholders and Ethereum accounts. */
  readonly delegatedAddresses: boolean
  /** Levels of calls in one message, the top one counted. */
  readonly maximumCallDepth: number
  /** Whether the receiver's address is looked up before the call, so that a state in which that fails gives no receipt. */
  readonly looksUpReceiverFirst: boolean
  /** Bytes of memory that all instances of one message share; `undefined` for no limit. */
  readonly maximumMemoryBytes: number | undefined
  /** Whether a call that fails the depth test leaves its gas limit in force (a quirk of generation 3). */
  readonly depthFailureKeepsGasLimit: boolean
  /** Whether an invocation that fails can return a block. */
  readonly failuresReturnData: boolean
  /** Where the return value of a message is charged: around the whole message, on success; or within any invocation at depth one. */
  readonly returnChargedBy: 'message' | 'invocation'
  /** Whether every call is charged before value moves; otherwise only calls that run code are, after. */
  readonly callsChargedFirst: boolean
  /** Whether creating an account is charged before its address is looked at. */
  readonly creationChargedFirst: boolean
  /** Whether the address of a new actor is made from the origin's key address (and resolved for that), or from the origin as written. */
  readonly newAddressFromKeyAddress: boolean
  /** Whether `vm.abort` refuses the exit codes of the system, 0 among them. */
  readonly abortRefusesSystemCodes: boolean
  /** Whether an actor that ends itself with exit code 0 has succeeded; otherwise a message cannot end so, and has no receipt. */
  readonly exitsCanSucceed: boolean
  /** Whether an unknown hash function is charged before it is refused. */
  readonly hashChargedFirst: boolean
  /** Whether `crypto.verify_signature` resolves f0 and f2 signers to the keys of their accounts. */
  readonly resolvesSigners: boolean
  /** Whether the gas that the extern reports for a consensus fault is charged too. */
  readonly chargesConsensusFaultExtern: boolean
  /** Whether each seal of a batch is charged. */
  readonly chargesBatchedSeals: boolean
  /** A kind of window proof of spacetime that one network took for another. `undefined` where there is none. */
  readonly misjudgedPost: MisjudgedPost | undefined
  /** Whether the gas mark moves when the execution of code is charged, or only after the syscall (a quirk; see the syscall binding). */
  readonly gasMarkMovesOnCharge: boolean
  /** Tipsets whose CID an actor may ask for, counted back from the current epoch; the last one excluded. `undefined` for all there are. */
  readonly tipsetLookback: number | undefined
  /** Whether code without the entry point that is called is fatal; otherwise the receiver is an invalid one. */
  readonly missingEntryIsFatal: boolean
  /** Whether actors may keep others from calling them while they are being called; see `withReentrancyLocks`. */
  readonly reentrancyLocks: boolean
  /** What code users may install; `undefined` where they may not, and actors are of any code that the node has. */
  readonly userActors: UserActorRules | undefined
  /** Who sends messages besides accounts and Ethereum accounts; `undefined` for nobody. */
  readonly abstractAccounts: AbstractAccountRules | undefined
  /** Messages that actors leave to the end of the block; `undefined` where they cannot. */
  readonly messageQueue: MessageQueueRules | undefined
  /** Ethereum's gas for what Ethereum has prices for; `undefined` where all is Filecoin's. */
  readonly ethereumGas: EthereumGasRules | undefined
}
