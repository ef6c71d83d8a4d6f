/**
 * @module What a message did as Ethereum's tools see it: calls and creations of contracts. Calls by which the FEVM only does its own work are left out, and a delegate call, which is
 * two of them, is one.
 *
 * Source: lotus node/impl/eth/trace.go `buildTrace`.
 */
import {
  type ActorId,
  addressEquals,
  type Block,
  type CallFrame,
  type CallTree,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  ExitCode,
  INIT_ACTOR_ID,
  idAddress,
  type Manifest,
  MILLIGAS_PER_GAS,
  type StampedEvent,
  type StateTree,
  totalGas,
} from '@troupe/hypervisor'
import { CborReader, type CborStore, RAW } from '@troupe/ipld'
import { CREATE_EXTERNAL, INVOKE_CONTRACT } from 'troupe/ethereum'
import { type Hex, toHex } from '../text/hex.ts'
import { ethereumAddressOf, ethereumAddressOfId } from './address.ts'
import { eventsOfFrames, type FrameEvent } from './call-events.ts'
import { cborBytes } from './cbor-bytes.ts'
import { readContractState } from './contract-state.ts'
import { logOfEvent } from './log-event.ts'
import { nativeCallData, nativeReturnData } from './native-call.ts'

/** How a call came about. */
export type CallType = 'call' | 'staticcall' | 'delegatecall' | 'create' | 'create2'

/** A call or a creation. Gas is whole gas. */
export interface EvmCall {
  readonly type: CallType
  readonly from: Hex
  /** The contract that was called, or created; none where creating failed. */
  readonly to: Hex | undefined
  readonly gas: bigint
  readonly gasUsed: bigint
  readonly value: bigint
  readonly input: Uint8Array
  readonly output: Uint8Array
  readonly exitCode: number
  readonly calls: readonly EvmCall[]
  /** What it has logged itself, and what was not taken back. */
  readonly logs: readonly CallLog[]
}

/** A log of a call. */
export interface CallLog {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  /** Calls that came before it. */
  readonly position: number
  /** Among all logs of the block. */
  readonly index: number
}

/** What calls are read with. */
export interface CallTraceSetting {
  readonly manifest: Manifest
  /** The state after them, by which actors have their addresses. */
  readonly state: StateTree
  /** What the message has emitted. Default: nothing, and calls have no logs. */
  readonly events?: readonly StampedEvent[]
  /** Where code of contracts is; without it creations have none. */
  readonly store?: CborStore
  /** Logs of the block before those of the message. Default: 0. */
  readonly firstLogIndex?: number
}

const CONSTRUCTOR = 1n
const RESURRECT = 2n
const GET_BYTECODE = 3n
const INVOKE_DELEGATE = 6n
const EAM_CREATE = 2n
const EAM_CREATE2 = 3n
const FIRST_EXPORTED_METHOD = 1024n
const EXEC = 2n
const REVERTED = 33
const MILLIGAS = BigInt(MILLIGAS_PER_GAS)
/** What stands for code that there is none of: no contract can begin so (EIP-3541). */
const NO_CODE = Uint8Array.of(0xfe)
/** Codec of nothing. */
const NO_CODEC = 0n

/** The calls of a message, the outermost first: one, or none where the message could not be delivered. */
export function readCallTrace(setting: CallTraceSetting, { roots }: CallTree): EvmCall[] {
  const logs = logsOfFrames(setting, roots)
  return roots.flatMap((root) => {
    const from = ethereumAddressOfId(setting.state, root.call.from)
    return new CallTraceReader({ ...setting, logs }, from, false, true).read(root)
  })
}

/** A log, with how many calls of its frame came before, those that Ethereum's tools do not see included. */
type FrameLog = Omit<CallLog, 'position'> & { readonly framePosition: number }

function logsOfFrames(
  { events = [], firstLogIndex = 0, state }: CallTraceSetting,
  roots: readonly CallFrame[],
): Map<CallFrame, FrameLog[]> {
  let index = firstLogIndex
  const toLogs = ({ event, position }: FrameEvent): FrameLog[] => {
    const log = logOfEvent(event)
    if (log === undefined) return []
    const address = ethereumAddressOfId(state, event.emitter)
    const [topics, data] = [log.topics.map(toHex), toHex(log.data)]
    return [{ address, topics, data, framePosition: position, index: index++ }]
  }
  // In the order in which they happened, so that their numbers are right.
  const logs = new Map<CallFrame, FrameLog[]>()
  for (const entry of eventsOfFrames(roots, events))
    logs.set(entry.frame, [...(logs.get(entry.frame) ?? []), ...toLogs(entry)])
  return logs
}

type ReaderSetting = CallTraceSetting & { readonly logs: ReadonlyMap<CallFrame, readonly FrameLog[]> }

/** Reads the calls of one caller. */
class CallTraceReader {
  readonly #setting: ReaderSetting
  readonly #caller: Hex
  readonly #isContract: boolean
  readonly #isTop: boolean
  /** The contract whose code was asked for last: what a delegate call then runs. */
  #lastCode: Hex | undefined

  constructor(setting: ReaderSetting, caller: Hex, isContract: boolean, isTop = false) {
    this.#setting = setting
    this.#caller = caller
    this.#isContract = isContract
    this.#isTop = isTop
  }

  read(frame: CallFrame): EvmCall[] {
    const exitCode = exitCodeOf(frame)
    const isRefused = exitCode === ExitCode.SYS_INSUFFICIENT_FUNDS || exitCode === undefined
    if ((isRefused && !this.#isTop) || frame.actor === undefined) return []
    const { method, to } = frame.call
    if (method === INVOKE_CONTRACT) return [this.#contractCall(frame)]
    if (to.id === INIT_ACTOR_ID && method === EXEC) return this.#nativeCreation(frame)
    if (
      to.id === ETHEREUM_ADDRESS_MANAGER_ACTOR_ID &&
      [EAM_CREATE, EAM_CREATE2, CREATE_EXTERNAL].includes(method)
    )
      return this.#creation(frame)
    if (this.#isContract && method > 0n && method < FIRST_EXPORTED_METHOD) return this.#ownWork(frame)
    return [this.#call(frame, nativeCallData(method, parametersOf(frame)), nativeOutput(frame), frame)]
  }

  #contractCall(frame: CallFrame): EvmCall {
    const input = evmBytes(frame.call.parameters)
    const output = evmBytes(returnBlockOf(frame))
    if (input !== undefined && output !== undefined) return this.#call(frame, input, output, frame)
    return this.#call(
      frame,
      nativeCallData(frame.call.method, parametersOf(frame)),
      nativeOutput(frame),
      frame,
    )
  }

  #call(frame: CallFrame, input: Uint8Array, output: Uint8Array, inside: CallFrame): EvmCall {
    return {
      ...this.#common(frame, frame.call.readOnly ? 'staticcall' : 'call', inside),
      ...{ to: this.#addressOf(frame), input, output },
    }
  }

  #creation(frame: CallFrame): EvmCall[] {
    const construction = frame.call.readOnly ? undefined : constructorOf(frame)
    if (construction === undefined) return []
    const { method } = frame.call
    const isSuccess = exitCodeOf(frame) === ExitCode.OK
    const reverted = exitCodeOf(frame) === REVERTED ? evmBytes(returnBlockOf(construction)) : undefined
    return [
      {
        ...this.#common(frame, method === EAM_CREATE2 ? 'create2' : 'create', construction),
        to: isSuccess ? createdBy(returnOf(frame)) : undefined,
        input: initcodeOf(method, parametersOf(frame)),
        output: isSuccess ? this.#codeOf(construction.actor) : (reverted ?? new Uint8Array()),
      },
    ]
  }

  #nativeCreation(frame: CallFrame): EvmCall[] {
    const construction = frame.call.readOnly
      ? undefined
      : frame.calls.find(({ call }) => call.method === CONSTRUCTOR)
    if (construction === undefined) return []
    const isSuccess = exitCodeOf(frame) === ExitCode.OK
    return [
      {
        ...this.#common(frame, 'create', construction),
        to: isSuccess ? this.#addressOf(construction) : undefined,
        ...{ input: NO_CODE, output: isSuccess ? NO_CODE : new Uint8Array() },
      },
    ]
  }

  /** Contracts cannot call such methods; the FEVM does, for its own purposes, of which one is a delegate call. */
  #ownWork(frame: CallFrame): EvmCall[] {
    if (frame.call.method === GET_BYTECODE)
      this.#lastCode = exitCodeOf(frame) === ExitCode.OK ? this.#addressOf(frame) : undefined
    if (frame.call.method !== INVOKE_DELEGATE || this.#lastCode === undefined) return []
    const { input, value } = delegateParameters(parametersOf(frame))
    return [
      {
        ...this.#common(frame, 'delegatecall', frame),
        ...{ to: this.#lastCode, input, value, output: evmBytes(returnBlockOf(frame)) ?? new Uint8Array() },
      },
    ]
  }

  /**
   * The code that a contract was created with.
   *
   * Differs: Lotus has `0xfe` for all code; here that is for what is no contract (any more).
   */
  #codeOf(id: ActorId | undefined): Uint8Array {
    const { manifest, state, store } = this.#setting
    const actor = id === undefined ? undefined : state.getActor(id)
    if (actor === undefined || store === undefined || !manifest.is('evm', actor.code)) return NO_CODE
    return store.blocks.get(readContractState(store, actor.head).bytecode) ?? NO_CODE
  }

  #common(frame: CallFrame, type: CallType, inside: CallFrame): Omit<EvmCall, 'to' | 'input' | 'output'> {
    return {
      ...{ type, from: this.#caller, value: frame.call.value },
      gas: frame.call.gasLimit / MILLIGAS,
      gasUsed: totalGas(frame) / MILLIGAS,
      exitCode: exitCodeOf(frame) ?? ExitCode.SYS_ASSERTION_FAILED,
      ...this.#inside(inside),
    }
  }

  #inside(frame: CallFrame): Pick<EvmCall, 'calls' | 'logs'> {
    const isContract = frame.code !== undefined && this.#setting.manifest.is('evm', frame.code)
    const reader = new CallTraceReader(this.#setting, this.#addressOf(frame), isContract)
    const calls = frame.calls.map((call) => reader.read(call))
    const logs = (this.#setting.logs.get(frame) ?? []).map(({ framePosition, ...log }) => ({
      ...log,
      position: calls.slice(0, framePosition).reduce((sum, read) => sum + read.length, 0),
    }))
    return { calls: calls.flat(), logs }
  }

  /** A contract whose creation was taken back is not in the state; its caller's address is what is left of it. */
  #addressOf({ actor, call }: CallFrame): Hex {
    const { state } = this.#setting
    return ethereumAddressOf(state, call.to) ?? ethereumAddressOfId(state, actor as ActorId)
  }
}

/** The call that ran initcode, below the address manager's. */
function constructorOf({ calls }: CallFrame): CallFrame | undefined {
  for (const frame of calls) {
    if (frame.call.method === RESURRECT) return frame
    if (!addressEquals(frame.call.to, idAddress(INIT_ACTOR_ID))) continue
    const construction = frame.calls.find(({ call }) => call.method === CONSTRUCTOR)
    if (construction !== undefined) return construction
  }
  return undefined
}

/** `undefined` where the call ended with a syscall's error that is none of its own. */
function exitCodeOf({ outcome }: CallFrame): number | undefined {
  if (outcome?.type === 'return') return outcome.exitCode
  if (outcome?.type === 'error' && outcome.number === 'out-of-gas') return ExitCode.SYS_OUT_OF_GAS
  return undefined
}

/** What a contract was given, or has returned: contracts call each other with bytes as they are, and others call them with a CBOR byte string. `undefined` for anything else. */
function evmBytes(block: Block | undefined): Uint8Array | undefined {
  return block?.codec === RAW ? block.data : cborBytes(block?.data ?? new Uint8Array())
}

function returnBlockOf({ outcome }: CallFrame): Block | undefined {
  return outcome?.type === 'return' ? outcome.value : undefined
}

function parametersOf({ call }: CallFrame): Uint8Array {
  return call.parameters?.data ?? new Uint8Array()
}

function returnOf(frame: CallFrame): Uint8Array {
  return returnBlockOf(frame)?.data ?? new Uint8Array()
}

function nativeOutput(frame: CallFrame): Uint8Array {
  const value = returnBlockOf(frame)
  const codec = value === undefined ? NO_CODEC : BigInt(value.codec)
  return nativeReturnData(exitCodeOf(frame) ?? ExitCode.SYS_ASSERTION_FAILED, codec, returnOf(frame))
}

/** `[actor id, robust address or null, Ethereum address]`. */
function createdBy(returned: Uint8Array): Hex {
  const reader = new CborReader(returned)
  reader.tuple(3)
  reader.uint64()
  if (!reader.tryNull()) reader.bytes()
  return toHex(reader.bytes())
}

/** `[initcode, nonce or salt]`, or the initcode alone. */
function initcodeOf(method: bigint, parameters: Uint8Array): Uint8Array {
  const reader = new CborReader(parameters)
  if (method !== CREATE_EXTERNAL) reader.tuple(2)
  return reader.bytes().slice()
}

/** `[code, input, caller, value]`. */
function delegateParameters(parameters: Uint8Array): { readonly input: Uint8Array; readonly value: bigint } {
  const reader = new CborReader(parameters)
  reader.tuple(4)
  reader.cid()
  const input = reader.bytes().slice()
  reader.bytes()
  return { input, value: reader.bigInt() }
}
