/**
 * @module A block with all that its execution read: enough for anybody to execute it again without the chain, and to find out whether what it says is true.
 *
 * A witness is a CAR. Its one root is a descriptor, the DAG-CBOR tuple
 *
 *     ["troupe-block-witness", 3, network, seed, parent epoch, parent state root, block, state root, receipts root, debugged, tipsets]
 *
 * where `network` is `[[rules, additions, digest], name, chain id, genesis timestamp, epoch seconds]` with the description of a rule set (`describeRules`), `block` the CID of the header, `debugged` whether actors found that they were being debugged, and `tipsets` the answers to
 * `network.tipset_cid`: `[[epoch, tipset CID or null]...]`. The other blocks are the header and its messages, the code of the actors that were called, and what
 * of the state was read. What the block's execution gave, `state root` and `receipts root`, is the claim; all else is what it follows from.
 */
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import {
  CallTree,
  describeRules,
  isDescribed,
  type Machine,
  Manifest,
  type Message,
  type MessageResult,
  type ProofVerifier,
  type RuleDescription,
  type Runtime,
  rulesOfDescription,
  type SourceLookup,
  type StepListener,
  type TraceListener,
} from '@troupe/hypervisor'
import {
  type Blockstore,
  CborReader,
  CborStore,
  CborWriter,
  type Cid,
  cidEquals,
  cidKey,
  DAG_CBOR,
  MemoryBlockstore,
  RecordingBlockstore,
} from '@troupe/ipld'
import { exportWitness, openWitness, type WitnessLimits } from '@troupe/ipld/witness'
import { TroupeError } from '../errors.ts'
import { transactionKindsOf } from '../ethereum/transaction-kinds.ts'
import { baseFeeRuleOf } from './base-fee.ts'
import { type BlockHeader, decodeBlockHeader } from './block-header.ts'
import { blockEdits, inOrder, loadBlockMessages, storeReceipts } from './block-messages.ts'
import { ChainExterns, type ChainHistory } from './chain-externs.ts'
import type { ChainRules } from './chain-rules.ts'
import { applyEdits, loadEdits } from './edits.ts'
import { executeTipset, type TipsetObserver } from './execute-tipset.ts'
import { NO_OUTPUT } from './held-debug-output.ts'
import { openMachine } from './open-machine.ts'
import type { QueuedResult } from './queue-run.ts'
import type { Tipset } from './tipset.ts'

const TAG = 'troupe-block-witness'
const VERSION = 3
const FIELD_COUNT = 11
/** Answers to `network.tipset_cid` that a witness may have. */
const MAX_TIPSETS = 10_000

/** What a witness says, before anybody has looked whether it is true. */
export interface WitnessClaim {
  /** The network, of which the rules are described only. */
  readonly network: Pick<ChainRules, 'networkName' | 'chainId' | 'genesisTimestamp' | 'epochSeconds'> & {
    readonly rules: RuleDescription
  }
  readonly seed: Uint8Array
  readonly parentEpoch: bigint
  readonly parentStateRoot: Cid
  readonly block: Cid
  readonly stateRoot: Cid
  readonly receiptsRoot: Cid
  /** Whether actors found that they were being debugged. */
  readonly isDebugged: boolean
  readonly tipsets: readonly (readonly [epoch: bigint, tipset: Cid | undefined])[]
}

/** A block of a chain, and what it was executed on. */
export interface BlockOfChain {
  readonly parent: Tipset
  readonly tipset: Tipset
  readonly rules: ChainRules
  readonly seed: Uint8Array
}

/** What a block is executed with. */
interface Setting {
  readonly blocks: Blockstore
  readonly crypto: CryptoProvider
  readonly history: ChainHistory
  readonly runtimes: readonly Runtime[]
  readonly proofs: ProofVerifier | undefined
  /** Shown the state between the messages. */
  readonly observe?: TipsetObserver | undefined
  /** Looks up where places of code were written, for the traces. */
  readonly locate?: SourceLookup | undefined
  /** Who is told of the steps of a message's code, by its index. */
  readonly steps?: ((index: number) => StepListener | undefined) | undefined
}

/** A message of a block that was executed again. */
export interface ReplayedMessage {
  readonly message: Message
  readonly result: MessageResult
  readonly trace: CallTree
  /** What it left to the end of the block, and what that did, in the order of execution. */
  readonly queued: readonly ReplayedQueuedMessage[]
}

/** A message that was executed again at the end of a block. */
export type ReplayedQueuedMessage = QueuedResult & Pick<ReplayedMessage, 'trace'>

/** What a block that was executed again does. */
export interface ReplayedBlock {
  /** In the order of execution. */
  readonly messages: readonly ReplayedMessage[]
  /** What actors had left to its end, wherever it comes from, in the order of execution. */
  readonly queued: readonly ReplayedQueuedMessage[]
}

/** A block that was executed again. */
interface Replay extends ReplayedBlock {
  readonly stateRoot: Cid
  readonly receiptsRoot: Cid
  /** Code of the actors that were called. */
  readonly codes: readonly Cid[]
  readonly manifest: Manifest
}

/**
 * Writes the witness of a block, by executing it again.
 * @throws {TroupeError} witness/wrong-result
 * @throws {IpldError} witness/absent-read, witness/too-large
 */
export function writeBlockWitness(
  { parent, rules, seed, tipset }: BlockOfChain,
  setting: Setting,
): Uint8Array {
  const added = new MemoryBlockstore()
  const recorded = new RecordingBlockstore(new Layered(added, setting.blocks))
  const tipsets = new Map<bigint, Cid | undefined>()
  const history: ChainHistory = {
    tipsetCid: (epoch) => {
      const cid = setting.history.tipsetCid(epoch)
      tipsets.set(epoch, cid)
      return cid
    },
  }
  const claim = claimFor({ parent, rules, seed, tipset }, setting.crypto)
  const replay = execute(claim, rules, { ...setting, blocks: recorded, history })
  checkResult(claim, replay)
  for (const code of replay.codes) recorded.get(code)
  const descriptor = new CborStore(added, setting.crypto).putBlock(
    DAG_CBOR,
    encodeClaim({ ...claim, tipsets: [...tipsets] }),
  )
  recorded.get(descriptor)
  return exportWitness([descriptor], recorded)
}

/**
 * Executes a block of a chain once more, and gives what became of each message.
 * @throws {TroupeError} witness/wrong-result where that is not what it was
 */
export function replayBlock(block: BlockOfChain, setting: Setting): ReplayedBlock {
  const claim = claimFor(block, setting.crypto)
  const replay = execute(claim, block.rules, setting)
  checkResult(claim, replay)
  return replay
}

function claimFor({ parent, rules, seed, tipset }: BlockOfChain, crypto: CryptoProvider): WitnessClaim {
  return {
    network: networkOf(rules, crypto),
    ...{ seed, parentEpoch: parent.header.height, parentStateRoot: parent.stateRoot },
    ...{ block: tipset.cid, stateRoot: tipset.stateRoot, receiptsRoot: tipset.receiptsRoot },
    ...{ isDebugged: tipset.isDebugged, tipsets: [] },
  }
}

/**
 * Reads what a witness claims. Nothing is executed.
 * @throws {TroupeError} witness/malformed, witness/unsupported-version
 * @throws {IpldError} car/…, blockstore/hash-mismatch, witness/too-large
 */
export function readWitnessClaim(
  car: Uint8Array,
  crypto: CryptoProvider,
  limits?: WitnessLimits,
): WitnessClaim {
  return claimOf(openWitness(car, crypto, limits)).claim
}

/**
 * The network of a witness: rules that are made again from what the witness says of them.
 * @throws {HypervisorError} network/unknown-rules where they cannot be: they were made by hand, or of what nobody knows here; network/unsupported-version
 */
export function networkOfWitness({ network }: WitnessClaim, crypto: CryptoProvider): ChainRules {
  const rules = rulesOfDescription(network.rules, crypto)
  return {
    ...{ ...network, rules },
    baseFeeRule: baseFeeRuleOf(rules.networkVersion),
    transactionKinds: transactionKindsOf(rules.networkVersion),
  }
}

/**
 * Executes the block of a witness from the witness alone.
 * @param options.rules the rules that the witness describes. Default: made again from that
 * @returns what became of each message
 * @throws {HypervisorError} network/unknown-rules, network/unsupported-version
 * @throws {TroupeError} witness/malformed, witness/unsupported-version, witness/other-network; witness/wrong-result where the block does not give what the witness says
 * @throws {IpldError} car/…, blockstore/hash-mismatch for a block that was changed, blockstore/unavailable for one that is missing
 */
export function replayWitness(
  car: Uint8Array,
  options: Omit<Setting, 'blocks' | 'history'> & {
    readonly rules?: ChainRules
    readonly limits?: WitnessLimits
  },
): ReplayedBlock & {
  readonly claim: WitnessClaim
  readonly header: BlockHeader
  /** The names of built-in actors, by their code. */
  readonly manifest: Manifest
} {
  const { blocks, claim } = claimOf(openWitness(car, options.crypto, options.limits))
  const given = options.rules ?? networkOfWitness(claim, options.crypto)
  const rules: ChainRules = { ...given, ...networkFields(claim) }
  if (!isDescribed(rules.rules, claim.network.rules, options.crypto))
    throw new TroupeError(
      'witness/other-network',
      rules.rules.name === claim.network.rules.name
        ? `the witness is of other rules than these, with the same name ${rules.rules.name}: their bounds or namespaces differ`
        : `the witness is of ${claim.network.rules.name}, and not of ${rules.rules.name}`,
    )
  const known = new Map(claim.tipsets)
  const history: ChainHistory = {
    tipsetCid: (epoch) => {
      if (!known.has(epoch))
        throw new TroupeError('witness/malformed', `the witness does not say which tipset was at ${epoch}`)
      return known.get(epoch)
    },
  }
  const replay = execute(claim, rules, { ...options, blocks, history })
  checkResult(claim, replay)
  return {
    claim,
    header: decodeBlockHeader(new CborStore(blocks, options.crypto).getBlock(claim.block)),
    messages: replay.messages,
    queued: replay.queued,
    manifest: replay.manifest,
  }
}

/** Executes the block that a claim names. What it writes stays in memory. */
function execute(claim: WitnessClaim, rules: ChainRules, setting: Setting): Replay {
  const { crypto, history, proofs, runtimes } = setting
  // What actors log has been read.
  const debug = claim.isDebugged ? NO_OUTPUT : undefined
  const blocks = new CborStore(new Layered(new MemoryBlockstore(), setting.blocks), crypto)
  const header = decodeBlockHeader(blocks.getBlock(claim.block))
  if (!cidEquals(header.parentStateRoot, claim.parentStateRoot))
    throw new TroupeError('witness/malformed', 'the block begins with another state than the witness says')
  const traces: CallTree[] = []
  let manifest = new Manifest([])
  const codes = new Map<string, Cid>()
  const noteCode: TraceListener = (event) => {
    if (event.type === 'invoke') codes.set(cidKey(event.code), event.code)
  }
  const externs = new ChainExterns(crypto, claim.seed, history)
  const messages = inOrder(loadBlockMessages(blocks, header.messages))
  const open = (state: Cid, epoch: bigint): Machine => {
    const parts = { rules, runtimes, externs, proofs, debug }
    const machine = openMachine(blocks, parts, state, epoch, header.parentBaseFee)
    manifest = machine.manifest
    return machine
  }
  const edits = blockEdits(blocks, header.messages)
  const edited =
    edits === undefined
      ? claim.parentStateRoot
      : applyEdits(open(claim.parentStateRoot, claim.parentEpoch + 1n), loadEdits(blocks, edits))
  const { queued, results, root } = executeTipset({
    open,
    ...{
      root: edited,
      parentEpoch: claim.parentEpoch,
      epoch: header.height,
      messages,
      miner: header.miner,
    },
    trace: () => {
      const tree = new CallTree(setting.locate)
      traces.push(tree)
      return (event) => {
        noteCode(event)
        tree.listener(event)
      }
    },
    ...{ observe: setting.observe, steps: setting.steps, systemTrace: noteCode },
  })
  const receipts = results.map(({ receipt }) => receipt)
  const replayed = queued.map((each, index) => ({
    ...each,
    trace: traces[messages.length + index] as CallTree,
  }))
  return {
    stateRoot: root,
    receiptsRoot: storeReceipts(blocks, rules.rules, receipts),
    messages: messages.map(({ message }, index) => ({
      message,
      result: results[index] as MessageResult,
      trace: traces[index] as CallTree,
      queued: replayed.filter(({ cause }) => cause === index),
    })),
    queued: replayed,
    codes: [...codes.values()],
    manifest,
  }
}

function checkResult(claim: Pick<WitnessClaim, 'stateRoot' | 'receiptsRoot'>, replay: Replay): void {
  for (const root of ['stateRoot', 'receiptsRoot'] as const)
    if (!cidEquals(claim[root], replay[root]))
      throw new TroupeError(
        'witness/wrong-result',
        `${root}: the block gives ${replay[root]}, and not ${claim[root]} as it says`,
      )
}

function networkOf(
  { chainId, epochSeconds, genesisTimestamp, networkName, rules }: ChainRules,
  crypto: CryptoProvider,
): WitnessClaim['network'] {
  return { rules: describeRules(rules, crypto), networkName, chainId, genesisTimestamp, epochSeconds }
}

function networkFields({
  network: { rules: _, ...fields },
}: WitnessClaim): Omit<WitnessClaim['network'], 'rules'> {
  return fields
}

function encodeClaim(claim: WitnessClaim): Uint8Array {
  const { network, tipsets } = claim
  const writer = new CborWriter().array(FIELD_COUNT).text(TAG).uint(VERSION)
  const { additions, digest, name } = network.rules
  writer.array(5).array(3).text(name).bytes(additions).bytes(digest)
  writer.text(network.networkName).uint(network.chainId)
  writer.int(network.genesisTimestamp).uint(network.epochSeconds)
  writer.bytes(claim.seed).int(claim.parentEpoch).cid(claim.parentStateRoot)
  writer.cid(claim.block).cid(claim.stateRoot).cid(claim.receiptsRoot)
  writer.bool(claim.isDebugged).array(tipsets.length)
  for (const [epoch, tipset] of tipsets) {
    writer.array(2).int(epoch)
    if (tipset === undefined) writer.null()
    else writer.cid(tipset)
  }
  return writer.finish()
}

function claimOf<B extends Blockstore & { readonly roots: readonly Cid[] }>(
  blocks: B,
): { blocks: B; claim: WitnessClaim } {
  const [root] = blocks.roots
  const descriptor = root === undefined ? undefined : blocks.get(root)
  if (descriptor === undefined) throw new TroupeError('witness/malformed', 'the CAR has no root')
  try {
    const reader = new CborReader(descriptor)
    const claim = readClaim(reader)
    reader.end()
    return { blocks, claim }
  } catch (cause) {
    if (cause instanceof TroupeError || !(cause instanceof CodedError)) throw cause
    throw new TroupeError('witness/malformed', `the root of the CAR describes no block: ${cause.message}`, {
      cause,
    })
  }
}

function readClaim(reader: CborReader): WitnessClaim {
  reader.tuple(FIELD_COUNT)
  if (reader.text() !== TAG)
    throw new TroupeError('witness/malformed', 'the root of the CAR describes no block')
  const version = reader.uint(32)
  if (version !== VERSION)
    throw new TroupeError(
      'witness/unsupported-version',
      `witnesses of version ${version} cannot be read, only of ${VERSION}`,
    )
  reader.tuple(5)
  reader.tuple(3)
  return {
    network: {
      rules: { name: reader.text(), additions: reader.bytes().slice(), digest: reader.bytes().slice() },
      networkName: reader.text(),
      chainId: reader.uint64(),
      genesisTimestamp: reader.int64(),
      epochSeconds: reader.uint64(),
    },
    seed: reader.bytes().slice(),
    parentEpoch: reader.int64(),
    parentStateRoot: reader.cid(),
    block: reader.cid(),
    stateRoot: reader.cid(),
    receiptsRoot: reader.cid(),
    isDebugged: reader.bool(),
    tipsets: readTipsets(reader),
  }
}

function readTipsets(reader: CborReader): WitnessClaim['tipsets'] {
  const length = reader.array()
  if (length > MAX_TIPSETS)
    throw new TroupeError('witness/malformed', `${length} tipsets, of at most ${MAX_TIPSETS}`)
  return Array.from({ length }, () => {
    reader.tuple(2)
    return [reader.int64(), reader.tryNull() ? undefined : reader.cid()] as const
  })
}

/** A store for writing over one for reading. */
class Layered implements Blockstore {
  readonly #top: MemoryBlockstore
  readonly #base: Blockstore

  constructor(top: MemoryBlockstore, base: Blockstore) {
    this.#top = top
    this.#base = base
  }

  get(cid: Cid): Uint8Array | undefined {
    return this.#top.get(cid) ?? this.#base.get(cid)
  }

  has(cid: Cid): boolean {
    return this.#top.has(cid) || this.#base.has(cid)
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.#top.put(cid, bytes)
  }
}
