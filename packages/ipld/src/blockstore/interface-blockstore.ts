import type { InputPair, Blockstore as InterfaceBlockstore, Pair } from 'interface-blockstore'
import type { Cid } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import type { Blockstore, EnumerableBlockstore } from './blockstore.ts'

/** What {@link toInterfaceBlockstore} can do more with, where a store has it. */
type Adaptable = Blockstore & Partial<Pick<EnumerableBlockstore, 'entries'>> & { delete?(cid: Cid): boolean }

/**
 * The same store in the shape of interface-blockstore 7, for IPFS libraries (Helia and its kin).
 *
 * Blocks come out as generators of one chunk. `get` of an absent block throws `blockstore/absent` under the name `NotFoundError`, which these libraries look
 * for. `getAll`, `delete` and `deleteMany` need `entries` or `delete` of the store.
 * @throws {IpldError} (from its methods) blockstore/absent, blockstore/unavailable, blockstore/unsupported
 */
export function toInterfaceBlockstore(store: Adaptable): InterfaceBlockstore {
  const get = function* (cid: Cid): Generator<Uint8Array> {
    const bytes = store.get(cid)
    if (bytes === undefined)
      throw Object.assign(new IpldError('blockstore/absent', `no block ${cid}`), { name: 'NotFoundError' })
    yield bytes
  }
  const put = (cid: Cid, input: InputPair['bytes']): Cid | Promise<Cid> => {
    if (!(input instanceof Uint8Array) && Symbol.asyncIterator in input)
      return collect(input).then((chunks) => put(cid, chunks))
    store.put(cid, input instanceof Uint8Array ? input : concatenate([...input]))
    return cid
  }
  const remove = (cid: Cid): void => {
    if (store.delete === undefined) unsupported('delete blocks')
    store.delete(cid)
  }
  return {
    has: (cid) => store.has(cid),
    get,
    put,
    delete: remove,
    async *putMany(source) {
      for await (const { cid, bytes } of source) yield await put(cid, bytes)
    },
    async *getMany(source) {
      for await (const cid of source) yield { cid, bytes: get(cid) }
    },
    async *deleteMany(source) {
      for await (const cid of source) {
        remove(cid)
        yield cid
      }
    },
    *getAll(): Generator<Pair> {
      if (store.entries === undefined) unsupported('list its blocks')
      for (const [cid] of store.entries()) yield { cid, bytes: get(cid) }
    },
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const collected: Uint8Array[] = []
  for await (const chunk of chunks) collected.push(chunk)
  return collected
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function unsupported(what: string): never {
  throw new IpldError('blockstore/unsupported', `this store cannot ${what}`)
}
