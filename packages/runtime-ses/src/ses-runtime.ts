import type { CryptoProvider } from '@troupe/crypto'
import {
  ChargeName,
  type CodeRefusal,
  GasTracker,
  type Program,
  ProtocolFatal,
  type RuleSet,
  type Runtime,
} from '@troupe/hypervisor'
import { type Cid, cidKey, RAW } from '@troupe/ipld'
import { isHardenedCode } from './code-form.ts'
import { Engines } from './engine/engines.ts'
import { LOADING_LIMIT, PREPARATION_LIMIT } from './engine/limits.ts'
import type { EngineParts } from './engine/parts.ts'
import { CodeImages, type PreparedCode, refusedCode } from './image/code-images.ts'
import { FirstImage } from './image/first-image.ts'
import { type Image, imageCid } from './image/image.ts'
import type { ImageStore } from './image/image-store.ts'
import { offsetOf, reasonOf } from './preparation.ts'
import { SesProgram } from './ses-program.ts'

/** Most bytes of codes whose programs are kept. */
const MAXIMUM_CODE_BYTES = 64 * 1024 * 1024

/** What the runtime is made of. */
export interface SesRuntimeOptions {
  readonly parts: EngineParts
  /** Names images, and checks the parts. */
  readonly crypto: Pick<CryptoProvider, 'blake2b' | 'sha256'>
  /** Where images and the transformed engine are kept beyond the process. Default: nowhere. */
  readonly store?: ImageStore
  /** CID of the image that the parts boot to; with it the store is asked before an engine boots. Default: whatever they boot to. */
  readonly image?: string
  /** The block of that image, read from a store and compared with the CID, which is not done again. */
  readonly block?: Uint8Array
}

/** Runs actors in hardened JavaScript, deterministic and metered: QuickJS in Wasm, with `ses` and the SDK in it. */
export class SesRuntime implements Runtime {
  readonly name = 'ses'
  readonly #options: SesRuntimeOptions
  readonly #first: FirstImage
  readonly #networks = new WeakMap<RuleSet, Network>()

  constructor(options: SesRuntimeOptions) {
    this.#options = options
    const { parts, crypto, store, image, block } = options
    this.#first = new FirstImage({ parts, crypto, store, expected: image, block })
  }

  /** The CID of the image that all actors' images are made from. @throws {SesError} ses/other-image, ses/other-part, ses/unsupported-rules */
  imageCid(rules: RuleSet): Cid {
    return this.#first.load(this.#networkOf(rules).engines).cid
  }

  /** The CID of the image of a code, with its actor in it; `undefined` where the code is refused. What hosts can compare. @throws {SesError} likewise */
  codeImageCid(codeCid: Cid, code: Uint8Array, rules: RuleSet): Cid | undefined {
    const { images } = this.#networkOf(rules)
    const image = images.prepare(cidKey(codeCid), code, LOADING_LIMIT)?.image
    return image && imageCid(this.#options.crypto, images.blockOf(image))
  }

  load(codeCid: Cid, code: () => Uint8Array, rules: RuleSet): Program | undefined {
    if (codeCid.code !== RAW) return undefined
    const key = cidKey(codeCid)
    const known = this.#networks.get(rules)?.programs.get(key)
    if (known !== undefined) return known
    const bytes = code()
    if (!isHardenedCode(bytes)) return undefined
    const network = this.#networkOf(rules)
    const { preparation } = network.images.prepare(key, bytes, LOADING_LIMIT) ?? TOO_SLOW
    if (!preparation.isAccepted)
      throw new ProtocolFatal(`failed to load a hardened actor: ${reasonOf(preparation)}`)
    const image = (): Image => {
      const found = network.images.prepare(key, bytes, LOADING_LIMIT)?.image
      if (found === undefined) throw new RangeError('a code that was accepted is so no more')
      return found
    }
    const script = (): string => new TextDecoder().decode(bytes)
    const program = new SesProgram(network.engines, preparation.isReentrant, image, script)
    if (network.codeBytes + bytes.length > MAXIMUM_CODE_BYTES) {
      network.programs.clear()
      network.codeBytes = 0
    }
    network.programs.set(key, program)
    network.codeBytes += bytes.length
    return program
  }

  validate(
    codeCid: Cid,
    code: Uint8Array,
    rules: RuleSet,
    _library: unknown,
    gas: GasTracker = new GasTracker(PREPARATION_LIMIT),
  ): 'accepted' | CodeRefusal | undefined {
    if (rules.userActors === undefined || !isHardenedCode(code)) return undefined
    let limit = PREPARATION_LIMIT
    if (gas.available < limit) limit = gas.available
    const found = this.#networkOf(rules).images.prepare(cidKey(codeCid), code, limit)
    // Where the installer has less gas than there is for any code, it is the gas that is used up.
    const { preparation, used } =
      found === undefined || found.used > PREPARATION_LIMIT ? { ...TOO_SLOW, used: PREPARATION_LIMIT } : found
    gas.chargeWide(ChargeName.ON_INSTALL_ACTOR, used)
    if (preparation.isAccepted) return 'accepted'
    return { code: preparation.code, reason: reasonOf(preparation), offset: offsetOf(preparation, code) }
  }

  #networkOf(rules: RuleSet): Network {
    const known = this.#networks.get(rules)
    if (known !== undefined) return known
    const { parts, crypto, store } = this.#options
    const engines = new Engines(rules, { engine: parts.engine, crypto, store })
    const made = { engines, images: new CodeImages(engines, this.#first), programs: new Map(), codeBytes: 0 }
    this.#networks.set(rules, made)
    return made
  }
}

/** What there is for one rule set. */
interface Network {
  readonly engines: Engines
  readonly images: CodeImages
  readonly programs: Map<string, SesProgram>
  /** Of the programs. */
  codeBytes: number
}

const TOO_SLOW: PreparedCode = refusedCode(
  'actor/too-slow',
  'the code is not ready within the gas that there is for it',
)

/** The runtime for hardened JavaScript. */
export function sesRuntime(options: SesRuntimeOptions): SesRuntime {
  return new SesRuntime(options)
}
