/** @module What transactions did, call by call: debug_trace* as go-ethereum, trace_* as Lotus has them. Blocks are executed again for it. */
import {
  type CallFrame,
  CallTree,
  ExitCode,
  type Machine,
  type Manifest,
  type StepListener,
  toEthereumAddress,
} from '@troupe/hypervisor'
import type { ReplayedMessage, Tipset } from 'troupe'
import { RpcError } from '../errors.ts'
import type { BlockView } from '../ethereum/block-view.ts'
import { executeOn, toCallMessage } from '../ethereum/call.ts'
import { type EvmCall, readCallTrace } from '../ethereum/call-trace.ts'
import { cborBytes } from '../ethereum/cbor-bytes.ts'
import { findBlock, findState } from '../ethereum/find-block.ts'
import { findTransaction } from '../ethereum/find-transaction.ts'
import { TraceBudget, toCallFrame, toFlatTraces } from '../ethereum/format-trace.ts'
import { overrideState } from '../ethereum/override-state.ts'
import { type Accounts, formatPrestate, readAccounts, touchedBy } from '../ethereum/prestate.ts'
import { StructLogger } from '../ethereum/struct-logs.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method } from '../method.ts'
import { type BlockReference, blockNumber, blockReference, LATEST } from '../parameters/block-reference.ts'
import { callRequest } from '../parameters/call-request.ts'
import { blockOverrides, stateOverrides } from '../parameters/overrides.ts'
import { optional, parameter, type Reader, reader } from '../parameters/parameter.ts'
import { address, boolean, count, hash, listOf, objectOf, quantity, text } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'
import { toHex } from '../text/hex.ts'

const MAX_ADDRESSES = 200
const CONFIG = parameter(
  'config',
  optional(
    objectOf('an object', {
      tracer: optional(text(10_000)),
      disableStack: optional(boolean),
      disableStorage: optional(boolean),
      disableMemory: optional(boolean),
      enableMemory: optional(boolean),
      enableReturnData: optional(boolean),
      limit: optional(count(10_000_000)),
      stateOverrides: optional(stateOverrides),
      blockOverrides: optional(blockOverrides),
      tracerConfig: optional(
        objectOf('an object', {
          onlyTopCall: optional(boolean),
          diffMode: optional(boolean),
          withLog: optional(boolean),
        }),
      ),
    }),
  ),
)
type Config = ReturnType<(typeof CONFIG)['reader']['read']>

const addresses: Reader<readonly string[]> = reader('an address, or a list of them', (value, at) => {
  const read = Array.isArray(value)
    ? listOf(address, MAX_ADDRESSES).read(value, at)
    : [address.read(value, at)]
  return read.map((one) => toEthereumAddress(one) ?? '')
})
const traceFilter = objectOf('a filter', {
  fromBlock: optional(blockNumber),
  toBlock: optional(blockNumber),
  fromAddress: optional(addresses),
  toAddress: optional(addresses),
  after: optional(quantity),
  count: optional(count(1_000_000)),
})

/** debug_trace* and trace_*. */
export const TRACE_METHODS: readonly Method[] = [
  method(
    'debug_traceTransaction',
    'read',
    [parameter('transactionHash', hash), CONFIG],
    (host, [name, config]) => {
      const found = findTransaction(host, name)
      if (found === undefined)
        throw new RpcError('rpc/not-found', `no block has a transaction ${toHex(name)}`)
      return traceEntry(host, found.view, found.entry.index, config)
    },
  ),
  method(
    'debug_traceCall',
    'read',
    [parameter('call', callRequest), parameter('block', optional(blockReference)), CONFIG],
    (host, [call, block = LATEST, config]) => {
      const tipset = findState(host.vm, block)
      const message = toCallMessage(call)
      const tree = new CallTree()
      const open = (): Machine => {
        const opened = host.vm.chain.machineAfter(tipset, config?.blockOverrides)
        overrideState(opened, config?.stateOverrides ?? [])
        return opened
      }
      const machine = open()
      if (config?.tracer === undefined)
        return structLogs(host, config, machine.manifest, (steps) => ({
          result: executeOn(machine, message, { trace: tree.listener, steps }),
          trace: tree,
        }))
      const { receipt } = executeOn(machine, message, { trace: tree.listener })
      if (config?.tracer === 'prestateTracer') {
        const [ids, words] = [touchedBy(tree), host.limits.traceWords]
        const before = readAccounts(open(), ids, words)
        return formatPrestate(
          before,
          readAccounts(machine, ids, words),
          config.tracerConfig?.diffMode === true,
        )
      }
      const calls = readCallTrace(machine, tree)
      return format(host, whole(calls, message.gasLimit, receipt.gasUsed), config)
    },
  ),
  method(
    'debug_traceBlockByNumber',
    'read',
    [parameter('block', blockNumber), CONFIG],
    (host, [block, config]) => traceBlock(host, block, config),
  ),
  method(
    'debug_traceBlockByHash',
    'read',
    [parameter('blockHash', hash), CONFIG],
    (host, [blockHash, config]) => traceBlock(host, { hash: blockHash, requireCanonical: false }, config),
  ),
  method('trace_block', 'read', [parameter('block', blockNumber)], (host, [block]) => {
    const view = blockOf(host, block)
    return flatTraces(host, view, new TraceBudget(host.limits.traceBytes))
  }),
  method('trace_transaction', 'read', [parameter('transactionHash', hash)], (host, [name]) => {
    const found = findTransaction(host, name)
    if (found === undefined) return null
    const { entry, view } = found
    return flatTraces(host, view, new TraceBudget(host.limits.traceBytes)).filter(
      (trace) => trace['transactionPosition'] === entry.index,
    )
  }),
  method(
    'trace_replayBlockTransactions',
    'read',
    [parameter('block', blockNumber), parameter('traceTypes', listOf(text(100), 10))],
    (host, [block, types]) => {
      if (types.length !== 1 || types[0] !== 'trace')
        throw new RpcError('rpc/unsupported', 'traceTypes: only ["trace"] is there, as in Lotus')
      const view = blockOf(host, block)
      const budget = new TraceBudget(host.limits.traceBytes)
      return replayed(host, view).map((calls, index) => ({
        output: toHex(calls[0]?.output ?? new Uint8Array()),
        stateDiff: null,
        trace: toFlatTraces(calls, budget),
        transactionHash: toHex(view.entries[index]?.hash ?? new Uint8Array()),
        vmTrace: null,
      }))
    },
  ),
  method('trace_filter', 'read', [parameter('filter', traceFilter)], (host, [filter]) =>
    filterTraces(host, filter),
  ),
]

function blockOf(host: RpcHost, reference: BlockReference): BlockView {
  const tipset = findBlock(host.vm, reference)
  if (tipset === undefined) throw new RpcError('rpc/not-found', 'there is no such block')
  return host.block(tipset)
}

/** The calls of each message of a block, which is executed again. The first block of a chain has none. */
function replayed({ vm: { chain } }: RpcHost, { entries, state, tipset }: BlockView): EvmCall[][] {
  if (entries.length === 0) return []
  const { manifest } = chain.machineAfter(tipset)
  return chain
    .replay(tipset)
    .map(({ message, result, trace }) =>
      whole(readCallTrace({ manifest, state }, trace), message.gasLimit, result.receipt.gasUsed),
    )
}

/** The outermost call has the gas of the whole message, with what it costs to have it in a block. */
function whole(calls: readonly EvmCall[], gas: bigint, gasUsed: bigint): EvmCall[] {
  return calls.map((call) => ({ ...call, gas, gasUsed }))
}

function traceBlock(host: RpcHost, reference: BlockReference, config: Config): Json {
  const view = blockOf(host, reference)
  return view.entries.map(({ hash: name, index }) => ({
    txHash: toHex(name),
    result: traceEntry(host, view, index, config),
  }))
}

function traceEntry(host: RpcHost, view: BlockView, index: number, config: Config): Json {
  if (config?.tracer === undefined) {
    const { chain } = host.vm
    return structLogs(host, config, chain.machineAfter(view.tipset).manifest, (listener) => {
      const steps = (at: number): StepListener | undefined => (at === index ? listener : undefined)
      return chain.replay(view.tipset, { steps })[index]
    })
  }
  if (config.tracer === 'prestateTracer')
    return prestate(host, view, index, config.tracerConfig?.diffMode === true)
  return format(host, replayed(host, view)[index] ?? [], config)
}

/** What instructions an execution runs. */
function structLogs(
  host: RpcHost,
  config: Config,
  manifest: Manifest,
  execute: (steps: StepListener) => Pick<ReplayedMessage, 'result' | 'trace'> | undefined,
): Json {
  const logger = new StructLogger(
    {
      hasStack: config?.disableStack !== true,
      hasMemory: config?.enableMemory === true || config?.disableMemory === false,
      hasStorage: config?.disableStorage !== true,
      hasReturnData: config?.enableReturnData === true,
      limit: config?.limit === 0 ? undefined : config?.limit,
    },
    new TraceBudget(host.limits.traceBytes),
  )
  const executed = execute(logger.listener)
  if (executed === undefined) throw new RpcError('rpc/internal', 'the block has fewer messages than it had')
  const isContract = ({ calls, code }: CallFrame): boolean =>
    (code !== undefined && manifest.is('evm', code)) || calls.some(isContract)
  if (logger.count === 0 && executed.trace.roots.some(isContract))
    throw new RpcError(
      'rpc/unsupported',
      'config.tracer: contracts are run here by an EVM actor that does not tell its steps; callTracer, flatCallTracer and prestateTracer do without',
    )
  const { exitCode, gasUsed, returnData } = executed.result.receipt
  return {
    gas: Number(gasUsed),
    failed: exitCode !== ExitCode.OK,
    returnValue: toHex(cborBytes(returnData) ?? returnData),
    structLogs: logger.logs,
  }
}

/** The block is executed twice: the first time says which accounts the second looks at. */
function prestate(
  { limits, vm: { chain } }: RpcHost,
  { tipset }: BlockView,
  index: number,
  isDiff: boolean,
): Json {
  const trace = chain.replay(tipset)[index]?.trace
  const ids = trace === undefined ? [] : touchedBy(trace)
  const seen: Record<'before' | 'after', Accounts> = { before: new Map(), after: new Map() }
  chain.replay(tipset, {
    observe: (moment, at, machine) => {
      if (at === index) seen[moment] = readAccounts(machine, ids, limits.traceWords)
    },
  })
  return formatPrestate(seen.before, seen.after, isDiff)
}

/** @throws {RpcError} rpc/unsupported for a tracer that there is none of */
function format(host: RpcHost, calls: readonly EvmCall[], config: Config): Json {
  const budget = new TraceBudget(host.limits.traceBytes)
  const { tracer, tracerConfig } = config ?? {}
  if (tracerConfig?.withLog === true)
    throw new RpcError(
      'rpc/unsupported',
      'config.tracerConfig.withLog: logs are in receipts, and traces do not have them',
    )
  switch (tracer) {
    case 'callTracer': {
      const [call] = calls
      return call === undefined ? null : toCallFrame(call, tracerConfig?.onlyTopCall === true, budget)
    }
    case 'flatCallTracer':
      return toFlatTraces(calls, budget)
    default:
      throw new RpcError(
        'rpc/unsupported',
        'config.tracer: there are callTracer, flatCallTracer and prestateTracer; code of a tracer is not run',
      )
  }
}

function flatTraces(
  host: RpcHost,
  view: BlockView,
  budget: TraceBudget,
): { readonly [field: string]: Json }[] {
  return replayed(host, view).flatMap((calls, index) =>
    toFlatTraces(calls, budget).map((trace) => ({
      ...trace,
      blockHash: view.hash,
      blockNumber: Number(view.number),
      transactionHash: toHex(view.entries[index]?.hash ?? new Uint8Array()),
      transactionPosition: index,
    })),
  )
}

type TraceFilter = ReturnType<typeof traceFilter.read>

function filterTraces(
  host: RpcHost,
  { after = 0n, count: wanted, fromAddress, fromBlock, toAddress, toBlock }: TraceFilter,
): Json {
  const { chain } = host.vm
  const [first, last] = [fromBlock, toBlock].map((reference) => findState(host.vm, reference ?? LATEST))
  const blocks: Tipset[] = []
  for (let at = last; at !== undefined && at.header.height >= (first?.header.height ?? 0n); ) {
    if (blocks.length === host.limits.traceBlocks)
      throw new RpcError(
        'rpc/limit',
        `the filter has more than ${host.limits.traceBlocks} blocks; ask for fewer at once`,
      )
    blocks.unshift(at)
    const parent: Tipset['cid'] | undefined = at.header.parents[0]
    at = parent === undefined ? undefined : chain.tipset(parent)
  }
  const budget = new TraceBudget(host.limits.traceBytes)
  const found: Json[] = []
  let toSkip = after
  for (const tipset of blocks) {
    if (host.isEmpty(tipset)) continue
    for (const trace of flatTraces(host, host.block(tipset), budget)) {
      if (!isWanted(trace, fromAddress, toAddress)) continue
      if (toSkip-- > 0n) continue
      if (wanted !== undefined && found.length >= wanted) return found
      found.push(trace)
    }
  }
  return found
}

function isWanted(
  trace: { readonly [field: string]: Json },
  from: readonly string[] | undefined,
  to: readonly string[] | undefined,
): boolean {
  const { from: sender, to: receiver } = trace['action'] as { from: string; to?: string }
  const { address: created } = trace['result'] as { address?: string }
  const isFrom = from === undefined || from.length === 0 || from.includes(sender)
  return isFrom && (to === undefined || to.length === 0 || to.includes(receiver ?? created ?? ''))
}
