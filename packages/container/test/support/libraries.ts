/** @module Libraries for tests: modules with the section that makes them so, under made-up code CIDs. */
import type { FindLibrary } from '@troupe/container'
import { loadCrypto } from '@troupe/crypto'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import { name, section, u32 } from './wasm-builder.ts'
import { wat } from './wat.ts'

const crypto = await loadCrypto()

/** What `dylink.0` says; alignments are exponents. */
export interface Needs {
  readonly memorySize?: number
  readonly memoryAlignment?: number
  readonly tableSize?: number
  readonly tableAlignment?: number
}

/** The section `dylink.0`, with more subsections behind that of memory and table. */
export function dylink(needs: Needs = {}, more: readonly number[] = []): number[] {
  const { memorySize = 0, memoryAlignment = 0, tableSize = 0, tableAlignment = 0 } = needs
  const info = [memorySize, memoryAlignment, tableSize, tableAlignment].flatMap(u32)
  return section(0, [...name('dylink.0'), 1, ...u32(info.length), ...info, ...more])
}

/** A module with `dylink.0` in front of its sections. */
export function asLibrary(
  module: Uint8Array,
  needs?: Needs,
  more?: readonly number[],
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...module.subarray(0, 8), ...dylink(needs, more), ...module.subarray(8)])
}

/** A library of a text. */
export function library(text: string, needs?: Needs): Uint8Array<ArrayBuffer> {
  return asLibrary(wat(`(module ${text})`, { mutable_globals: true }), needs)
}

/** What is installed: gives the module name for imports of each library that is added. */
export class Installed {
  readonly #codes = new Map<string, Uint8Array>()
  /** How often each was asked for. */
  readonly asked: string[] = []
  readonly find: FindLibrary = (cid) => {
    this.asked.push(cid.toString())
    return this.#codes.get(cid.toString())
  }

  add(code: Uint8Array, cid: Cid = cidOf(crypto, RAW, code)): string {
    this.#codes.set(cid.toString(), code)
    return `lib:${cid}`
  }
}

/** A code CID. */
export function codeCid(code: Uint8Array): Cid {
  return cidOf(crypto, RAW, code)
}
