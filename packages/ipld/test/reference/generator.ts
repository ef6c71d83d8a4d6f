/**
 * @module What the reference answered to random changes, and the random numbers from which they follow.
 *
 * `runs.txt` was recorded from fvm_ipld_kamt 0.4.6, fvm_ipld_amt 0.7.7 and fvm_ipld_bitfield 0.7.2. One line is one run: the kind, the seed, and
 * what the structure showed after changes that the tests draw from the same seed in the same order.
 */
import runs from './runs.txt?raw'

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
  return runs
    .split('\n')
    .filter((line) => line.startsWith(`${kind} `))
    .map((line) => [Number(line.split(' ')[1]), line])
}
