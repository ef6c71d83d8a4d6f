/**
 * @module Blocks of calls that nobody has produced, each on the state that the one before has left: `eth_simulateV1`. Epochs between two of them have no block; blocks have no reward, and
 * no cron. What names them is a hash of what is in them, and nothing else: contracts find it as that of the block.
 *
 * Source: execution-apis, `eth_simulateV1`; go-ethereum internal/ethapi/simulate.go.
 */
import {
  CallTree,
  Executor,
  ExitCode,
  encodeMessage,
  type Machine,
  type Message,
  messageCid,
} from '@troupe/hypervisor'
import {
  BLAKE2B_256,
  BufferedBlockstore,
  CborStore,
  CborWriter,
  type Cid,
  createCid,
  DAG_CBOR,
} from '@troupe/ipld'
import { BLOCK_GAS_LIMIT, nextBaseFee, type Tipset, timestampOf } from 'troupe'
import { RpcError } from '../errors.ts'
import type { RpcHost } from '../host.ts'
import type { CallRequest } from '../parameters/call-request.ts'
import type { SimulatedBlock, Simulation } from '../parameters/simulation.ts'
import type { Json } from '../protocol/json.ts'
import { fromHex, type Hex, toHex, toQuantity } from '../text/hex.ts'
import { toEthereumBlock } from './block.ts'
import type { BlockContents, BlockEntry } from './block-view.ts'
import { ensureSender, toCallMessage } from './call.ts'
import { type EvmCall, readCallTrace } from './call-trace.ts'
import { TraceBudget } from './format-trace.ts'
import { overrideState } from './override-state.ts'
import { toEthereumLog } from './receipt.ts'
import { callError } from './revert.ts'
import { logsOfCalls } from './traced-logs.ts'

/** Bytes of the signature of a transaction, with its kind. */
const SIGNATURE_LENGTH = 80
/** About what a call's result takes without its data, and a log. */
const RESULT_BYTES = 400
/** What a call ended with that did not revert. */
const VM_ERROR = -32015
const REVERT_ERROR = 3

/** Where a simulation stands: what the next block begins with. */
interface Position {
  readonly root: Cid
  readonly hash: Hex
  readonly epoch: bigint
  readonly timestamp: bigint
  /** Of the block after it. */
  readonly nextBaseFee: bigint
}

/** A call that was executed. */
interface ExecutedCall {
  readonly entry: Omit<BlockEntry, 'logs'>
  readonly calls: readonly EvmCall[]
  readonly output: Uint8Array
  /** Why it failed; nothing where it did not. */
  readonly error: RpcError | undefined
}

/**
 * Simulates blocks after a tipset.
 * @throws {RpcError} simulation/…, rpc/limit for answers that are too long
 */
export function simulate(host: RpcHost, simulation: Simulation, tipset: Tipset): Json {
  return new Simulator(host, simulation).run(tipset)
}

class Simulator {
  readonly #host: RpcHost
  readonly #simulation: Simulation
  readonly #store: CborStore
  readonly #budget: TraceBudget
  /** Where the simulation has been, the first block that it begins on first. */
  readonly #past: Position[] = []
  #gasLeft: bigint

  constructor(host: RpcHost, simulation: Simulation) {
    const { blocks } = host.vm.chain
    this.#host = host
    this.#simulation = simulation
    this.#store = new CborStore(new BufferedBlockstore(blocks.blocks), blocks.crypto)
    this.#budget = new TraceBudget(host.limits.traceBytes)
    this.#gasLeft = BigInt(host.limits.simulatedGas)
  }

  run(tipset: Tipset): Json {
    const { simulatedBlocks, simulatedCalls } = this.#host.limits
    const { blocks } = this.#simulation
    const calls = blocks.reduce((sum, block) => sum + block.calls.length, 0)
    if (blocks.length > simulatedBlocks || calls > simulatedCalls)
      throw new RpcError(
        'simulation/limit',
        `${blocks.length} blocks with ${calls} calls are more than ${simulatedBlocks} blocks and ${simulatedCalls} calls`,
      )
    const { chain } = this.#host.vm
    const view = this.#host.block(tipset)
    let at: Position = {
      ...{ root: tipset.stateRoot, hash: view.hash, epoch: view.number, timestamp: view.timestamp },
      nextBaseFee: chain.machineAfter(tipset).context.baseFee,
    }
    return blocks.map((block) => {
      this.#past.push(at)
      const { position, told } = this.#block(block, at)
      at = position
      return told
    })
  }

  #block(block: SimulatedBlock, before: Position): { readonly position: Position; readonly told: Json } {
    const { chain } = this.#host.vm
    const { epoch, timestamp } = placeOf(block, before, (at) => timestampOf(chain.rules, at))
    const baseFee = block.context.baseFee ?? (this.#simulation.isValidated ? before.nextBaseFee : 0n)
    const history = { tipsetCid: (at: bigint) => this.#keyAt(at) }
    const machine = chain.machineOn(before.root, { epoch, timestamp, baseFee }, this.#store, history)
    overrideState(machine, block.overrides)
    let [blockGas, cumulativeGas] = [BLOCK_GAS_LIMIT, 0n]
    const executed = block.calls.map((call, index) => {
      const done = this.#call(machine, call, index, blockGas)
      blockGas -= done.entry.receipt.gasUsed
      cumulativeGas += done.entry.receipt.gasUsed
      return { ...done, entry: { ...done.entry, cumulativeGas } }
    })
    const contents = this.#contents(
      machine,
      { number: epoch, timestamp, baseFee, parentHash: before.hash },
      executed,
    )
    const messages = executed.map(({ entry }) => entry.message)
    const root = machine.flush()
    return {
      position: {
        ...{ root, epoch, timestamp, hash: contents.hash },
        nextBaseFee: nextBaseFee(chain.rules.baseFeeRule, baseFee, messages),
      },
      told: {
        ...toEthereumBlock(this.#host.setting, contents, this.#simulation.isFull),
        calls: executed.map((call, index) => this.#result(contents, call, index)),
      },
    }
  }

  /** The key of the last block at an epoch, or before it: what a contract knows a block by. */
  #keyAt(epoch: bigint): Cid | undefined {
    const simulated = this.#past.findLast((position) => position.epoch <= epoch)
    if (simulated === undefined) return this.#host.vm.chain.tipsetAtOrBelow(epoch)?.key
    return createCid(DAG_CBOR, BLAKE2B_256, fromHex(simulated.hash) as Uint8Array)
  }

  #call(machine: Machine, call: CallRequest, index: number, blockGas: bigint): ExecutedCall {
    const { vm } = this.#host
    const message = this.#messageOf(machine, call, blockGas)
    const trace = new CallTree()
    const length = encodeMessage(message).length + SIGNATURE_LENGTH
    const result = new Executor(machine).execute(message, {
      length,
      impersonate: true,
      trace: trace.listener,
    })
    const { exitCode, gasUsed } = result.receipt
    if (trace.roots.length === 0 && gasUsed === 0n)
      throw new RpcError(
        'simulation/intrinsic-gas',
        `intrinsic gas too low: ${result.failure?.message ?? ''}`,
      )
    this.#gasLeft -= gasUsed
    const { events } = result
    const { manifest, state } = machine
    const store = new CborStore(machine.blocks, machine.crypto)
    const calls = readCallTrace({ manifest, state, store, events }, trace)
    const cid = messageCid(vm.crypto, message)
    return {
      entry: {
        ...{ index, message, cid, hash: cid.multihash.digest, receipt: result.receipt },
        cumulativeGas: gasUsed,
      },
      calls,
      // What a call reverted with is in its error.
      output: (exitCode === ExitCode.OK ? calls[0]?.output : undefined) ?? new Uint8Array(),
      error: exitCode === ExitCode.OK ? undefined : callError(result),
    }
  }

  /** The message of a call: what it does not say is what would do. */
  #messageOf(machine: Machine, call: CallRequest, blockGas: bigint): Message {
    const { isValidated } = this.#simulation
    const gas = call.gas ?? blockGas
    if (gas > blockGas)
      throw new RpcError(
        'simulation/block-gas-limit',
        `block gas limit reached: ${blockGas} is left, and ${gas} is wanted`,
      )
    if (this.#gasLeft <= 0n)
      throw new RpcError('simulation/limit', `the calls use more than ${this.#host.limits.simulatedGas} gas`)
    if (gas === 0n)
      throw new RpcError('simulation/intrinsic-gas', 'intrinsic gas too low: the gas limit is 0')
    const gasFeeCap = call.gasPrice ?? call.maxFeePerGas ?? 0n
    const gasPremium = call.gasPrice ?? call.maxPriorityFeePerGas ?? 0n
    if (gasPremium > gasFeeCap)
      throw new RpcError('rpc/invalid-params', 'maxPriorityFeePerGas is higher than maxFeePerGas')
    const message = {
      ...toCallMessage(call),
      ...{ gasLimit: least(gas, this.#gasLeft), gasFeeCap, gasPremium },
    }
    const sequence = ensureSender(machine, message.from)
    if (isValidated && call.nonce !== undefined && call.nonce !== sequence)
      throw call.nonce < sequence
        ? new RpcError(
            'simulation/nonce-too-low',
            `nonce too low: it is ${call.nonce}, and the next one ${sequence}`,
          )
        : new RpcError(
            'simulation/nonce-too-high',
            `nonce too high: it is ${call.nonce}, and the next one ${sequence}`,
          )
    if (isValidated && gasFeeCap < machine.context.baseFee)
      throw new RpcError(
        'simulation/fee-cap-too-low',
        `max fee per gas less than block base fee: ${gasFeeCap} is less than ${machine.context.baseFee}`,
      )
    const id = machine.state.lookupId(message.from)
    const balance = (id === undefined ? undefined : machine.state.getActor(id))?.balance ?? 0n
    const needed = message.gasLimit * gasFeeCap + message.value
    if (balance < needed)
      throw new RpcError(
        'simulation/insufficient-funds',
        `insufficient funds for gas * price + value: the sender has ${balance} and needs ${needed}`,
      )
    return { ...message, sequence }
  }

  #contents(
    machine: Machine,
    place: Pick<BlockContents, 'number' | 'timestamp' | 'baseFee' | 'parentHash'>,
    executed: readonly ExecutedCall[],
  ): BlockContents {
    let logIndex = 0
    const entries = executed.map(({ calls, entry }) => ({
      ...entry,
      logs: logsOfCalls(calls, this.#simulation.hasTransfers).map((log) => ({
        ...log,
        ...{ logIndex: logIndex++, transactionIndex: entry.index },
      })),
    }))
    const { baseFee, number, parentHash, timestamp } = place
    const writer = new CborWriter().array(entries.length + 4)
    writer
      .bytes(fromHex(parentHash) as Uint8Array)
      .uint(number)
      .uint(timestamp)
      .bigInt(baseFee)
    for (const { hash } of entries) writer.bytes(hash)
    const hash = toHex(this.#host.vm.crypto.keccak256(writer.finish()))
    return { ...place, hash, state: machine.state, entries }
  }

  #result(contents: BlockContents, { entry, error, output }: ExecutedCall, index: number): Json {
    const { logs = [] } = contents.entries[index] ?? {}
    const gasUsed = toQuantity(entry.receipt.gasUsed)
    const bytes = logs.reduce((sum, { data }) => sum + RESULT_BYTES + data.length, 0)
    this.#budget.take(RESULT_BYTES + 2 * output.length + bytes)
    const common = { returnData: toHex(output), gasUsed, maxUsedGas: gasUsed }
    if (error === undefined)
      return {
        ...{ status: '0x1', ...common },
        logs: logs.map((log) => toEthereumLog(contents, log, toHex(entry.hash))),
      }
    const isRevert = error.code === 'rpc/reverted'
    return {
      ...{ status: '0x0', ...common, logs: [] },
      error: {
        code: isRevert ? REVERT_ERROR : VM_ERROR,
        message: isRevert ? error.message : `vm execution error: ${error.message}`,
        ...(isRevert ? { data: error.data as Json } : {}),
      },
    }
  }
}

function least(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

/** Where a block stands: epochs and times go forward. */
function placeOf(
  { context }: SimulatedBlock,
  before: Position,
  timeOf: (epoch: bigint) => bigint,
): { readonly epoch: bigint; readonly timestamp: bigint } {
  const epoch = context.epoch ?? before.epoch + 1n
  if (epoch <= before.epoch)
    throw new RpcError(
      'simulation/block-number',
      `block numbers must be in order: ${epoch} is not after ${before.epoch}`,
    )
  const usual = timeOf(epoch)
  const timestamp = context.timestamp ?? (usual > before.timestamp ? usual : before.timestamp + 1n)
  if (timestamp <= before.timestamp)
    throw new RpcError(
      'simulation/block-time',
      `block timestamps must be in order: ${timestamp} is not after ${before.timestamp}`,
    )
  return { epoch, timestamp }
}
