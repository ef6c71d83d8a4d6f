import {
  BLAKE2B_256,
  CBOR,
  type Cid,
  cidKey,
  DAG_CBOR,
  decodeCid,
  FIL_COMMITMENT_SEALED,
  FIL_COMMITMENT_UNSEALED,
  IDENTITY,
  IpldError,
  RAW,
} from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import { OutOfGas, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'

const MAJOR_BYTES = 2
const MAJOR_TEXT = 3
const MAJOR_ARRAY = 4
const MAJOR_MAP = 5
const MAJOR_TAG = 6
const TAG_CID = 42
const DIGEST_LENGTH = 32
const MAX_COUNT = 2n ** 64n - 1n
/** Longest container that is counted with doubles; no block has as many bytes as this. */
const MAX_SMALL_COUNT = 2 ** 32 - 1

/**
 * The links of a block, in order, repeated where they occur repeatedly. Only DAG-CBOR has any. Sector commitments are passed over, and blocks
 * that are part of their CID are looked into.
 *
 * The scan runs on a copy of the gas that is available; what it used is charged whether it succeeds or not. Headers need not be minimal, maps
 * not be sorted and texts not be UTF-8; what follows the item is refused.
 *
 * Source: ref-fvm master fvm/src/ipld/{mod,cbor}.rs.
 * @param data not to be written to afterwards: the links keep views of it
 * @throws {SyscallError} Serialization; NotFound for a link that can never be followed; IllegalCodec
 * @throws {OutOfGas}
 */
export function scanForLinks(kernel: Kernel, codec: number, data: Uint8Array): readonly Cid[] {
  return scan(kernel, codec, data).links
}

/**
 * {@link scanForLinks} for the block of a CID. What was found in it is kept under that, and charged for all the same.
 * @throws as {@link scanForLinks}
 */
export function linksOfBlock(kernel: Kernel, cid: Cid, data: Uint8Array): readonly Cid[] {
  const { nodes } = kernel.calls.machine
  const { prices } = kernel.rules
  const key = `links ${cidKey(cid)}`
  const known = nodes.get(key) as FoundLinks | undefined
  if (known !== undefined) {
    const used = known.itemCount * prices.onScanItem() + known.linkCount * prices.onScanLink()
    // Where the gas runs out in the middle is for the scan to find out.
    if (used <= budgetOf(kernel)) {
      kernel.calls.charge('OnScanIpldLinks', used)
      return known.links
    }
  }
  const found = scan(kernel, cid.code, data)
  nodes.set(key, found)
  return found.links
}

function scan(kernel: Kernel, codec: number, data: Uint8Array): FoundLinks {
  const { prices } = kernel.rules
  const scan = new LinkScan(budgetOf(kernel), prices.onScanItem(), prices.onScanLink())
  try {
    scan.block(codec, data)
  } catch (error) {
    if (!(error instanceof SyscallError || error instanceof OutOfGas)) throw error
    kernel.calls.charge('OnScanIpldLinks', scan.used)
    throw error
  }
  kernel.calls.charge('OnScanIpldLinks', scan.used)
  return scan.found
}

/** Milligas that a scan may use. No block can use up more than 2^53-1, and what is free costs none. */
function budgetOf({ gas }: Kernel): number {
  const available = gas.isFree ? -1 : gas.availableNear
  return available >= 0 ? available : Number.MAX_SAFE_INTEGER
}

/** What a scan has found, and what it has counted on the way. */
interface FoundLinks {
  readonly links: readonly Cid[]
  readonly itemCount: number
  /** With those that are passed over or looked into. */
  readonly linkCount: number
}

class LinkScan {
  readonly links: Cid[] = []
  /** Milligas. */
  used = 0
  readonly #budget: number
  readonly #itemPrice: number
  readonly #linkPrice: number
  #itemCount = 0
  #linkCount = 0

  constructor(budget: number, itemPrice: number, linkPrice: number) {
    this.#budget = budget
    this.#itemPrice = itemPrice
    this.#linkPrice = linkPrice
  }

  get found(): FoundLinks {
    return { links: this.links, itemCount: this.#itemCount, linkCount: this.#linkCount }
  }

  block(codec: number, data: Uint8Array): void {
    if (codec === DAG_CBOR) this.#items(data)
    else if (codec !== RAW && codec !== CBOR)
      throw new SyscallError(
        ErrorNumber.IllegalCodec,
        `blocks may not have the codec 0x${codec.toString(16)}`,
      )
  }

  #take(milligas: number): void {
    if (this.#budget - this.used < milligas) {
      this.used = this.#budget
      throw new OutOfGas()
    }
    this.used += milligas
  }

  #items(data: Uint8Array): void {
    const header = new HeaderReader(data)
    let remaining = 1
    // What containers promise beyond all bytes there can be. Once there is such a promise, `remaining` may fall below zero; their sum is exact.
    let promised = 0n
    while (remaining > 0 || promised > 0n) {
      remaining--
      this.#take(this.#itemPrice)
      this.#itemCount++
      header.read()
      switch (header.major) {
        case MAJOR_BYTES:
        case MAJOR_TEXT:
          header.take(header.argument)
          break
        case MAJOR_TAG:
          if (header.argument === TAG_CID) this.#link(header)
          else remaining++
          break
        case MAJOR_ARRAY:
        case MAJOR_MAP: {
          const times = header.major === MAJOR_MAP ? 2 : 1
          if (header.argument <= MAX_SMALL_COUNT) remaining += header.argument * times
          else promised += header.wideArgument * BigInt(times)
          if (promised > 0n && promised + BigInt(remaining) > MAX_COUNT)
            malformed('more items than can be counted')
          break
        }
      }
    }
    if (!header.isAtEnd) malformed('bytes after the item')
  }

  #link(header: HeaderReader): void {
    this.#take(this.#linkPrice)
    this.#linkCount++
    header.read()
    if (header.major !== MAJOR_BYTES) malformed('tag 42 over something else than bytes')
    const bytes = header.take(header.argument)
    if (bytes[0] !== 0) malformed('the bytes of a CID do not start with 00')
    this.#visit(asCid(bytes.subarray(1)))
  }

  #visit(cid: Cid): void {
    const { code: codec, multihash } = cid
    if (codec === FIL_COMMITMENT_UNSEALED || codec === FIL_COMMITMENT_SEALED) return
    if (codec !== DAG_CBOR && codec !== RAW && codec !== CBOR) unfindable(cid)
    if (multihash.code === IDENTITY) this.block(codec, multihash.digest)
    else if (multihash.code !== BLAKE2B_256 || multihash.digest.length !== DIGEST_LENGTH) unfindable(cid)
    else this.links.push(cid)
  }
}

/** Reads CBOR headers, with arguments in any of their lengths. */
class HeaderReader {
  major = 0
  /** Of the last header; rounded where it is above 2^53. */
  argument = 0
  readonly #data: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(data: Uint8Array) {
    this.#data = data
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#data.length
  }

  /** The argument of the last header, where it took eight bytes and nothing has been read since. */
  get wideArgument(): bigint {
    return this.#view.getBigUint64(this.#at - 8)
  }

  /** @throws {SyscallError} Serialization */
  read(): void {
    const first = this.#data[this.#at]
    if (first === undefined) malformed('it ends too early')
    this.major = first >> 5
    this.argument = first & 31
    this.#at++
    if (this.argument > 23) this.#readArgument(this.argument - 24)
  }

  /** The next bytes. @throws {SyscallError} Serialization */
  take(length: number): Uint8Array {
    if (length > this.#data.length - this.#at) malformed('it ends too early')
    const start = this.#at
    this.#at += length
    return this.#data.subarray(start, this.#at)
  }

  #readArgument(size: number): void {
    if (size > 3) malformed(`a header with the additional information ${size + 24}`)
    const bytes = this.take(1 << size)
    this.argument = 0
    for (const byte of bytes) this.argument = this.argument * 256 + byte
  }
}

/** The bytes have been read from the actor's block, which is all that can be wrong with them. */
function asCid(bytes: Uint8Array): Cid {
  try {
    return decodeCid(bytes)
  } catch (error) {
    if (error instanceof IpldError) malformed(error.message)
    throw error
  }
}

function malformed(what: string): never {
  throw new SyscallError(ErrorNumber.Serialization, `a block that is no DAG-CBOR: ${what}`)
}

function unfindable(cid: Cid): never {
  throw new SyscallError(ErrorNumber.NotFound, `a link to ${cid}, which no block can have`)
}
