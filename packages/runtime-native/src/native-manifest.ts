import { Manifest } from '@troupe/hypervisor'
import { type CborStore, CborWriter, type Cid, DAG_CBOR } from '@troupe/ipld'
import { BUILTIN_ACTORS, type BuiltinActor } from './builtin-actors.ts'
import { NativeError } from './errors.ts'
import { describeActor, type NativeActor } from './native-actor.ts'

/** The version that a name's descriptor has where there is no actor behind it. */
export const ABSENT_VERSION = 'absent'

/** The only version of manifests that there is. */
const MANIFEST_VERSION = 1

/** A manifest in a store. */
export interface StoredManifest {
  /** What the system actor's state links to. */
  readonly data: Cid
  /** What a bundle has as its root: `[version, data CID]`. */
  readonly root: Cid
  readonly manifest: Manifest
}

/**
 * Puts the descriptors of native actors into a store, and a manifest of all built-in names with Filecoin's type numbers. Code of other runtimes may
 * stand behind a name (`others`). Actors that Filecoin does not have (`further`) come after those, in their order. A name that has neither gets a descriptor that says so, and calls of it are failures that name it.
 *
 * @throws {NativeError} native/malformed-manifest for two actors of one name, or a name that no built-in actor has
 */
export function storeNativeManifest(
  store: CborStore,
  actors: readonly NativeActor[],
  others: Readonly<Partial<Record<BuiltinActor, Cid>>> = {},
  further: readonly NativeActor[] = [],
): StoredManifest {
  const furtherNames = further.map(({ name }) => name).filter((name) => !isBuiltin(name))
  const names: readonly string[] = [...BUILTIN_ACTORS, ...furtherNames]
  const codes = new Map<string, Cid>(Object.entries(others))
  for (const { name, descriptor } of [...actors, ...further]) {
    if (!names.includes(name) || codes.has(name))
      throw new NativeError(
        'native/malformed-manifest',
        `${name} is no built-in name, or there are two of it`,
      )
    codes.set(name, store.putBlock(DAG_CBOR, descriptor))
  }
  const codeOf = (name: string): Cid =>
    codes.get(name) ?? store.putBlock(DAG_CBOR, describeActor(name, ABSENT_VERSION))
  return storeManifest(store, new Manifest(names.map((name) => [name, codeOf(name)] as const)))
}

function isBuiltin(name: string): boolean {
  return (BUILTIN_ACTORS as readonly string[]).includes(name)
}

/** Puts a manifest into a store. Shape: DAG-CBOR array of `[name, code CID]`, and the root that links to it. */
export function storeManifest(store: CborStore, manifest: Manifest): StoredManifest {
  const writer = new CborWriter().array(manifest.actors.length)
  for (const [name, code] of manifest.actors) writer.array(2).text(name).cid(code)
  const data = store.putBlock(DAG_CBOR, writer.finish())
  const root = store.putBlock(DAG_CBOR, writer.array(2).uint(MANIFEST_VERSION).cid(data).finish())
  return { data, root, manifest }
}
