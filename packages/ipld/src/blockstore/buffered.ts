import { type LinkFilter, type LinkScan, scanLinks } from '../cbor/scan-links.ts'
import {
  CBOR,
  type Cid,
  cidKey,
  DAG_CBOR,
  FIL_COMMITMENT_SEALED,
  FIL_COMMITMENT_UNSEALED,
  IDENTITY,
  RAW,
} from '../cid/cid.ts'
import { BLAKE2B_256 } from '../cid/common-cid.ts'
import { IpldError } from '../errors.ts'
import { type Blockstore, putAll } from './blockstore.ts'

/** What a flush allows and leaves behind: where generations of the FVM differ. The defaults are those of the later generations. */
export interface FlushOptions {
  /** Codecs that a reachable CID may have. Default: raw, CBOR, DAG-CBOR. */
  readonly codecs?: readonly number[]
  /** Whether blocks that the root does not reach stay in the buffer. Default: `true`. */
  readonly keepUnreachable?: boolean
  /** How links are looked for. Default: `lenient`. */
  readonly links?: LinkScan
}

const BLAKE2B_256_LENGTH = 32
const FLUSHABLE_CODECS: readonly number[] = [RAW, CBOR, DAG_CBOR]

/**
 * A write buffer over a store: what is put stays in memory until {@link flush} moves what a root reaches.
 *
 * Source: ref-fvm `fvm/src/blockstore/buffered.rs`.
 */
export class BufferedBlockstore implements Blockstore {
  readonly base: Blockstore
  private buffer = new Map<string, [cid: Cid, bytes: Uint8Array]>()

  constructor(base: Blockstore) {
    this.base = base
  }

  /** How many blocks wait in the buffer. */
  get pending(): number {
    return this.buffer.size
  }

  get(cid: Cid): Uint8Array | undefined {
    return this.buffer.get(cidKey(cid))?.[1] ?? this.base.get(cid)
  }

  has(cid: Cid): boolean {
    return this.buffer.has(cidKey(cid)) || this.base.has(cid)
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.buffer.set(cidKey(cid), [cid, bytes])
  }

  /** Forgets all that was not flushed. */
  discard(): void {
    // Most messages write no block, and each asks for this and for the next.
    if (this.buffer.size > 0) this.buffer = new Map()
  }

  /** Moves every buffered block to the base, reachable or not. */
  flushAll(): void {
    if (this.buffer.size === 0) return
    putAll(this.base, this.buffer.values())
    this.buffer = new Map()
  }

  /**
   * Moves the blocks that `root` reaches from the buffer to the base, each once, children before parents.
   *
   * Only buffered blocks are followed: a block that is not in the buffer is taken to be in the base with all that it reaches. Sector commitments (codecs
   * 0xf101, 0xf102) are not followed. Any other CID on the way must have an allowed codec and a blake2b-256 or identity hash; the content of an
   * identity CID is looked through for links where it is DAG-CBOR.
   *
   * Differs: a failed flush changes neither base nor buffer; the reference loses what it had taken out by then. A failed flush is fatal.
   * @throws {IpldError} blockstore/unflushable, with what was wrong as its cause where there is one; blockstore/unavailable
   */
  flush(root: Cid, options: FlushOptions = {}): void {
    const { codecs = FLUSHABLE_CODECS, keepUnreachable = true, links = 'lenient' } = options
    const reached = this.reachable(root, codecs, links)
    putAll(this.base, reached.values())
    if (keepUnreachable) for (const key of reached.keys()) this.buffer.delete(key)
    else this.buffer = new Map()
  }

  /** The buffered blocks that `root` reaches, children before parents. */
  private reachable(root: Cid, codecs: readonly number[], scan: LinkScan): Map<string, [Cid, Uint8Array]> {
    const reached = new Map<string, [Cid, Uint8Array]>()
    const seen = new Set<string>()
    // Most links lead out of the buffer. Four bytes of the digest tell that of almost all of them, before anything is made of the link.
    const tails = new Set<number>()
    for (const [cid] of this.buffer.values()) tails.add(tailOf(cid.bytes, cid.bytes.length))
    const linksOf = (cid: Cid, bytes: Uint8Array): Cid[] =>
      linksIn(
        cid,
        bytes,
        scan,
        (codec, _, end) => !isCommitment(codec) && (!codecs.includes(codec) || tails.has(tailOf(bytes, end))),
      )
    // Depth-first without recursion: each frame is a block whose links are being followed.
    const stack: { key?: string; block?: [Cid, Uint8Array]; links: Cid[]; next: number }[] = [
      { links: [root], next: 0 },
    ]
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const cid = frame.links[frame.next++]
      if (cid === undefined) {
        stack.pop()
        if (frame.key !== undefined && frame.block !== undefined) reached.set(frame.key, frame.block)
        continue
      }
      if (isCommitment(cid.code)) continue
      checkFlushable(cid, codecs)
      if (cid.multihash.code === IDENTITY) {
        stack.push({ links: linksOf(cid, cid.multihash.digest), next: 0 })
        continue
      }
      const key = cidKey(cid)
      const block = seen.has(key) ? undefined : this.buffer.get(key)
      if (block === undefined) continue
      seen.add(key)
      stack.push({ key, block, links: linksOf(cid, block[1]), next: 0 })
    }
    return reached
  }
}

function isCommitment(codec: number): boolean {
  return codec === FIL_COMMITMENT_SEALED || codec === FIL_COMMITMENT_UNSEALED
}

function checkFlushable(cid: Cid, codecs: readonly number[]): void {
  if (!codecs.includes(cid.code))
    throw new IpldError('blockstore/unflushable', `${cid} has the codec 0x${cid.code.toString(16)}`)
  const { code, size } = cid.multihash
  if (code !== IDENTITY && (code !== BLAKE2B_256 || size !== BLAKE2B_256_LENGTH))
    throw new IpldError(
      'blockstore/unflushable',
      `${cid} has the hash 0x${code.toString(16)} of ${size} bytes`,
    )
}

/** The last four bytes before `end`, as an integer. */
function tailOf(bytes: Uint8Array, end: number): number {
  return (
    ((bytes[end - 4] as number) << 24) |
    ((bytes[end - 3] as number) << 16) |
    ((bytes[end - 2] as number) << 8) |
    (bytes[end - 1] as number)
  )
}

function linksIn(cid: Cid, bytes: Uint8Array, scan: LinkScan, isWanted: LinkFilter): Cid[] {
  if (cid.code !== DAG_CBOR) return []
  try {
    return scanLinks(bytes, scan, isWanted)
  } catch (cause) {
    if (!(cause instanceof IpldError)) throw cause
    throw new IpldError('blockstore/unflushable', `the links of ${cid} cannot be found`, { cause })
  }
}
