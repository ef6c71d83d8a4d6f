import type { CompiledActor } from '../definition/compiled-actor.ts'
import { exportName, methodNumber } from '../definition/method-number.ts'
import { CallError, SdkError } from '../errors.ts'
import { askHost } from '../host/ask-host.ts'
import type { HostBlock, HostKernel, HostMessage } from '../host/host-kernel.ts'
import { spend } from '../powers/payment.ts'
import type { Payment } from '../powers/powers.ts'
import { narrow } from '../refs/grants.ts'
import { checkName, PUBLIC, type Ref, type RefTarget } from '../refs/ref.ts'
import { writeNames } from '../refs/ref-table.ts'
import type { ActorState } from '../state/actor-state.ts'
import { bytes } from '../values/bytes.ts'
import type { Passable } from '../values/passable.ts'
import { idAddress } from './id-address.ts'
import { LaterCalls } from './later-calls.ts'
import { encodePlain, MessageCodec } from './message-codec.ts'
import { DELEGATE } from './own-methods.ts'

const BLAKE2B_512 = 0xb240

/** How a call is made. */
export interface CallOptions {
  /** What goes with it; see `Funds`. Default: nothing. */
  readonly value?: Payment
  /** Gas that the callee may use. Default: all that is left. */
  readonly gasLimit?: bigint
  /** Whether neither the callee nor whom it calls may change anything. Default: `false`. */
  readonly readOnly?: boolean
}

/** One call of the actor, and the calls that it makes. */
export class Invocation {
  readonly host: HostKernel
  readonly actor: CompiledActor
  readonly message: HostMessage
  /** Calls that are left to the end of the block. */
  readonly later: LaterCalls
  #state: ActorState | undefined

  constructor(host: HostKernel, actor: CompiledActor) {
    this.host = host
    this.actor = actor
    this.message = askHost('asking for the message', () => host.message())
    this.later = new LaterCalls(this)
  }

  /** The actor's state. */
  get state(): ActorState {
    if (this.#state === undefined) throw new SdkError('invocation/none', 'the actor has no state yet')
    return this.#state
  }

  /** Gives the invocation its state. */
  useState(state: ActorState): void {
    this.#state = state
  }

  /** What is sent to an actor and comes from it. */
  codec(partner: bigint): MessageCodec {
    return new MessageCodec(this, partner)
  }

  /** The facet of an actor that everyone may call. */
  publicRef(actor: bigint): Ref {
    return this.state.refs.ref({ actor, facet: PUBLIC, grant: undefined, only: undefined })
  }

  /** Calls a method by name. @throws {CallError} where it fails; {@link SdkError} */
  callMethod(
    target: RefTarget,
    name: string,
    values: readonly Passable[],
    options: CallOptions,
  ): Passable | undefined {
    if (target.actor === this.message.receiver) throw new SdkError('ref/own', 'an actor cannot call itself')
    const { exported, method, parameters } = this.encodeCall(target, name, values)
    const returned = this.send(target.actor, method, parameters, options, exported)
    return returned === undefined ? undefined : this.codec(target.actor).decode(returned)
  }

  /** What a call of a method by name is made of. Where it is one of the actor's own facets, that is granted to itself. @throws {SdkError} ref/narrowed, value/... */
  encodeCall(
    target: RefTarget,
    name: string,
    values: readonly Passable[],
  ): { readonly exported: string; readonly method: bigint; readonly parameters: HostBlock } {
    const { actor, facet, only } = target
    if (only?.includes(name) === false)
      throw new SdkError('ref/narrowed', `the reference is not good for ${name}`)
    const exported = exportName(facet, name)
    const grant =
      actor === this.message.receiver && facet !== PUBLIC
        ? this.state.grants.add({ facet, holder: actor, parent: target.grant, only })
        : target.grant
    const parameters = this.codec(actor).encodeArguments(grant === undefined ? values : [grant, ...values])
    return { exported, method: this.#numberOf(exported), parameters }
  }

  /**
   * Makes a call. What has changed is written before, so that the callee and whom it calls find it.
   * @param what names the call in errors
   * @throws {CallError} where it fails; {@link SdkError} host/refused
   */
  send(
    actor: bigint,
    method: bigint,
    parameters: HostBlock | undefined,
    options: CallOptions,
    what: string,
  ): HostBlock | undefined {
    const { value, gasLimit, readOnly = false } = options
    this.state.flush()
    const amount = spend(value)
    const { exitCode, block } = askHost(`calling ${what} of f0${actor}`, () =>
      this.host.send({
        ...{ to: idAddress(actor), method, parameters, value: amount, gasLimit, readOnly },
        locksSender: false,
      }),
    )
    this.#settle(`${what} of f0${actor}`)
    if (exitCode !== 0)
      throw new CallError(
        `${what} of f0${actor}`,
        exitCode,
        block === undefined ? undefined : { codec: block.codec, data: bytes(block.data) },
      )
    return block
  }

  /** What a reference is in the hands of another: for one of the actor's own facets, or of somebody else's, with a grant that is made for that. */
  handOver(target: RefTarget, holder: bigint): RefTarget {
    const { actor, facet, grant, only } = target
    if (facet === PUBLIC || actor === holder) return target
    if (actor === this.message.receiver)
      return { ...target, grant: this.state.grants.add({ facet, holder, parent: grant, only }) }
    if (grant === undefined) throw new SdkError('ref/not-a-ref', 'a reference to a facet without a grant')
    const parameters = encodePlain((writer) => {
      writer.array(3).uint(grant).uint(holder)
      writeNames(writer, only)
    })
    const made = this.send(actor, this.#numberOf(DELEGATE), parameters, {}, DELEGATE)
    const number = made === undefined ? undefined : this.codec(actor).decode(made)
    if (typeof number !== 'bigint' || number < 0n)
      throw new SdkError('argument/undecodable', 'a grant that is no number')
    return { ...target, grant: number }
  }

  /** A reference to the same with fewer methods. */
  attenuate(target: RefTarget, only: readonly string[]): Ref {
    return this.state.refs.ref({ ...target, only: narrow(target.only, only.map(checkName)) })
  }

  /**
   * After a call: others may have called the actor meanwhile, where the network has no locks that refuse it. Where they changed its state and it is not made for that, there is no
   * going on, and nothing to be caught.
   * @param what the call
   */
  #settle(what: string): void {
    if (!this.state.hasMoved) return
    if (this.actor.isReentrant) this.state.reload()
    else {
      const error = new SdkError(
        'actor/reentered',
        `${what} came back to the actor and changed its state, which it would find so with "reentrant: true"`,
      )
      this.host.abort(error.exitCode, `${error.code}: ${error.message}`, undefined, error)
    }
  }

  #numberOf(name: string): bigint {
    const number = methodNumber(name, (data) =>
      askHost('hashing a name', () => this.host.hash(BLAKE2B_512, data)),
    )
    if (number === undefined) throw new SdkError('method/unknown', `${name} has no number`)
    return number
  }
}
