import { Abort, ExitCode, OutOfGas } from '@troupe/hypervisor'
import { isText } from '../code-form.ts'
import { become, type Engines } from '../engine/engines.ts'
import { orAbort } from '../engine/js-exception.ts'
import { type Preparation, parsePreparation } from '../preparation.ts'
import { freeMeter, settle } from './boot.ts'
import type { FirstImage } from './first-image.ts'
import { encodeImage, type Image } from './image.ts'
import { Snapshot } from './snapshot.ts'

/** Most bytes of the images of codes that are kept, each counted by what it does not share with the first one. */
const MAXIMUM_IMAGE_BYTES = 128 * 1024 * 1024

/** What is known of a code: the image with its actor, where it is one. */
export interface PreparedCode {
  readonly preparation: Preparation
  /** `undefined` where the code was refused. */
  readonly image: Image | undefined
  /** Milligas that it took. */
  readonly used: bigint
}

/** A code that there is no image of. */
export function refusedCode(code: string, reason: string): PreparedCode {
  return { preparation: { isAccepted: false, code, reason }, image: undefined, used: 0n }
}

/** The images of codes under one rule set: of an engine that has the actor in it. */
export class CodeImages {
  readonly #engines: Engines
  readonly #first: FirstImage
  readonly #codes = new Map<string, PreparedCode>()
  readonly #maximumBytes: number
  #bytes = 0

  /** @param maximumBytes of what is kept; the code that was wanted longest ago goes, and is made anew when it is wanted again */
  constructor(engines: Engines, first: FirstImage, maximumBytes: number = MAXIMUM_IMAGE_BYTES) {
    this.#engines = engines
    this.#first = first
    this.#maximumBytes = maximumBytes
  }

  /**
   * What a code is, by running it; the same on every host.
   * @param key names the code
   * @param limit milligas; where they do not do, what a code is remains unknown
   * @throws {SesError | ContainerError} failures of the host
   */
  prepare(key: string, code: Uint8Array, limit: bigint): PreparedCode | undefined {
    const known = this.#codes.get(key)
    if (known !== undefined) {
      this.#codes.delete(key)
      this.#codes.set(key, known)
      return known
    }
    const made = this.#make(code, limit)
    if (made === undefined) return undefined
    this.#codes.set(key, made)
    this.#bytes += sizeOf(made)
    for (const [oldest, entry] of this.#codes) {
      if (this.#bytes <= this.#maximumBytes || oldest === key) break
      this.#codes.delete(oldest)
      this.#bytes -= sizeOf(entry)
    }
    return made
  }

  /** The block of an image: of what an engine is that has been given it. */
  blockOf(image: Image): Uint8Array {
    const engine = this.#engines.take(image)
    const { instance } = engine
    instance.begin(freeMeter(this.#engines.rules, 0n))
    try {
      become(engine, image)
      return encodeImage(instance.memory.bytes, instance.globals.map(Number), image.roots)
    } finally {
      instance.end()
      this.#engines.give(engine)
    }
  }

  #make(code: Uint8Array, limit: bigint): PreparedCode | undefined {
    if (!isText(code)) return refusedCode('actor/not-text', 'the code is not UTF-8, or has a zero')
    const engines = this.#engines
    const { image } = this.#first.load(engines)
    const engine = engines.take(image)
    const { instance } = engine
    const meter = freeMeter(engines.rules, limit)
    instance.begin(meter)
    let preparation: Preparation
    let prepared: Image | undefined
    try {
      become(engine, image)
      preparation = parsePreparation(
        instance.run(() =>
          orAbort(() => {
            const source = engine.newText(code)
            const answer = engine.apply(image.roots.prepare, [source])
            const text = engine.text(answer)
            for (const value of [answer, source]) engine.call('JS_FreeValue', engine.context, value)
            settle(engine)
            return text
          }),
        ),
      )
      if (preparation.isAccepted)
        prepared = { snapshot: Snapshot.after(image.snapshot, instance), roots: image.roots }
    } catch (error) {
      if (error instanceof OutOfGas) return undefined
      preparation = refusalOf(error)
    } finally {
      instance.end()
      engines.give(engine)
    }
    return { preparation, image: prepared, used: meter.gas.used }
  }
}

/** What an entry takes without its image. */
const ENTRY_BYTES = 4096

function sizeOf({ image }: PreparedCode): number {
  return ENTRY_BYTES + (image?.snapshot.ownBytes ?? 0)
}

/** What it means for a code that the engine comes to its end with it. @throws everything else */
function refusalOf(error: unknown): Preparation {
  if (!(error instanceof Abort)) throw error
  const code = error.exitCode === ExitCode.USR_ASSERTION_FAILED ? 'actor/exhausted' : 'actor/trap'
  return { isAccepted: false, code, reason: error.message }
}
