import {
  type Address,
  type Block,
  ErrorNumber,
  ExitCode,
  NO_BLOCK,
  SyscallError,
  type TokenAmount,
} from '@troupe/hypervisor'
import { ActorError, failureOfSend } from './actor-error.ts'
import type { StateAccess } from './state-access.ts'
import type { Syscalls } from './syscalls.ts'

/** A block that is sent: codec and bytes. */
export type SentBlock = Pick<Block, 'codec' | 'data'>

/** A call to another actor. */
export interface Send {
  readonly to: Address
  readonly method: bigint
  readonly parameters?: SentBlock | undefined
  /** attoFIL. Default: none. */
  readonly value?: TokenAmount
  /** Gas. Default: all there is. */
  readonly gasLimit?: bigint
  /** Default: `false`. */
  readonly readOnly?: boolean
}

/** How a call ended: with an exit code, or it could not be made. */
export type SendResult =
  | { readonly exitCode: ExitCode; readonly data: SentBlock | undefined; readonly error?: undefined }
  | { readonly error: ErrorNumber; readonly exitCode?: undefined }

const MAX_AMOUNT = 2n ** 128n - 1n
const NO_LIMIT = 2n ** 64n - 1n
const READ_ONLY = 1n

/** Calls other actors. Source: builtin-actors v18 runtime/src/runtime/fvm.rs (`send`), runtime/src/builtin/shared.rs; ref-fvm sdk/src/send.rs. */
export class Sends {
  readonly #syscalls: Syscalls
  readonly #state: StateAccess

  constructor(syscalls: Syscalls, state: StateAccess) {
    this.#syscalls = syscalls
    this.#state = state
  }

  /** Makes a call, and says how it ended. Within a change of the state none can be made. */
  attempt(send: Send): SendResult {
    if (this.#state.isChanging) return { error: ErrorNumber.IllegalOperation }
    const value = send.value ?? 0n
    if (value < 0n || value > MAX_AMOUNT) return { error: ErrorNumber.InsufficientFunds }
    try {
      return this.#send(send, value)
    } catch (error) {
      if (error instanceof SyscallError) return { error: error.number }
      throw error
    }
  }

  /** Makes a call that has to succeed, and gives what it returned. @throws {ActorError} as {@link expectSuccess} */
  require(send: Send): SentBlock | undefined {
    return expectSuccess(this.attempt(send))
  }

  #send({ to, method, parameters, gasLimit, readOnly }: Send, value: TokenAmount): SendResult {
    const { exitCode, returnId, returnCodec, returnSize } = this.#syscalls.call<{
      exitCode: number
      returnId: number
      returnCodec: bigint
      returnSize: number
    }>(
      'send.send',
      to,
      method,
      parameters === undefined ? NO_BLOCK : this.#create(parameters),
      value >> 64n,
      BigInt.asUintN(64, value),
      gasLimit ?? NO_LIMIT,
      readOnly === true ? READ_ONLY : 0n,
    )
    if (returnId === NO_BLOCK) return { exitCode, data: undefined }
    const data = new Uint8Array(returnSize)
    this.#syscalls.call('ipld.block_read', returnId, 0, data)
    return { exitCode, data: { codec: Number(returnCodec), data } }
  }

  #create({ codec, data }: SentBlock): number {
    return this.#syscalls.call<{ value: number }>('ipld.block_create', BigInt(codec), data).value
  }
}

/** What a call returned that succeeded. @throws {ActorError} with the exit code that stands for its failure, and what the callee returned with it */
export function expectSuccess(result: SendResult): SentBlock | undefined {
  if (result.error !== undefined) throw failureOfError(result.error)
  if (result.exitCode === ExitCode.OK) return result.data
  throw failureOfSend(result.exitCode, `a call ended with exit code ${result.exitCode}`, result.data)
}

/** The failure of a method that has made a call which could not be made. */
export function failureOfError(error: ErrorNumber): ActorError {
  switch (error) {
    case ErrorNumber.NotFound:
      return new ActorError(ExitCode.USR_UNSPECIFIED, 'the receiver does not exist')
    case ErrorNumber.InsufficientFunds:
      return new ActorError(ExitCode.USR_INSUFFICIENT_FUNDS, 'not enough funds')
    case ErrorNumber.LimitExceeded:
      return new ActorError(ExitCode.USR_ASSERTION_FAILED, 'too many nested calls')
    case ErrorNumber.ReadOnly:
      return new ActorError(ExitCode.USR_READ_ONLY, 'a read-only call cannot change anything')
    default:
      return new ActorError(ExitCode.USR_ASSERTION_FAILED, `a call failed with error ${error}`)
  }
}
