import { blake2b } from '@noble/hashes/blake2.js'
import type { CompiledActor } from '../definition/compiled-actor.ts'
import { methodNumber } from '../definition/method-number.ts'
import { SdkError } from '../errors.ts'
import type { HostBlock, HostKernel } from '../host/host-kernel.ts'
import type { ActorImage, Preparation } from '../host/image.ts'
import { enter, leave } from '../invocation/current.ts'
import { describeFailure } from '../invocation/describe-failure.ts'
import { Invocation } from '../invocation/invocation.ts'
import { OWN_METHODS, type OwnMethod } from '../invocation/own-methods.ts'
import { type MethodResult, returnedBlock, runMethod, UNGUARDED } from '../invocation/run-method.ts'
import { ActorState } from '../state/actor-state.ts'
import type { ActorScope } from './actor-scope.ts'
import { loadActor } from './load-actor.ts'

/** How a method ended that gave a promise; `undefined` while it has not. */
type Settlement = { readonly value: unknown } | { readonly error: unknown }

interface Running {
  readonly invocation: Invocation
  readonly result: MethodResult
  settlement: Settlement | undefined
}

/** See {@link ActorImage}. */
export class SdkImage implements ActorImage {
  readonly #makeScope: () => ActorScope
  readonly #ownMethods: ReadonlyMap<bigint, OwnMethod> = new Map(
    Object.entries(OWN_METHODS).map(([name, method]) => [
      methodNumber(name, (data) => blake2b(data, { dkLen: 64 })) as bigint,
      method,
    ]),
  )
  #scope: ActorScope | undefined
  #actor: CompiledActor | undefined
  #running: Running | undefined

  /** @param makeScope makes what actors are evaluated in */
  constructor(makeScope: () => ActorScope) {
    this.#makeScope = makeScope
  }

  prepare(source: string, stackOf?: (error: object) => string | undefined): string {
    this.#scope = this.#makeScope()
    const loaded = loadActor(this.#scope, source, stackOf)
    if ('refusal' in loaded) return JSON.stringify(loaded.refusal)
    this.#actor = loaded.actor
    const { name, isReentrant, methods } = loaded.actor
    const summary = [...methods].map(([number, method]) => ({
      ...{ facet: method.facet, name: method.name, number: `${number}` },
    }))
    return JSON.stringify({ isAccepted: true, name, isReentrant, methods: summary } satisfies Preparation)
  }

  begin(host: HostKernel, method: bigint, parameters: HostBlock | undefined): void {
    this.#start(host, (invocation) => runMethod(invocation, method, parameters, this.#ownMethods))
  }

  beginUpgrade(host: HostKernel, _parameters: HostBlock | undefined, _info: HostBlock): void {
    this.#start(host, (invocation) => {
      invocation.useState(ActorState.migrate(host, invocation.actor))
      return { value: undefined, returns: UNGUARDED, name: 'upgrade' }
    })
  }

  conclude(lost = 0, reason?: unknown): HostBlock | undefined {
    const running = this.#running
    if (running === undefined) throw new SdkError('invocation/none', 'nothing has begun')
    const { invocation, result, settlement } = running
    this.#running = undefined
    const block = this.#attempt(invocation.host, () => {
      if (settlement === undefined)
        throw new SdkError('promise/pending', `${result.name} waits for a promise that nothing will settle`)
      if ('error' in settlement) throw settlement.error
      if (lost > 0) {
        const why = reason === undefined ? '' : `: ${describeFailure(reason, undefined).message}`
        throw new SdkError(
          'promise/unhandled',
          `${result.name} left a promise rejected that nothing waits for${why}`,
          { cause: reason },
        )
      }
      const returned = returnedBlock(invocation, settlement.value, result)
      invocation.state.flush()
      return returned
    })
    leave()
    return block
  }

  #start(host: HostKernel, run: (invocation: Invocation) => MethodResult): void {
    this.#attempt(host, () => {
      if (this.#actor === undefined) throw new SdkError('invocation/none', 'no actor has been prepared')
      this.#scope?.forget()
      const invocation = new Invocation(host, this.#actor)
      enter(invocation)
      const result = run(invocation)
      const running: Running = { invocation, result, settlement: undefined }
      this.#running = running
      if (!(result.value instanceof Promise)) running.settlement = { value: result.value }
      else
        result.value.then(
          (value: unknown) => {
            running.settlement = { value }
          },
          (error: unknown) => {
            running.settlement = { error }
          },
        )
    })
  }

  #attempt<T>(host: HostKernel, run: () => T): T {
    let thrown: unknown
    try {
      return run()
    } catch (error) {
      thrown = error
    }
    leave()
    const { exitCode, message, block } = describeFailure(thrown, this.#scope?.wanted)
    const isLost = thrown instanceof SdkError && thrown.code === 'promise/unhandled'
    return host.abort(exitCode, message, block, isLost ? (thrown as SdkError).cause : thrown)
  }
}
