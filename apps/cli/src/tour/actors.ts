/** @module The actors that people of the tour bring, as code. Each is written in a file of the repository, to be read beside the tour. */
import type { ParsedSourceMap } from 'troupe'

/** Name of an actor of the tour. */
export type TourActor = 'counter' | 'relay' | 'BoxOffice' | 'Hall'

/** Code of all of them. */
export interface TourCode {
  /** Wasm. */
  readonly counter: Uint8Array
  readonly relay: Uint8Array
  /** What makes a contract of the EVM, and its functions: `sell(uint64[])`. */
  readonly boxOffice: { readonly initcode: Uint8Array; readonly functions: readonly string[] }
  /** A script in hardened JavaScript, with its source map, and the lines that it was made from. */
  readonly hall: {
    readonly script: Uint8Array
    readonly sourceMap: ParsedSourceMap
    readonly source: readonly string[]
  }
}

/** What is said of the code of an actor. */
export interface CodeReport {
  readonly name: TourActor
  /** What it is written in, and what it becomes. */
  readonly language: string
  /** Its file, from {@link SOURCES}. */
  readonly source: string
  readonly bytes: number
}

/** Where the sources are, from the root of the repository. */
export const SOURCES: string = 'tooling/fixtures'

/** Each actor of the tour, in the order in which they come. */
export function reportCode({ counter, relay, boxOffice, hall }: TourCode): readonly CodeReport[] {
  const wasm = 'AssemblyScript → Wasm'
  return [
    { name: 'counter', language: wasm, source: 'assembly/counter.ts', bytes: counter.length },
    { name: 'relay', language: wasm, source: 'assembly/relay.ts', bytes: relay.length },
    {
      name: 'BoxOffice',
      language: 'Solidity → EVM',
      source: 'solidity/BoxOffice.sol',
      bytes: boxOffice.initcode.length,
    },
    {
      name: 'Hall',
      language: 'TypeScript → hardened JS',
      source: 'javascript/hall.ts',
      bytes: hall.script.length,
    },
  ]
}
