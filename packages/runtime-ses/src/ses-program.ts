import {
  Abort,
  ChargeName,
  debugLog,
  ExitCode,
  type Fidelity,
  type Kernel,
  OutOfGas,
  type Program,
  ProtocolFatal,
} from '@troupe/hypervisor'
import { EngineOutput } from './engine/engine-output.ts'
import { become, type Engines } from './engine/engines.ts'
import type { JsEngine } from './engine/js-engine.ts'
import { orAbort } from './engine/js-exception.ts'
import { ofInt } from './engine/js-value.ts'
import { HOST_STACK_SHARE } from './engine/limits.ts'
import { imagePrice } from './engine/prices.ts'
import { codeFrames } from './host/code-frames.ts'
import { whereFailed } from './host/where-failed.ts'
import type { Image } from './image/image.ts'

const FIDELITY: Fidelity = { level: 'exact' }

/**
 * An actor whose code is hardened JavaScript. Each invocation runs in an engine that is given the image of the actor: what it leaves there is gone when it ends.
 *
 * Charged are the image, by the byte; all that the engine does, instruction by instruction; and syscalls as native actors' are.
 */
export class SesProgram implements Program {
  readonly fidelity: Fidelity = FIDELITY
  readonly isReentrant: boolean
  readonly #engines: Engines
  readonly #image: () => Image
  readonly #script: () => string

  /**
   * @param image gives the actor's image, which may have to be made again
   * @param script gives the code as text
   */
  constructor(engines: Engines, isReentrant: boolean, image: () => Image, script: () => string) {
    this.#engines = engines
    this.isReentrant = isReentrant
    this.#image = image
    this.#script = script
  }

  invoke(kernel: Kernel, parameters: number): number {
    return this.#run(kernel, (engine, { roots }) => {
      const method = engine.value('JS_NewBigUint64', engine.context, BigInt.asIntN(64, kernel.context.method))
      engine.apply(roots.begin, [engine.checked(method), ofInt(parameters)])
    })
  }

  upgrade(kernel: Kernel, parameters: number, info: number): number {
    return this.#run(kernel, (engine, { roots }) => {
      engine.apply(roots.beginUpgrade, [ofInt(parameters), ofInt(info)])
    })
  }

  /** @param begin starts the invocation, in an engine that is the actor's image */
  #run(kernel: Kernel, begin: (engine: JsEngine, image: Image) => void): number {
    const image = this.#image()
    const { length } = image.snapshot
    const { rules } = this.#engines
    kernel.gas.charge(ChargeName.WASM_MEMORY_INIT, imagePrice(length, kernel.memory.used))
    if (!kernel.memory.grow(length + HOST_STACK_SHARE))
      throw new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, `an image of ${length} bytes exceeds memory limits`)
    const engine = this.#engines.take(image)
    const { instance } = engine
    const output = new EngineOutput((line) => debugLog(kernel, `engine: ${line}`))
    engine.output = output
    let isWhole = false
    instance.begin({ rules, gas: kernel.gas, memory: kernel.memory }, kernel)
    try {
      become(engine, image)
      const handle = instance.run(() =>
        orAbort(() => {
          begin(engine, image)
          engine.runJobs()
          const { rejections } = engine
          const lost = [ofInt(rejections.count), rejections.reason(engine)]
          return engine.int(engine.apply(image.roots.conclude, lost))
        }),
      )
      isWhole = true
      return handle
    } catch (error) {
      isWhole = error instanceof Abort || error instanceof OutOfGas || error instanceof ProtocolFatal
      engine.output = undefined
      if (isWhole && kernel.trace !== undefined)
        kernel.failedAt = codeFrames(this.#script(), whereFailed(engine, image, rules))
      throw error
    } finally {
      output.end()
      engine.output = undefined
      instance.end()
      // One whose memory has grown would wait in vain, and keep others from waiting.
      if (isWhole && instance.memory.byteLength === length) this.#engines.give(engine)
    }
  }
}
