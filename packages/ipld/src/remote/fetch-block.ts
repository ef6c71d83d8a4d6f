import type { Blockstore as InterfaceBlockstore } from 'interface-blockstore'
import type { Cid } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'

/**
 * Reads one block of an asynchronous store, or `undefined` where the store says that it does not have it (`NotFoundError`).
 * @throws {IpldError} blockstore/too-large; blockstore/unavailable with the store's own error as its cause
 */
export async function fetchBlock(
  remote: InterfaceBlockstore,
  cid: Cid,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of remote.get(cid, signal === undefined ? {} : { signal })) {
      length += chunk.length
      if (length > maxBytes)
        throw new IpldError('blockstore/too-large', `${cid} has more than ${maxBytes} bytes`, { cid })
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof IpldError && cause.code === 'blockstore/too-large') throw cause
    if (cause instanceof Error && cause.name === 'NotFoundError') return undefined
    throw new IpldError('blockstore/unavailable', `${cid} cannot be fetched`, { cause, cid })
  }
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
