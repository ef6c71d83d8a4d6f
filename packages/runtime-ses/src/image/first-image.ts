import type { CryptoProvider } from '@troupe/crypto'
import { type Cid, parseCid } from '@troupe/ipld'
import type { Engines } from '../engine/engines.ts'
import { checkPart, type EngineParts, LOCKDOWN_SHA256 } from '../engine/parts.ts'
import { SesError } from '../errors.ts'
import { boot } from './boot.ts'
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
    const stored =
      given ??
      (store === undefined || expected === undefined
        ? undefined
        : readImage(store, crypto, parseCid(expected)))
    const block = stored ?? this.#boot(engines)
    const cid = stored === undefined || expected === undefined ? imageCid(crypto, block) : parseCid(expected)
    if (expected !== undefined && cid.toString() !== expected)
      throw new SesError('ses/other-image', `the engine boots to the image ${cid}, and not to ${expected}`)
    if (store !== undefined && stored === undefined) writeImage(store, cid, block)
    return { image: decodeImage(block), cid }
  }

  #boot(engines: Engines): Uint8Array {
    const { parts, crypto } = this.#options
    const lockdown = checkPart(crypto, 'ses.umd.min.js', parts.lockdown(), LOCKDOWN_SHA256)
    const scripts = { lockdown: new TextDecoder().decode(lockdown), sdk: parts.sdk() }
    return boot(engines.create().instance, engines.rules, scripts)
  }
}
