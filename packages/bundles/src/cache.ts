import { readdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CryptoProvider } from '@troupe/crypto'
import { type Blockstore, type Cid, IpldError, parseCid } from '@troupe/ipld'
import { isArchive, readArchive } from './archive.ts'
import { AtomicFiles, BlockFiles, isMissing, readIfThere } from './block-files.ts'
import { type Bundle, readBundle, rootOf } from './bundle.ts'
import { BundleError } from './errors.ts'
import { type CachedBundle, entryOf, formatEntry, parseEntry } from './index-entry.ts'
import { bundleName } from './label.ts'
import { BUNDLE_LIMITS, type BundleLimits } from './limits.ts'

/** A bundle that was added to a cache. */
export interface AddedBundle extends CachedBundle {
  /** Whether the cache did not have it before. */
  readonly isNew: boolean
}

/** How to add bundles. */
export interface AddOptions {
  /** What people call the release, such as `v10`. By default the file's name without its extension. */
  readonly name?: string
  /** By default {@link BUNDLE_LIMITS}. */
  readonly limits?: BundleLimits
}

/**
 * Opens the cache of bundles in a directory, which need not exist yet. Nothing is read or written by opening.
 *
 * Several caches, in several processes, may share a directory.
 */
export function openBundleCache(directory: string, crypto: CryptoProvider): BundleCache {
  return new BundleCache(directory, crypto)
}

/**
 * Bundles on disk, content-addressed: each block once, however many bundles share it, and compared with its CID whenever it is read.
 *
 * In the directory: `blocks/<last two characters>/<CID>` holds a block, `index/<root CID>.json` describes a bundle, and is written after its blocks.
 */
export class BundleCache {
  readonly directory: string
  readonly #crypto: CryptoProvider
  readonly #files: AtomicFiles
  readonly #blocks: BlockFiles

  constructor(directory: string, crypto: CryptoProvider) {
    this.directory = directory
    this.#crypto = crypto
    this.#files = new AtomicFiles(directory)
    this.#blocks = new BlockFiles(this.#files, crypto)
  }

  /**
   * Adds the bundles of a release archive (`vN.tar.zst`), or the one of a CAR: all or, where one of them is refused, none.
   * Adding again changes nothing, but restores damaged files.
   *
   * @param source the path of a file, or its content
   * @throws {BundleError} bundles/not-a-bundle, bundles/malformed, bundles/unsupported-manifest-version, bundles/incomplete, bundles/too-large;
   * what the file system throws is thrown on
   */
  async add(source: string | Uint8Array, options: AddOptions = {}): Promise<AddedBundle[]> {
    const limits = options.limits ?? BUNDLE_LIMITS
    const bytes = typeof source === 'string' ? await readSource(source, limits.fileBytes) : source
    if (bytes.length > limits.fileBytes) throw tooLarge(limits.fileBytes)
    const release = options.name ?? (typeof source === 'string' ? basename(source) : '')
    const cars = isArchive(bytes) ? await readArchive(bytes, limits) : [{ fileName: '', bytes }]
    const bundles = cars.map((car) => {
      const bundle = readBundle(car.bytes, this.#crypto, limits)
      return { bundle, name: bundleName(release, car.fileName) || bundle.root.toString() }
    })
    const added: AddedBundle[] = []
    for (const { bundle, name } of bundles) added.push(await this.#keep(bundle, name))
    return added
  }

  /**
   * The bundles here, by name.
   * @throws {BundleError} bundles/corrupt, bundles/unknown where a block of a manifest is gone
   */
  list(): CachedBundle[] {
    // `v9` before `v10`, in every locale.
    const byName = new Intl.Collator('en', { numeric: true })
    let names: string[]
    try {
      names = readdirSync(join(this.directory, 'index'))
    } catch (cause) {
      if (isMissing(cause)) return []
      throw cause
    }
    return names
      .filter((name) => name.endsWith('.json'))
      .map((name) => this.#entry(this.#rootNamed(name)))
      .filter((entry) => entry !== undefined)
      .sort((a, b) => byName.compare(a.name, b.name))
  }

  /**
   * The bundle with this manifest data, as a state tree's System actor names it, or `undefined` where it is not here.
   * @throws {BundleError} bundles/corrupt, bundles/unknown where a block of a manifest is gone
   */
  find(manifestData: Cid): CachedBundle | undefined {
    return this.#entry(rootOf(manifestData, this.#crypto))
  }

  /**
   * A block, compared with its CID.
   * @throws {BundleError} bundles/unknown, bundles/corrupt
   */
  get(cid: Cid): Uint8Array {
    const bytes = this.#blocks.read(cid)
    if (bytes) return bytes
    throw new BundleError('bundles/unknown', `${cid} is not in the cache at ${this.directory}`)
  }

  /**
   * The blocks here as a blockstore that takes none. A damaged file throws `blockstore/hash-mismatch` with the `bundles/corrupt` as its cause, and
   * a file that cannot be read `blockstore/unavailable`: neither is taken for an absent block.
   */
  blockstore(): Blockstore {
    return {
      get: (cid) => this.#read(cid),
      has: (cid) => this.#blocks.has(cid),
      put: () => {
        throw new BundleError('bundles/read-only', 'a cache of bundles takes whole bundles, not blocks')
      },
    }
  }

  #read(cid: Cid): Uint8Array | undefined {
    try {
      return this.#blocks.read(cid)
    } catch (cause) {
      if (cause instanceof BundleError)
        throw new IpldError('blockstore/hash-mismatch', cause.message, { cause })
      throw new IpldError('blockstore/unavailable', `${cid} cannot be read from the cache of bundles`, {
        cause,
      })
    }
  }

  async #keep(bundle: Bundle, name: string): Promise<AddedBundle> {
    await this.#blocks.write(bundle.root, bundle.rootBlock)
    await this.#blocks.write(bundle.manifestData, bundle.manifestDataBlock)
    for (const { code, wasm } of bundle.actors) await this.#blocks.write(code, wasm)
    const known = this.#intactEntry(bundle.root)
    if (known) return { ...known, isNew: false }
    const entry = entryOf(name, bundle)
    await this.#files.write(this.#indexPath(bundle.root), new TextEncoder().encode(formatEntry(entry)))
    return { ...entry, isNew: true }
  }

  /** The entry of a bundle whose blocks are here, or `undefined` where it is missing or damaged. */
  #intactEntry(root: Cid): CachedBundle | undefined {
    try {
      return this.#entry(root)
    } catch (cause) {
      if (cause instanceof BundleError && cause.code === 'bundles/corrupt') return undefined
      throw cause
    }
  }

  #entry(root: Cid): CachedBundle | undefined {
    const path = this.#indexPath(root)
    const text = readIfThere(path)
    return text && parseEntry(new TextDecoder().decode(text), path, root, (cid) => this.get(cid))
  }

  #rootNamed(fileName: string): Cid {
    try {
      return parseCid(fileName.slice(0, -'.json'.length))
    } catch (cause) {
      const path = join(this.directory, 'index', fileName)
      throw new BundleError('bundles/corrupt', `${path} is not named for a bundle. Remove the file.`, {
        cause,
        path,
      })
    }
  }

  #indexPath(root: Cid): string {
    return join(this.directory, 'index', `${root}.json`)
  }
}

async function readSource(path: string, limit: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new BundleError('bundles/not-a-bundle', `${path} is not a file`)
    if (stat.size > limit) throw tooLarge(limit)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

function tooLarge(limit: number): BundleError {
  return new BundleError('bundles/too-large', `a file of more than ${limit} bytes`)
}
