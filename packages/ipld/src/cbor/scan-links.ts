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
  const { length } = bytes
  const links: Cid[] = []
  // No closure has these variables, which would make each access to them one to memory: scanning is a third of what exporting a state takes.
  let at = 0
  for (let remaining = 1; remaining > 0; remaining--) {
    if (at >= length) malformed('it ends too early')
    const first = bytes[at++] as number
    let argument = first & 31
    if (argument > 23) {
      const size = argumentSize(argument, at, length)
      argument = argumentAt(bytes, at, size, minimal)
      at += size
    }
    switch (first >> 5) {
      case MAJOR_BYTES:
      case MAJOR_TEXT:
        if (argument > length - at && (!minimal || argument >= 2 ** 63)) malformed('it ends too early')
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
        if (at >= length) malformed('it ends too early')
        const header = bytes[at++] as number
        if (header >> 5 !== MAJOR_BYTES)
          throw new IpldError('cbor/unexpected-type', 'tag 42 over something else than bytes')
        let linkLength = header & 31
        if (linkLength > 23) {
          const size = argumentSize(linkLength, at, length)
          linkLength = argumentAt(bytes, at, size, minimal)
          at += size
        }
        const end = at + linkLength
        if (end > length || (minimal && linkLength > MAX_CID_BYTES))
          malformed('the bytes of a CID are cut off')
        if (linkLength === 0 || (!minimal && bytes[at] !== 0))
          throw new IpldError('cid/malformed', 'the bytes of a CID do not start with 00')
        const codec = isWanted === undefined ? undefined : codecOfCommonCid(bytes, at + 1, end)
        if (codec === undefined || isWanted?.(codec, at + 1, end) !== false)
          links.push(decodeCidAt(bytes.subarray(at, end), 1)[0])
        at = end
        break
      }
    }
    if (remaining - 1 > Math.max(0, length - at)) malformed('more items than bytes')
  }
  return links
}

/** Bytes of an argument that is not in the first byte of its header. */
function argumentSize(info: number, at: number, length: number): number {
  if (info > 27) malformed(`a header with the additional information ${info}`)
  const size = 1 << (info - 24)
  if (at + size > length) malformed('it ends too early')
  return size
}

function argumentAt(bytes: Uint8Array, start: number, size: number, minimal: boolean): number {
  let argument = 0
  for (let at = start; at < start + size; at++) argument = argument * 256 + (bytes[at] as number)
  if (minimal && argument < (size === 1 ? 24 : 2 ** (size << 2))) malformed('a header is not minimal')
  return argument
}

function malformed(what: string): never {
  throw new IpldError('cbor/malformed', what)
}
