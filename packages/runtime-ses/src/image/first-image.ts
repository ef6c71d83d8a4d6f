import type { CryptoProvider } from '@troupe/crypto'
import { type Cid, IpldError, parseCid } from '@troupe/ipld'
import type { Engines } from '../engine/engines.ts'
import { checkPart, digestOf, type EngineParts, LOCKDOWN_SHA256 } from '../engine/parts.ts'
import { SesError } from '../errors.ts'
import { boot, bootInputs } from './boot.ts'
import { decodeImage, type Image, imageCid } from './image.ts'
import { type ImageStore, readImage, writeImage } from './image-store.ts'

/** What the first image is made of, and where it is kept. */
export interface FirstImageOptions {
  readonly parts: EngineParts
  readonly crypto: Pick<CryptoProvider, 'blake2b' | 'sha256'>
  readonly store: ImageStore | undefined
  /** CID of the first image; `undefined` where the SDK is none that is pinned. */
  readonly expected: string | undefined
  /** Its block, where whoever asks has read it already and compared it with that CID. */
  readonly block: Uint8Array | undefined
}

/** The image of an engine that has booted, which is made for the first rules that it is needed under, and is the same for all. */
export class FirstImage {
  readonly #options: FirstImageOptions
  #first: { readonly image: Image; readonly cid: Cid } | undefined

  constructor(options: FirstImageOptions) {
    this.#options = options
  }

  /**
   * The image: from the store, or by booting an engine, which takes about a second.
   * @throws {SesError} ses/other-part; ses/other-image where it is not the one that is pinned
   */
  load(engines: Engines): { readonly image: Image; readonly cid: Cid } {
    this.#first ??= this.#make(engines)
    return this.#first
  }

  #make(engines: Engines): { readonly image: Image; readonly cid: Cid } {
    const { block: given, crypto, store, expected } = this.#options
    const named = expected === undefined ? this.#bootedBefore() : parseCid(expected)
    const stored =
      given ?? (store === undefined || named === undefined ? undefined : readImage(store, crypto, named))
    if (stored !== undefined && named !== undefined) return { image: decodeImage(stored), cid: named }
    const block = this.#boot(engines)
    const cid = imageCid(crypto, block)
    if (expected !== undefined && cid.toString() !== expected)
      throw new SesError('ses/other-image', `the engine boots to the image ${cid}, and not to ${expected}`)
    if (store !== undefined) writeImage(store, cid, block)
    if (expected === undefined) store?.put(this.#inputName(), new TextEncoder().encode(cid.toString()))
    return { image: decodeImage(block), cid }
  }

  /** What the same parts booted to before, where no image is expected of them. */
  #bootedBefore(): Cid | undefined {
    const text = this.#options.store?.get(this.#inputName())
    if (text === undefined) return undefined
    try {
      return parseCid(new TextDecoder().decode(text))
    } catch (error) {
      // A damaged file: the engine boots again.
      if (error instanceof IpldError) return undefined
      throw error
    }
  }

  #inputName(): string {
    const { crypto, parts } = this.#options
    return `booted-${digestOf(crypto, new TextEncoder().encode(bootInputs(parts.sdk())))}`
  }

  #boot(engines: Engines): Uint8Array {
    const { parts, crypto } = this.#options
    const lockdown = checkPart(crypto, 'ses.umd.min.js', parts.lockdown(), LOCKDOWN_SHA256)
    const scripts = { lockdown: new TextDecoder().decode(lockdown), sdk: parts.sdk() }
    return boot(engines.create().instance, engines.rules, scripts)
  }
}
