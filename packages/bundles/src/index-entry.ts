/** @module What the cache keeps of a bundle beside its blocks: a small JSON file that people can read. */
import type { Cid } from '@troupe/ipld'
import { type Bundle, decodeManifest, decodeManifestData, type ManifestActor } from './bundle.ts'
import { BundleError } from './errors.ts'
import { isBundleName } from './label.ts'

/** An actor of a cached bundle. */
export interface CachedActor extends ManifestActor {
  /** The size of its Wasm module. */
  readonly bytes: number
}

/** A bundle in the cache. */
export interface CachedBundle {
  /** What people call it, such as `v10/mainnet`. Nothing is looked up by it. */
  readonly name: string
  /** The CID of the block `[1, manifest data]`. */
  readonly root: Cid
  /** The CID by which state trees name the bundle. */
  readonly manifestData: Cid
  /** In the order of the manifest: an actor's type number is its position from 1. */
  readonly actors: readonly CachedActor[]
}

/** The entry of a bundle that has just been read. */
export function entryOf(name: string, { root, manifestData, actors }: Bundle): CachedBundle {
  const sized = actors.map((actor) => ({ name: actor.name, code: actor.code, bytes: actor.wasm.length }))
  return { name, root, manifestData, actors: sized }
}

/** Writes an entry: JSON with CIDs as text. */
export function formatEntry({ name, root, manifestData, actors }: CachedBundle): string {
  const plain = {
    name,
    root: root.toString(),
    manifestData: manifestData.toString(),
    actors: actors.map((actor) => ({ name: actor.name, code: actor.code.toString(), bytes: actor.bytes })),
  }
  return `${JSON.stringify(plain, null, 2)}\n`
}

/**
 * Reads an entry back. The JSON is taken at its word for the name and the sizes only; the rest is decoded from the blocks, and must be what the
 * JSON says.
 *
 * @param get gives a block that was compared with its CID, or throws
 * @throws {BundleError} bundles/corrupt, and what `get` throws
 */
export function parseEntry(
  text: string,
  path: string,
  root: Cid,
  get: (cid: Cid) => Uint8Array,
): CachedBundle {
  const manifestData = decodeManifest(get(root))
  const claimed = parseClaims(text)
  const actors = decodeManifestData(get(manifestData)).map((actor, i) => ({
    ...actor,
    bytes: claimed?.sizes[i] ?? -1,
  }))
  const entry = { name: claimed?.name ?? '', root, manifestData, actors }
  if (formatEntry(entry) === text) return entry
  const message = `${path} is damaged: it does not describe its bundle. Remove the file and add the bundle again.`
  throw new BundleError('bundles/corrupt', message, { path })
}

/** What an entry says that its blocks do not; `undefined` where it is no entry. */
function parseClaims(text: string): { name: string; sizes: number[] } | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
  if (!isRecord(value) || typeof value['name'] !== 'string' || !Array.isArray(value['actors']))
    return undefined
  const name = value['name']
  const sizes = value['actors'].map((actor: unknown) => {
    const bytes = isRecord(actor) ? actor['bytes'] : undefined
    return typeof bytes === 'number' && Number.isSafeInteger(bytes) ? bytes : -1
  })
  return isBundleName(name) && sizes.every((size) => size >= 0) ? { name, sizes } : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
