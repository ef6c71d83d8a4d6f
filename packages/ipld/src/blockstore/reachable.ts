import { scanLinks } from '../cbor/scan-links.ts'
import {
  type Cid,
  cidKey,
  DAG_CBOR,
  FIL_COMMITMENT_SEALED,
  FIL_COMMITMENT_UNSEALED,
  IDENTITY,
} from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import type { Blockstore } from './blockstore.ts'

/**
 * Every block that `roots` reach in `store`, each once, parents before children, with `undefined` for one that is absent.
 *
 * Followed are the links of DAG-CBOR blocks. Sector commitments (codecs 0xf101, 0xf102) name no blocks and are passed over, and so are identity CIDs, but for the
 * links in the content of DAG-CBOR ones. Links are found under the rules of any generation of the FVM: what the later ones refuse the earliest may have kept.
 * @param seen keys of CIDs that are passed over, with what they reach; all that are met are added
 * @throws {IpldError} blockstore/unscannable, with the CID, where a block's links cannot be found; blockstore/unavailable
 */
export function* reachableBlocks(
  store: Blockstore,
  roots: Iterable<Cid>,
  seen: Set<string> = new Set(),
): Generator<[cid: Cid, bytes: Uint8Array | undefined]> {
  // Depth-first with the waiting links on a stack: state trees are wide and flat, so few links wait at a time.
  const waiting = [...roots].reverse()
  const repeated = new RepeatedLinks()
  const isNew = (bytes: Uint8Array, start: number, end: number): boolean => !repeated.has(bytes, start, end)
  for (let cid = waiting.pop(); cid !== undefined; cid = waiting.pop()) {
    if (cid.code === FIL_COMMITMENT_SEALED || cid.code === FIL_COMMITMENT_UNSEALED) continue
    const key = cidKey(cid)
    if (seen.has(key)) {
      repeated.add(cid)
      continue
    }
    seen.add(key)
    const isInline = cid.multihash.code === IDENTITY
    const bytes = isInline ? cid.multihash.digest : store.get(cid)
    // Links are taken out before the block is handed on: its bytes may be the store's for no longer than that.
    const links = bytes === undefined || cid.code !== DAG_CBOR ? [] : linksOf(cid, bytes, isNew)
    for (let i = links.length - 1; i >= 0; i--) waiting.push(links[i] as Cid)
    if (!isInline) yield [cid, bytes]
  }
}

/**
 * CIDs that have been met again of late, by the last byte of their digests. Every actor of a kind links to the same code, so that in a state tree half of all links
 * are to one of a few blocks; comparing bytes takes a tenth of making a CID and its key only to find that it was there.
 */
class RepeatedLinks {
  readonly #links: (Uint8Array | undefined)[] = Array.from({ length: 256 })

  add({ bytes }: Cid): void {
    this.#links[bytes[bytes.length - 1] as number] = bytes.slice()
  }

  /** Whether the CID at a place is one of them. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    const known = this.#links[bytes[end - 1] as number]
    if (known === undefined || known.length !== end - start) return false
    for (let i = known.length - 1; i >= 0; i--) if (known[i] !== bytes[start + i]) return false
    return true
  }
}

/**
 * The links of a DAG-CBOR block, under the rules of any generation of the FVM.
 * @param isWanted is told where in `bytes` the CID of a link is, and leaves out those that it does not want
 * @throws {IpldError} blockstore/unscannable, with the CID
 */
export function linksOf(
  cid: Cid,
  bytes: Uint8Array,
  isWanted?: (bytes: Uint8Array, start: number, end: number) => boolean,
): Cid[] {
  const filter = isWanted && ((_: number, start: number, end: number) => isWanted(bytes, start, end))
  try {
    return scanLinks(bytes, 'lenient', filter)
  } catch (lenient) {
    if (!(lenient instanceof IpldError)) throw lenient
    try {
      return scanLinks(bytes, 'minimal', filter)
    } catch (cause) {
      if (!(cause instanceof IpldError)) throw cause
      throw new IpldError('blockstore/unscannable', `the links of ${cid} cannot be found`, { cause, cid })
    }
  }
}
