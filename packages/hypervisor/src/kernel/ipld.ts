/** @module Syscalls of the module `ipld`: the blocks that an invocation opens, makes, reads and links. */
import { BLAKE2B_256, type Cid, cidOf } from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import { ProtocolFatal, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { linksOfBlock, scanForLinks } from './link-scanner.ts'

const DIGEST_LENGTH = 32
const MAX_INT32 = 2 ** 31 - 1
const NO_LINKS: readonly Cid[] = []

/**
 * `ipld.block_open`.
 * @throws {ProtocolFatal} for an absent block
 * @throws {SyscallError} IllegalCodec, LimitExceeded; NotFound for a block that the invocation cannot reach; Serialization
 */
export function blockOpen(kernel: Kernel, cid: Cid): { codec: bigint; id: number; size: number } {
  const { prices, tracksLinks } = kernel.rules
  kernel.calls.charge('OnBlockOpenBase', prices.onBlockOpenBase())
  if (tracksLinks && !kernel.blocks.isReachable(cid))
    throw new SyscallError(ErrorNumber.NotFound, `the actor cannot reach ${cid}`)
  const data = kernel.calls.machine.blocks.get(cid)
  if (data === undefined) throw new ProtocolFatal(`missing state: ${cid}`)
  const links = tracksLinks ? linksOfBlock(kernel, cid, data) : NO_LINKS
  kernel.calls.charge(
    tracksLinks ? 'OnBlockOpen' : 'OnBlockOpenPerByte',
    prices.onBlockOpen(data.length, links.length),
  )
  return {
    codec: BigInt(cid.code),
    id: kernel.blocks.put({ codec: cid.code, data, links }),
    size: data.length,
  }
}

/**
 * `ipld.block_create`. Where links are tracked, an illegal codec is free of charge.
 * @throws {SyscallError} LimitExceeded, IllegalCodec; Serialization; NotFound for links that the invocation cannot reach
 */
export function blockCreate(kernel: Kernel, codec: bigint, data: Uint8Array): { value: number } {
  const { blockCodecs, maximumBlockSize, prices, tracksLinks } = kernel.rules
  if (maximumBlockSize !== undefined && data.length > maximumBlockSize)
    throw new SyscallError(
      ErrorNumber.LimitExceeded,
      `a block may not be larger than ${maximumBlockSize} bytes`,
    )
  // A codec above 2^53 is inexact as a number, but far from the few that are accepted.
  const codecNumber = Number(codec)
  if (!tracksLinks) {
    kernel.calls.charge('OnBlockCreate', prices.onBlockCreate(data.length, 0))
    return { value: kernel.blocks.put({ codec: codecNumber, data: data.slice() }) }
  }
  if (!blockCodecs.includes(codecNumber))
    throw new SyscallError(
      ErrorNumber.IllegalCodec,
      `blocks may not have the codec 0x${codecNumber.toString(16)}`,
    )
  const copy = data.slice()
  const links = scanForLinks(kernel, codecNumber, copy)
  kernel.calls.charge('OnBlockCreate', prices.onBlockCreate(data.length, links.length))
  return { value: kernel.blocks.putNew({ codec: codecNumber, data: copy, links }) }
}

/** `ipld.block_read`: fills `buffer` from the block. Gives the bytes left in the block after it; negative where the block was too short. */
export function blockRead(kernel: Kernel, id: number, offset: number, buffer: Uint8Array): { value: number } {
  const end = offset + buffer.length
  if (end > MAX_INT32)
    throw new SyscallError(ErrorNumber.IllegalArgument, 'offset and length exceed a signed 32-bit integer')
  const { data } = kernel.blocks.get(id)
  const length = Math.min(Math.max(0, data.length - offset), buffer.length)
  kernel.calls.charge('OnBlockRead', kernel.rules.prices.onBlockRead(length))
  if (length > 0) buffer.set(length === data.length ? data : data.subarray(offset, offset + length))
  return { value: data.length - end }
}

/** `ipld.block_stat`. */
export function blockStat(kernel: Kernel, id: number): { codec: bigint; size: number } {
  const { codec, data } = kernel.blocks.get(id)
  return { codec: BigInt(codec), size: data.length }
}

/** `ipld.block_link`: hashes a block and keeps it. @throws {SyscallError} IllegalCid for any hash but blake2b-256 of 32 bytes */
export function blockLink(kernel: Kernel, id: number, hashFunction: bigint, hashLength: number): Cid {
  if (hashFunction !== BigInt(BLAKE2B_256) || hashLength !== DIGEST_LENGTH)
    throw new SyscallError(ErrorNumber.IllegalCid, 'links must be 32-byte blake2b')
  const { codec, data } = kernel.blocks.get(id)
  kernel.calls.charge('OnBlockLink', kernel.rules.prices.onBlockLink(data.length))
  const { blocks, crypto } = kernel.calls.machine
  const cid = cidOf(crypto, codec, data)
  blocks.put(cid, data)
  if (kernel.rules.tracksLinks) kernel.blocks.markReachable(cid)
  return cid
}
