import { type Context, createContext, Script } from 'node:vm'
import { SesError } from '../errors.ts'
import { HOST_SCRIPT } from '../host/host-script.ts'
import { PLACES_SCRIPT } from '../host/places-script.ts'
import { CONSOLE, LOCKDOWN } from '../image/boot.ts'
import { type Collect, LostPromises } from './lost-promises.ts'
import { V8_HOST_SCRIPT, type V8Host } from './v8-host.ts'

/** Scripts that every realm evaluates, compiled once. */
export interface RealmScripts {
  readonly lockdown: Script
  readonly sdk: Script
}

/** Compiles what realms are made of. */
export function compileRealm({
  lockdown,
  sdk,
}: {
  readonly lockdown: string
  readonly sdk: string
}): RealmScripts {
  const compile = (source: string, filename: string): Script => new Script(source, { filename })
  return {
    lockdown: compile(`${CONSOLE}\n${lockdown}\n${LOCKDOWN}`, 'troupe:lockdown.js'),
    sdk: compile(sdk, 'troupe:sdk.js'),
  }
}

const PLACES = new Script(PLACES_SCRIPT, { filename: 'troupe:places.js' })
/** V8 notes where an error came from when somebody first asks for its stack. */
const START = new Script(
  `invoked = (({ watch, stack }, of) => {
  const asked = (error) => {
    try { void error.stack } catch {}
    return stack(error);
  };
  const linesOf = (error) =>
    of(error) ?? JSON.parse(asked(error)).map(([file, , line, column]) => 'at ' + file + ':' + line + ':' + column).join('\\n');
  return (${HOST_SCRIPT})((${V8_HOST_SCRIPT})(raw), image, { watch, of: linesOf, stack: asked });
})(places, stackOf)`,
  { filename: 'troupe:host.js' },
)
const COLLECT = new Script('collect(...values)', { filename: 'troupe:promises.js' })
const CALL = new Script('answer = invoked[index](...values)', { filename: 'troupe:call.js' })
/** By their index in what the host script gives. */
const FUNCTIONS = { prepare: 0, begin: 1, beginUpgrade: 2, conclude: 3, where: 4 } as const
const TIMED_OUT = 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/** What the global object of the start compartment has besides. Actors have compartments of their own, and see nothing of it. */
interface Sandbox {
  raw: V8Host['raw']
  image: unknown
  places: unknown
  stackOf: (error: object) => string | undefined
  invoked: unknown
  collect: Collect | undefined
  index: number
  values: readonly unknown[]
  answer: unknown
}

/** What is evaluated and called in one realm may take. */
export interface RealmLimits {
  /** Milliseconds of one step; `undefined` for no bound. */
  readonly timeoutMs: number | undefined
}

/**
 * A realm of its own with `ses` locked down inside, and the SDK: what the engine in Wasm has in an image. Jobs of promises are run at the end of each step.
 *
 * Nothing of the host's realm is handed to it but {@link V8Host.raw}, which the script that stands in front keeps to itself.
 */
export class V8Realm {
  readonly #sandbox: Sandbox
  readonly #limits: RealmLimits
  readonly #lost: LostPromises

  /** @param stackOf where a syntax error is, which `lockdown` hides */
  constructor(
    { lockdown, sdk }: RealmScripts,
    host: V8Host,
    limits: RealmLimits,
    stackOf: () => string | undefined = () => undefined,
  ) {
    const nothing = {
      image: undefined,
      places: undefined,
      invoked: undefined,
      collect: undefined,
      index: 0,
      values: [],
      answer: undefined,
    }
    // Without a prototype: it would be one of the host's realm.
    this.#sandbox = Object.assign(Object.create(null) as Sandbox, { raw: host.raw, stackOf, ...nothing })
    this.#limits = limits
    createContext(this.#sandbox, { microtaskMode: 'afterEvaluate', codeGeneration: { wasm: false } })
    this.#lost = new LostPromises(this.#sandbox as unknown as Context)
    this.#sandbox.collect = this.#lost.collect
    this.#sandbox.places = PLACES.runInContext(this.#sandbox)
    lockdown.runInContext(this.#sandbox)
    this.#sandbox.image = sdk.runInContext(this.#sandbox)
    START.runInContext(this.#sandbox)
  }

  /** Calls one of the functions that the host script gives, and runs the jobs that come of it. @throws what it throws, and {@link SesError} ses/timeout */
  call(name: keyof typeof FUNCTIONS, ...values: readonly unknown[]): unknown {
    this.#sandbox.index = FUNCTIONS[name]
    this.#sandbox.values = values
    const { timeoutMs } = this.#limits
    try {
      this.#lost.watch(() =>
        CALL.runInContext(this.#sandbox, timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      )
    } catch (error) {
      if ((error as { code?: unknown } | undefined)?.code !== TIMED_OUT) throw error
      throw new SesError(
        'ses/timeout',
        `the code ran for more than ${timeoutMs} ms: V8 counts no gas, and would go on for ever`,
        { cause: error },
      )
    }
    return this.#sandbox.answer
  }

  /** Evaluates a code; gives what the SDK says of it. What promises its module leaves rejected is of no call, and would end the process. @throws {SesError} ses/timeout */
  prepare(source: string): string {
    try {
      return this.call('prepare', source) as string
    } finally {
      this.takeRejections()
    }
  }

  /** What the promises were rejected with that were made in calls until now, and that nobody waits for. */
  takeRejections(): unknown[] {
    const reasons: unknown[] = []
    this.#sandbox.values = [this.#lost.take(), reasons]
    COLLECT.runInContext(this.#sandbox)
    return reasons
  }
}
