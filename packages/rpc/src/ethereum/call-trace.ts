/**
 * @module What a message did as Ethereum's tools see it: calls and creations of contracts. Calls by which the FEVM only does its own work are left out, and a delegate call, which is
 * two of them, is one.
 *
 * Source: lotus node/impl/eth/trace.go `buildTrace`.
 */
import {
  type ActorId,
  addressEquals,
  type CallFrame,
  type CallTree,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  ExitCode,
  exitCodeName,
  INIT_ACTOR_ID,
  idAddress,
  type Manifest,
  MILLIGAS_PER_GAS,
  type StateTree,
  totalGas,
} from '@troupe/hypervisor'
import { CborReader } from '@troupe/ipld'
import { CREATE_EXTERNAL, INVOKE_CONTRACT } from 'troupe/ethereum'
import { type Hex, toHex } from '../text/hex.ts'
import { ethereumAddressOf, ethereumAddressOfId } from './address.ts'
import { cborBytes } from './cbor-bytes.ts'
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
}

/** What calls are read with. */
export interface CallTraceSetting {
  readonly manifest: Manifest
  /** The state after them, by which actors have their addresses. */
  readonly state: StateTree
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
  return roots.flatMap((root) => {
    const from = ethereumAddressOfId(setting.state, root.call.from)
    return new CallTraceReader(setting, from, false, true).read(root)
  })
}

/** What stands for an error in traces: what go-ethereum says, where there is something like it. */
export function errorOf(exitCode: number): string | undefined {
  if (exitCode === ExitCode.OK) return undefined
  if (exitCode === ExitCode.SYS_OUT_OF_GAS) return 'out of gas'
  return EVM_ERRORS[exitCode] ?? exitCodeName(exitCode as ExitCode)
}
const EVM_ERRORS: Readonly<Record<number, string>> = {
  33: 'execution reverted',
  34: 'invalid instruction',
  35: 'undefined instruction',
  36: 'stack underflow',
  37: 'stack overflow',
  38: 'illegal memory access',
  39: 'invalid jump destination',
  40: 'self destruct failed',
}

/** Reads the calls of one caller. */
class CallTraceReader {
  readonly #setting: CallTraceSetting
  readonly #caller: Hex
  readonly #isContract: boolean
  readonly #isTop: boolean
  /** The contract whose code was asked for last: what a delegate call then runs. */
  #lastCode: Hex | undefined

  constructor(setting: CallTraceSetting, caller: Hex, isContract: boolean, isTop = false) {
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
    const input = cborBytes(parametersOf(frame))
    const output = cborBytes(returnOf(frame))
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
    const reverted = exitCodeOf(frame) === REVERTED ? cborBytes(returnOf(construction)) : undefined
    return [
      {
        ...this.#common(frame, method === EAM_CREATE2 ? 'create2' : 'create', construction),
        to: isSuccess ? createdBy(returnOf(frame)) : undefined,
        input: initcodeOf(method, parametersOf(frame)),
        output: isSuccess ? NO_CODE : (reverted ?? new Uint8Array()),
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
        ...{ to: this.#lastCode, input, value, output: cborBytes(returnOf(frame)) ?? new Uint8Array() },
      },
    ]
  }

  #common(frame: CallFrame, type: CallType, inside: CallFrame): Omit<EvmCall, 'to' | 'input' | 'output'> {
    return {
      ...{ type, from: this.#caller, value: frame.call.value },
      gas: frame.call.gasLimit / MILLIGAS,
      gasUsed: totalGas(frame) / MILLIGAS,
      exitCode: exitCodeOf(frame) ?? ExitCode.SYS_ASSERTION_FAILED,
      calls: this.#inside(inside),
    }
  }

  #inside(frame: CallFrame): EvmCall[] {
    const isContract = frame.code !== undefined && this.#setting.manifest.is('evm', frame.code)
    const reader = new CallTraceReader(this.#setting, this.#addressOf(frame), isContract)
    return frame.calls.flatMap((call) => reader.read(call))
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

function parametersOf({ call }: CallFrame): Uint8Array {
  return call.parameters?.data ?? new Uint8Array()
}

function returnOf({ outcome }: CallFrame): Uint8Array {
  return (outcome?.type === 'return' ? outcome.value?.data : undefined) ?? new Uint8Array()
}

function nativeOutput(frame: CallFrame): Uint8Array {
  const value = frame.outcome?.type === 'return' ? frame.outcome.value : undefined
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
