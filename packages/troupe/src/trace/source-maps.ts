import type { SourceLookup } from '@troupe/hypervisor'
import { type Cid, cidKey } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'
import type { FoundSourceMap, GivenSourceMap } from './given-source-map.ts'
import { ScriptMap } from './script-map.ts'

/** Most units of mappings and names that are kept. */
const MAX_KEPT_LENGTH = 32 * 1024 * 1024
/** Most codes of which something is known. */
const MAX_CODES = 4096

/** What is known of a code: its source map, or why that is of no use. */
type Known = { readonly map: ScriptMap } | { readonly problem: string }

/** The source maps of actors' codes, by which traces show the places of what was written. They are no part of a chain, and change nothing in it. */
export class SourceMaps {
  readonly #codes = new Map<string, Known>()
  readonly #maximumLength: number
  #length = 0

  /** @param maximumLength units of mappings and names that are kept; what was added first goes where there are more */
  constructor(maximumLength: number = MAX_KEPT_LENGTH) {
    this.#maximumLength = maximumLength
  }

  /**
   * Takes the source map of a code, in place of any that it had.
   * @throws {TroupeError} source-map/malformed, source-map/too-large, source-map/other-code
   */
  add(code: Cid, text: string): void {
    this.#keep(code, { map: ScriptMap.parse(text, code) })
  }

  /** Takes what was read. @throws {TroupeError} as {@link add}, where it was given */
  take(code: Cid, map: GivenSourceMap): void {
    if ('file' in map) this.#offer(code, map)
    else this.add(code, map.text)
  }

  /** Takes a file that may or may not have the source map of a code: where it has not, stacks say so. A map that was given stays. */
  #offer(code: Cid, found: FoundSourceMap): void {
    const problem = 'problem' in found ? found.problem : this.#problemOf(code, found.text)
    if (problem !== undefined && !this.#codes.has(cidKey(code)))
      this.#keep(code, { problem: `${found.file} is not used: ${problem}` })
  }

  #problemOf(code: Cid, text: string): string | undefined {
    try {
      this.add(code, text)
      return undefined
    } catch (error) {
      if (error instanceof TroupeError) return error.message
      throw error
    }
  }

  /** Where the places of a code were written, as far as it is known. */
  readonly locate: SourceLookup = (code, frames) => {
    const known = this.#codes.get(cidKey(code))
    if (known === undefined) return { frames }
    if ('problem' in known) return { frames, note: known.problem }
    return { frames: frames.map((frame) => ({ ...frame, source: known.map.place(frame) })) }
  }

  #keep(code: Cid, known: Known): void {
    const key = cidKey(code)
    this.#forget(key)
    this.#codes.set(key, known)
    this.#length += lengthOf(known)
    for (const oldest of this.#codes.keys()) {
      if (this.#codes.size <= MAX_CODES && this.#length <= this.#maximumLength) break
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    const known = this.#codes.get(key)
    if (known === undefined) return
    this.#codes.delete(key)
    this.#length -= lengthOf(known)
  }
}

function lengthOf(known: Known): number {
  return 'map' in known ? known.map.size : 0
}
