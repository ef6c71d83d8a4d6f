import { CborReader, CborWriter } from '@troupe/ipld/cbor'
import type { CompiledMethod } from '../definition/compiled-actor.ts'
import { CallError, HostRefusal, SdkError, type SdkErrorCode } from '../errors.ts'
import type { HostBlock } from '../host/host-kernel.ts'
import type { Payment } from '../powers/powers.ts'
import { LATER, type RefTarget } from '../refs/ref.ts'
import { bytes } from '../values/bytes.ts'
import type { Passable } from '../values/passable.ts'
import { idAddress } from './id-address.ts'
import type { Invocation } from './invocation.ts'
import { encodePlain } from './message-codec.ts'

/** The system actor that keeps messages until the end of the block, and its methods; see `messageQueueActor` of `@troupe/actors`. */
export const MESSAGE_QUEUE = 12n
const ENQUEUE = 880_105_856n
const WHEN = 2_046_275_332n
const FORGET = 3_233_830_627n
const ERROR_NOT_FOUND = 6
const DAG_CBOR = 0x71

/** Gas of calls that are made later, unless they say. */
const DEFAULT_GAS_LIMIT = 200_000_000n

const MAX_GAS = 2n ** 64n - 1n

/** What the queue's exit codes say. */
const REFUSALS: Readonly<Record<number, SdkErrorCode>> = {
  16: 'future/has-continuation',
  17: 'future/unknown',
  18: 'future/unknown',
  32: 'future/no-gas',
  33: 'future/too-large',
}

/** How a call is made later. */
export interface LaterOptions {
  /** What goes with it; see `Funds`. Default: nothing. */
  readonly value?: Payment
  /** Gas that it may use, which the message at hand pays for, used or not. Default: 200 million. */
  readonly gasLimit?: bigint
}

/** Calls that an invocation leaves to the end of the block. */
export class LaterCalls {
  readonly #invocation: Invocation

  constructor(invocation: Invocation) {
    this.#invocation = invocation
  }

  /** Leaves a call, and gives its number. @throws {SdkError} future/..., and as for calls that are made at once */
  enqueue(
    target: RefTarget,
    name: string,
    values: readonly Passable[],
    { gasLimit = DEFAULT_GAS_LIMIT, value }: LaterOptions,
    keepsResult: boolean,
  ): bigint {
    expectGas(gasLimit)
    const { method, parameters } = this.#invocation.encodeCall(target, name, values)
    const message = encodePlain((writer) => {
      writer.array(5).bytes(idAddress(target.actor)).uint(method).bytes(parameters.data).uint(gasLimit)
      writer.bool(keepsResult)
    })
    const returned = this.#ask(ENQUEUE, message, value)
    const reader = new CborReader(returned?.data ?? new Uint8Array())
    reader.tuple(1)
    return reader.uint64()
  }

  /** Has a result delivered. The data stands in the form of the actor's state, for it comes back to it. @throws {SdkError} future/... */
  when(
    future: bigint,
    callee: bigint,
    method: string,
    data: Passable,
    { gasLimit = DEFAULT_GAS_LIMIT }: Pick<LaterOptions, 'gasLimit'>,
  ): void {
    expectGas(gasLimit)
    const { actor, state } = this.#invocation
    const number = [...actor.methods].find(([, { facet, name }]) => facet === LATER && name === method)?.[0]
    if (number === undefined)
      throw new SdkError('future/no-continuation', `the facet ${LATER} has no method ${method}`)
    state.expectContinuation(method)
    const context = new CborWriter().array(2).uint(callee).raw(state.encode(data)).finish()
    const parameters = encodePlain((writer) => {
      writer.array(4).uint(future).uint(number).bytes(context).uint(gasLimit)
    })
    this.#ask(WHEN, parameters)
  }

  /** Gives up a result. @throws {SdkError} future/unknown */
  forget(future: bigint): void {
    this.#ask(
      FORGET,
      encodePlain((writer) => writer.array(1).uint(future)),
    )
  }

  /** What a continuation is called with: how the call ended, and the data. @throws {SdkError} grant/refused where it is not the queue that calls; argument/undecodable */
  arguments({ name }: CompiledMethod, block: HostBlock | undefined): readonly Passable[] {
    const { message, state } = this.#invocation
    if (message.caller !== MESSAGE_QUEUE)
      throw new SdkError('grant/refused', `${LATER}.${name} is called by the message queue alone`)
    const reader = new CborReader(block?.data ?? new Uint8Array())
    reader.tuple(4)
    reader.uint64()
    const context = new CborReader(reader.bytes())
    const exitCode = reader.uint64()
    const returned = reader.tryNull() ? undefined : reader.bytes()
    context.tuple(2)
    const callee = context.uint64()
    const data = state.decode(context.raw())
    const ok = exitCode === 0n
    return [
      {
        ...{ ok, exitCode, returned: returned === undefined ? null : bytes(returned) },
        value: ok && returned !== undefined && returned.length > 0 ? this.#valueOf(callee, returned) : null,
      },
      data,
    ]
  }

  /** What a callee returned, where it is a value: other languages return what they like. */
  #valueOf(callee: bigint, returned: Uint8Array): Passable {
    try {
      return this.#invocation.codec(callee).decode({ codec: DAG_CBOR, data: returned })
    } catch (error) {
      if (error instanceof SdkError && error.code === 'argument/undecodable') return null
      throw error
    }
  }

  #ask(method: bigint, parameters: HostBlock, value?: Payment): HostBlock | undefined {
    const options = value === undefined ? {} : { value }
    try {
      return this.#invocation.send(MESSAGE_QUEUE, method, parameters, options, 'the message queue')
    } catch (error) {
      if (error instanceof HostRefusal && error.errorNumber === ERROR_NOT_FOUND)
        throw new SdkError(
          'future/unsupported',
          'the network has no message queue, which makes calls later; call(ref) calls at once',
        )
      if (error instanceof CallError)
        throw new SdkError(REFUSALS[error.calleeExitCode] ?? 'future/refused', error.message, {
          cause: error,
        })
      throw error
    }
  }
}

/** @throws {SdkError} future/no-gas for what is no number of gas from 1 on, 64 bits at most */
function expectGas(gasLimit: bigint): void {
  if (typeof gasLimit !== 'bigint' || gasLimit < 1n || gasLimit > MAX_GAS)
    throw new SdkError('future/no-gas', 'a call that is made later has a gas limit of 1 to 2^64-1')
}
