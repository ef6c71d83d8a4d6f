import { type Cid, codecOfCommonCid, decodeCidAt } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import { MAJOR_ARRAY, MAJOR_BYTES, MAJOR_MAP, MAJOR_TAG, MAJOR_TEXT, TAG_CID } from './cursor.ts'

/**
 * How strictly links are looked for.
 *
 * - `lenient`: headers need not be minimal; strings must be whole; the bytes of a CID must start with 00. (ref-fvm release/v3 and later)
 * - `minimal`: headers must be minimal, those of floats included; a last string may be cut off; the first of a CID's bytes is not looked at, and
 *   there are at most 100 of them. (ref-fvm release/v2)
 */
export type LinkScan = 'lenient' | 'minimal'

/**
 * Whether a link is wanted. Asked before a CID is made of it, and only where {@link codecOfCommonCid} knows its codec: all others are wanted.
 * @param start where its CID starts
 * @param end where it ends
 */
export type LinkFilter = (codec: number, start: number, end: number) => boolean

const MAX_CID_BYTES = 100

/**
 * The CIDs in a DAG-CBOR block, in order, repeated where they occur repeatedly.
 *
 * It is the scanner with which the reference finds out what a state root reaches, and looks at nothing but what it needs: other
 * tags are passed over, texts need not be UTF-8, and what follows the item is ignored. Indefinite lengths are refused.
 *
 * Differs: the reference counts items with 64 bits that wrap; here a container that promises more items than bytes are left is malformed.
 *
 * Source: ref-fvm `fvm/src/blockstore/buffered.rs` (`scan_for_links`).
 * @param isWanted leaves out links that it does not want
 * @throws {IpldError} cbor/malformed, cbor/unexpected-type, cid/malformed
 */
export function scanLinks(bytes: Uint8Array, scan: LinkScan = 'lenient', isWanted?: LinkFilter): Cid[] {
  const minimal = scan === 'minimal'
  const links: Cid[] = []
  let at = 0

  /** The major type of the next header. */
  const peekMajor = (): number => {
    if (at >= bytes.length) malformed('it ends too early')
    return (bytes[at] as number) >> 5
  }
  /** Moves over one header, and gives its argument. */
  const header = (): number => {
    const info = (bytes[at++] as number) & 31
    if (info < 24) return info
    if (info > 27) malformed(`a header with the additional information ${info}`)
    const end = at + (1 << (info - 24))
    if (end > bytes.length) malformed('it ends too early')
    let argument = 0
    for (; at < end; at++) argument = argument * 256 + (bytes[at] as number)
    if (minimal && argument < (info === 24 ? 24 : 2 ** (8 << (info - 25))))
      malformed('a header is not minimal')
    return argument
  }

  for (let remaining = 1; remaining > 0; remaining--) {
    const major = peekMajor()
    const argument = header()
    switch (major) {
      case MAJOR_BYTES:
      case MAJOR_TEXT:
        if (argument > bytes.length - at && (!minimal || argument >= 2 ** 63)) malformed('it ends too early')
        at += argument
        break
      case MAJOR_ARRAY:
        remaining += argument
        break
      case MAJOR_MAP:
        remaining += argument * 2
        break
      case MAJOR_TAG: {
        if (argument !== TAG_CID) {
          remaining++
          break
        }
        if (peekMajor() !== MAJOR_BYTES)
          throw new IpldError('cbor/unexpected-type', 'tag 42 over something else than bytes')
        const length = header()
        const end = at + length
        if (end > bytes.length || (minimal && length > MAX_CID_BYTES))
          malformed('the bytes of a CID are cut off')
        if (length === 0 || (!minimal && bytes[at] !== 0))
          throw new IpldError('cid/malformed', 'the bytes of a CID do not start with 00')
        const codec = isWanted === undefined ? undefined : codecOfCommonCid(bytes, at + 1, end)
        if (codec === undefined || isWanted?.(codec, at + 1, end) !== false)
          links.push(decodeCidAt(bytes.subarray(at, end), 1)[0])
        at = end
        break
      }
    }
    if (remaining - 1 > Math.max(0, bytes.length - at)) malformed('more items than bytes')
  }
  return links
}

function malformed(what: string): never {
  throw new IpldError('cbor/malformed', what)
}
