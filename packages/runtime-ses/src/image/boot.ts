import { type EmbeddedInstance, type Meter, TRANSFORMER_VERSION } from '@troupe/container'
import { Abort, GasTracker, MemoryBudget, OutOfGas, ProtocolFatal, type RuleSet } from '@troupe/hypervisor'
import { JsEngine } from '../engine/js-engine.ts'
import { JsException } from '../engine/js-exception.ts'
import { HEADROOM, HEAP_LIMIT, MAXIMUM_PAGES, STACK_HEIGHT, STACK_LIMIT } from '../engine/limits.ts'
import { ENGINE_SHA256, LOCKDOWN_SHA256 } from '../engine/parts.ts'
import { SesError } from '../errors.ts'
import { HOST_SCRIPT } from '../host/host-script.ts'
import { PLACES_SCRIPT } from '../host/places-script.ts'
import { encodeImage } from './image.ts'
import { PAGE_SIZE } from './snapshot.ts'

/** Gas is counted while an engine boots, and there is enough of it. */
const BOOT_GAS = 2n ** 60n
/** What `lockdown` wants to find, and takes away. */
export const CONSOLE =
  'globalThis.console = { debug() {}, log() {}, info() {}, warn() {}, error() {}, group() {}, groupCollapsed() {}, groupEnd() {} };'
/** Errors have no stacks, and nothing is reported anywhere; the rest is as `ses` has it by default. */
export const LOCKDOWN =
  "lockdown({ errorTaming: 'safe', reporting: 'none', consoleTaming: 'unsafe', errorTrapping: 'none', unhandledRejectionTrapping: 'none' });"

/** An account for what no message pays for. */
export function freeMeter(rules: RuleSet, milligas: bigint): Meter {
  return { rules, gas: new GasTracker(milligas), memory: new MemoryBudget(MAXIMUM_PAGES * PAGE_SIZE) }
}

/**
 * Boots an engine in a new instance: evaluates the library, locks down, evaluates the SDK and what connects it with the host.
 *
 * @returns the block of the image
 * @throws {SesError} ses/other-image where one of the scripts fails
 */
export function boot(
  instance: EmbeddedInstance,
  rules: RuleSet,
  scripts: { readonly lockdown: string; readonly sdk: string },
): Uint8Array<ArrayBuffer> {
  instance.begin(freeMeter(rules, BOOT_GAS))
  const engine = new JsEngine(instance)
  try {
    const roots = instance.run(() => {
      startEngine(engine)
      engine.call('qjs_set_promise_rejection_handler', 1)
      const places = engine.evaluate(PLACES_SCRIPT)
      for (const script of [CONSOLE, scripts.lockdown, LOCKDOWN])
        engine.call('JS_FreeValue', engine.context, engine.evaluate(script))
      const image = engine.evaluate(scripts.sdk)
      const functions = engine.apply(engine.evaluate(HOST_SCRIPT), [engine.hostFunction(), image, places])
      const [prepare, begin, beginUpgrade, conclude, where] = [0, 1, 2, 3, 4].map((i) =>
        engine.element(functions, i),
      ) as [bigint, bigint, bigint, bigint, bigint]
      settle(engine)
      const { context, runtime } = engine
      return { context, runtime, prepare, begin, beginUpgrade, conclude, where }
    })
    return encodeImage(instance.memory.bytes, instance.globals.map(Number), roots)
  } catch (error) {
    throw asBootFailure(error)
  } finally {
    instance.end()
  }
}

/** All that decides what an engine boots to, as text. */
export function bootInputs(sdk: string): string {
  const limits = [HEAP_LIMIT, MAXIMUM_PAGES, STACK_HEIGHT, STACK_LIMIT, HEADROOM]
  return JSON.stringify([
    ...[ENGINE_SHA256, LOCKDOWN_SHA256, TRANSFORMER_VERSION, limits],
    ...[CONSOLE, PLACES_SCRIPT, LOCKDOWN, HOST_SCRIPT, sdk],
  ])
}

/** Starts an engine in a new instance, with the limits that it has everywhere. */
export function startEngine(engine: JsEngine): void {
  engine.call('_initialize')
  engine.call('qjs_init')
  engine.call('qjs_set_memory_limit', HEAP_LIMIT)
  engine.call('qjs_set_max_stack_size', STACK_LIMIT)
  engine.context = engine.call('qjs_get_context_ptr')
  engine.runtime = engine.call('qjs_get_runtime_ptr')
}

/** Leaves an engine as what comes next is to find it: no garbage, and {@link HEADROOM} at the end of the heap. */
export function settle(engine: JsEngine): void {
  engine.runJobs()
  engine.call('JS_RunGC', engine.runtime)
  engine.call('free', engine.call('malloc', HEADROOM))
}

function asBootFailure(error: unknown): unknown {
  const text =
    error instanceof JsException
      ? error.text
      : error instanceof Abort || error instanceof ProtocolFatal
        ? error.message
        : error instanceof OutOfGas
          ? 'out of gas'
          : undefined
  return text === undefined
    ? error
    : new SesError('ses/other-image', `the engine does not boot: ${text}`, { cause: error })
}
