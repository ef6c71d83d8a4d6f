import type { Address, TokenAmount } from '@troupe/hypervisor'
import type { IpldValue } from '@troupe/ipld'
import type { CallableChain } from './chain-shortcuts.ts'
import type { MessageOutcome, Outcome } from './outcome.ts'
import type { CallRequest, MessageRequest } from './request.ts'
import type { SendOptions } from './send-options.ts'
import { type Methods, TypedActor } from './typed-actor.ts'

/** What a caller says of a message to an actor, besides method and parameters. */
export type CallOptions = Omit<MessageRequest, 'to' | 'method' | 'params'> & SendOptions

type Method = NonNullable<CallRequest['method']>

/** An actor of a chain, to be called. */
export class ActorHandle {
  readonly address: Address
  readonly #vm: CallableChain

  constructor(vm: CallableChain, address: Address) {
    this.#vm = vm
    this.address = address
  }

  /** Sends it a message. @throws {ActorError} where the exit code is not 0 */
  send(method: Method, params?: IpldValue, options: CallOptions = {}): Promise<MessageOutcome> {
    return this.#vm.send({ ...options, to: this.address, method, params }, options)
  }

  /** Sends it a message, and gives what became of it, be it a failure. */
  trySend(method: Method, params?: IpldValue, options: CallOptions = {}): Promise<MessageOutcome> {
    return this.#vm.trySend({ ...options, to: this.address, method, params }, options)
  }

  /** Asks it something, without a message. @throws {ActorError} where the exit code is not 0 */
  view(
    method: Method,
    params?: IpldValue,
    options: Omit<CallRequest, 'to' | 'method' | 'params'> = {},
  ): Promise<Outcome> {
    return this.#vm.view({ ...options, to: this.address, method, params })
  }

  /**
   * The actor as one in hardened JavaScript is called there, with its types: `handle.typed<MethodsOfActor<typeof Counter, 'public'>>()`.
   * @param facet default: `public`, which everyone may call
   * @param grant the number of the sender's grant, for any other
   */
  typed<M extends Methods>(facet = 'public', grant?: bigint): TypedActor<M> {
    return new TypedActor(this, facet, grant)
  }

  /** attoFIL. */
  balance(): Promise<TokenAmount> {
    return this.#vm.balanceOf(this.address)
  }
}
