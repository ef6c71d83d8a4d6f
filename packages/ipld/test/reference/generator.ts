/** @module The other half of `main.rs`: the same random numbers from the same seeds, and what the reference answered. */
import { readFileSync } from 'node:fs'

/** Knuth's linear congruential generator; the low 16 bits, which are poor, are dropped. */
export class Generator {
  #state: bigint

  constructor(seed: number) {
    this.#state = BigInt(seed)
  }

  below(bound: number): number {
    this.#state = BigInt.asUintN(64, this.#state * 6364136223846793005n + 1442695040888963407n)
    return Number((this.#state >> 16n) % BigInt(bound))
  }
}

/** The recorded lines of one kind, by seed. */
export function recordedRuns(kind: string): [seed: number, line: string][] {
  const lines = readFileSync(new URL('./runs.txt', import.meta.url), 'utf8').split('\n')
  return lines.filter((line) => line.startsWith(`${kind} `)).map((line) => [Number(line.split(' ')[1]), line])
}
