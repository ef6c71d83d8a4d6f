/**
 * @module The blocks that an execution read, as a CAR: enough for anybody to execute the same again without the state, and to get the same root.
 *
 * A block is what its CID says, or the witness is refused; and one that is not in it fails the execution that asks for it. So a witness with a block missing or
 * changed never gives another result: it gives none.
 */
import type { CryptoProvider } from '@troupe/crypto'
import type { Blockstore } from '../blockstore/blockstore.ts'
import { MemoryBlockstore } from '../blockstore/memory.ts'
import type { RecordingBlockstore } from '../blockstore/recording.ts'
import { type CarLimits, decodeCar, encodeCar } from '../car/car.ts'
import type { Cid } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'

/** What a witness may hold at most. */
export interface WitnessLimits extends CarLimits {
  /** Bytes of the whole CAR. Default: 256 MiB. */
  readonly maxBytes?: number | undefined
}

const MAX_BYTES = 2 ** 28
/** Of a block in the CAR beside its bytes and its CID's: the length before it. */
const LENGTH_BYTES = 5

/**
 * The witness of what was read through `recorded` so far. Roots and blocks stand in order: the roots as they are given, the blocks as they were first read.
 *
 * The recording store must be the one right above the state, below all buffers and caches: a block that was read from a cache was not recorded.
 * @param roots what the execution started from, for whoever opens the witness
 * @throws {IpldError} witness/absent-read, with the CID, where the execution found a block to be absent, which no blocks can show; witness/too-large;
 * blockstore/unavailable
 */
export function exportWitness(
  roots: readonly Cid[],
  recorded: RecordingBlockstore,
  { maxBytes = MAX_BYTES }: Pick<WitnessLimits, 'maxBytes'> = {},
): Uint8Array<ArrayBuffer> {
  const [absent] = recorded.absent
  if (absent !== undefined)
    throw new IpldError('witness/absent-read', `${absent} was asked for and was absent`, { cid: absent })
  const blocks: [Cid, Uint8Array][] = []
  let length = 0
  for (const cid of recorded.reads) {
    const bytes = recorded.base.get(cid)
    if (bytes === undefined)
      throw new IpldError('blockstore/unavailable', `${cid} was read, and is gone`, { cid })
    length += bytes.length + cid.bytes.length + LENGTH_BYTES
    if (length > maxBytes) tooLarge(maxBytes)
    blocks.push([cid, bytes])
  }
  const car = encodeCar(roots, blocks)
  if (car.length > maxBytes) tooLarge(maxBytes)
  return car
}

/**
 * Opens a witness, after each of its blocks was compared with its CID. Blocks are views of `car`.
 * @throws {IpldError} witness/too-large; what {@link decodeCar} throws, `blockstore/hash-mismatch` for a changed block among it
 */
export function openWitness(
  car: Uint8Array,
  crypto: CryptoProvider,
  { maxBytes = MAX_BYTES, ...limits }: WitnessLimits = {},
): WitnessBlockstore {
  if (car.length > maxBytes) tooLarge(maxBytes)
  const { roots, blocks } = decodeCar(car, crypto, limits)
  return new WitnessBlockstore(roots, blocks)
}

/**
 * The blocks of a witness, and what is put on top of them. A block that is in neither is *unavailable*, never absent: that it was left out of the witness says
 * nothing about the state.
 */
export class WitnessBlockstore implements Blockstore {
  /** What the execution started from, as whoever made the witness says. */
  readonly roots: readonly Cid[]
  readonly #blocks = new MemoryBlockstore()

  constructor(roots: readonly Cid[], blocks: Iterable<readonly [Cid, Uint8Array]>) {
    this.roots = roots
    for (const [cid, bytes] of blocks) this.#blocks.put(cid, bytes)
  }

  /** @throws {IpldError} blockstore/unavailable, with the CID, where the witness does not have it */
  get(cid: Cid): Uint8Array {
    const bytes = this.#blocks.get(cid)
    if (bytes === undefined)
      throw new IpldError('blockstore/unavailable', `the witness lacks ${cid}`, { cid })
    return bytes
  }

  /** @throws {IpldError} blockstore/unavailable, with the CID, where the witness does not have it */
  has(cid: Cid): boolean {
    return this.get(cid) !== undefined
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.#blocks.put(cid, bytes)
  }
}

function tooLarge(maxBytes: number): never {
  throw new IpldError('witness/too-large', `the witness has more than ${maxBytes} bytes`)
}
