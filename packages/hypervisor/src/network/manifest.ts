import { CborReader, type CborStore, type Cid, cidEquals, cidKey } from '@troupe/ipld'
import { HypervisorError } from '../errors.ts'

/** The only manifest version there is. */
const MANIFEST_VERSION = 1

/**
 * The built-in actors of a network: code CIDs by name and by type number (position in the list, from 1).
 *
 * Where a name or a code occurs twice, the last one counts, except that all keep their numbers.
 *
 * Shape of the data block: DAG-CBOR array of `[name, code CID]`. Source: ref-fvm release/v2 and release/v3 fvm/src/machine/manifest.rs.
 */
export class Manifest {
  readonly actors: readonly (readonly [name: string, code: Cid])[]
  readonly #typeByCode = new Map<string, number>()
  readonly #codeByName = new Map<string, Cid>()

  constructor(actors: readonly (readonly [name: string, code: Cid])[]) {
    this.actors = actors
    actors.forEach(([name, code], index) => {
      this.#typeByCode.set(cidKey(code), index + 1)
      this.#codeByName.set(name, code)
    })
  }

  /**
   * Reads the list that the system actor's state links to.
   * @throws {HypervisorError} manifest/malformed
   * @throws {IpldError}
   */
  static load(store: CborStore, data: Cid, requiredActors: readonly string[]): Manifest {
    const key = `manifest:${cidKey(data)}`
    const known = store.nodes.get(key)
    const manifest = known instanceof Manifest ? known : Manifest.#read(store, data)
    for (const name of requiredActors)
      if (manifest.code(name) === undefined)
        throw new HypervisorError('manifest/malformed', `the manifest has no ${name} actor`)
    store.nodes.set(key, manifest)
    return manifest
  }

  static #read(store: CborStore, data: Cid): Manifest {
    const reader = new CborReader(store.getBlock(data))
    const actors: [string, Cid][] = []
    for (let rest = reader.array(); rest > 0; rest--) {
      reader.tuple(2)
      actors.push([reader.text(), reader.cid()])
    }
    reader.end()
    return new Manifest(actors)
  }

  /**
   * The data block that a bundle's root block points to.
   *
   * Shape: DAG-CBOR tuple `[version, manifest data CID]`.
   * @throws {HypervisorError} manifest/unsupported-version
   */
  static dataOf(store: CborStore, manifest: Cid): Cid {
    const reader = new CborReader(store.getBlock(manifest))
    reader.tuple(2)
    const version = reader.uint(32)
    if (version !== MANIFEST_VERSION)
      throw new HypervisorError(
        'manifest/unsupported-version',
        `manifest version ${version} is not supported`,
      )
    const data = reader.cid()
    reader.end()
    return data
  }

  /** Type number of a code CID, 0 where it is none of the built-in actors. */
  typeOf(code: Cid): number {
    return this.#typeByCode.get(cidKey(code)) ?? 0
  }

  /** Code CID of a type number. */
  codeOf(type: number): Cid | undefined {
    return this.actors[type - 1]?.[1]
  }

  /** Code CID of a name. */
  code(name: string): Cid | undefined {
    return this.#codeByName.get(name)
  }

  /** Name of a code CID, as traces and reports show it; rules ask {@link Manifest.is}. */
  nameOf(code: Cid): string | undefined {
    return this.actors[this.typeOf(code) - 1]?.[0]
  }

  /** Whether a code CID is the one of the actor with this name. */
  is(name: string, code: Cid): boolean {
    const known = this.#codeByName.get(name)
    return known !== undefined && cidEquals(known, code)
  }
}
