import type { CryptoProvider } from '@troupe/crypto'
import type { Fidelity, Kernel, Program, RuleSet, Runtime } from '@troupe/hypervisor'
import { type Cid, cidKey, cidOf, DAG_CBOR } from '@troupe/ipld'
import { ActorContext } from './actor-context.ts'
import { BUILTIN_ACTORS } from './builtin-actors.ts'
import { NativeError } from './errors.ts'
import { describeActor, type NativeActor } from './native-actor.ts'
import { ABSENT_VERSION } from './native-manifest.ts'
import { type SyscallRows, syscallRows } from './syscalls.ts'

/** What the runtime is given. */
export interface NativeRuntimeOptions {
  /** Names the descriptors. */
  readonly crypto: CryptoProvider
  /** The actors that it knows; others are none of its own. */
  readonly actors: readonly NativeActor[]
}

/**
 * Runs actors that are written in TypeScript. An actor's code is its descriptor, by whose CID the runtime knows it; the descriptor need not be in the
 * store, and what is not a descriptor of one of its actors is none of its business.
 *
 * Differs: gas of the actors' own code is a model, nothing is taken of the memory that the instances of a message share, and there is no limit of the
 * stack but the host's.
 */
export class NativeRuntime implements Runtime {
  readonly name = 'native'
  readonly fidelity: Fidelity = { level: 'calibrated', reason: 'gas of native actors is a fitted model' }
  readonly #actors: ReadonlyMap<string, NativeActor>
  readonly #absent: ReadonlyMap<string, string>
  /** The syscall rows of each rule set, which are the same for all machines. */
  readonly #rows = new WeakMap<RuleSet, SyscallRows>()

  constructor({ crypto, actors }: NativeRuntimeOptions) {
    this.#actors = new Map(actors.map((actor) => [cidKey(nativeCode(crypto, actor)), actor]))
    this.#absent = new Map(
      BUILTIN_ACTORS.map((name) => [
        cidKey(cidOf(crypto, DAG_CBOR, describeActor(name, ABSENT_VERSION))),
        name,
      ]),
    )
  }

  /**
   * The program of a native actor.
   * @throws {NativeError} native/unsupported-rules; native/absent-actor for a name that the manifest has without an actor: no receipt says what the
   * real one would have done
   */
  load(codeCid: Cid, _code: () => Uint8Array, rules: RuleSet): Program | undefined {
    const key = cidKey(codeCid)
    const actor = this.#actors.get(key)
    if (actor !== undefined) return new NativeProgram(actor, this.#rowsOf(rules))
    const absent = this.#absent.get(key)
    if (absent === undefined) return undefined
    throw new NativeError('native/absent-actor', `the manifest has no ${absent} actor but its name`)
  }

  #rowsOf(rules: RuleSet): SyscallRows {
    const known = this.#rows.get(rules)
    if (known !== undefined) return known
    const rows = syscallRows(rules)
    this.#rows.set(rules, rows)
    return rows
  }
}

/** The runtime for actors written in TypeScript. */
export function nativeRuntime(options: NativeRuntimeOptions): NativeRuntime {
  return new NativeRuntime(options)
}

/** The code CID of a native actor. */
export function nativeCode(crypto: CryptoProvider, actor: NativeActor): Cid {
  return cidOf(crypto, DAG_CBOR, actor.descriptor)
}

/** The program of a native actor: for runtimes that bring an actor of their own, made as native ones are. */
export class NativeProgram implements Program {
  readonly fidelity: Fidelity
  readonly #actor: NativeActor
  readonly #rows: SyscallRows

  /**
   * @param rows of the network's rules, by `syscallRows`
   * @param fidelity by default that of a model of gas
   */
  constructor(actor: NativeActor, rows: SyscallRows, fidelity: Fidelity = fidelityOf(actor)) {
    this.#actor = actor
    this.#rows = rows
    this.fidelity = fidelity
  }

  invoke(kernel: Kernel, parameters: number): number {
    try {
      const context = new ActorContext(kernel, this.#rows)
      context.gas.enter(this.#actor.gas)
      return this.#actor.invoke(context, parameters)
    } catch (error) {
      throw asHostFailure(error)
    }
  }
}

function fidelityOf({ name, version }: NativeActor): Fidelity {
  const reason = `the ${name} actor is a native one, ${version}: gas of its own code is a fitted model`
  return { level: 'calibrated', reason }
}

/** An error with the exhaustion of the native stack told apart: engines report that as they like. */
function asHostFailure(error: unknown): unknown {
  const isExhaustion =
    error instanceof Error &&
    ((error instanceof RangeError && error.message.includes('call stack')) ||
      (error.name === 'InternalError' && error.message.includes('recursion')))
  if (!isExhaustion) return error
  return new NativeError(
    'host/stack-exhausted',
    'the native stack of this thread is too small for the call',
    {
      cause: error,
    },
  )
}
