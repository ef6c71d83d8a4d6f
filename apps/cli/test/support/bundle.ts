import type { CryptoProvider } from '@troupe/crypto'
import { CborWriter, type Cid, cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import { encodeCar } from '@troupe/ipld/car'

/** A bundle of actors whose code is whatever bytes are given. */
export interface TestBundle {
  readonly car: Uint8Array<ArrayBuffer>
  readonly root: Cid
  readonly manifestData: Cid
  readonly codes: ReadonlyMap<string, Cid>
  readonly blocks: readonly (readonly [Cid, Uint8Array])[]
}

/** Makes a bundle. */
export function createBundle(
  crypto: CryptoProvider,
  actors: Readonly<Record<string, Uint8Array>>,
): TestBundle {
  const blocks: [Cid, Uint8Array][] = []
  const keep = (codec: number, bytes: Uint8Array): Cid => {
    const cid = cidOf(crypto, codec, bytes)
    blocks.push([cid, bytes])
    return cid
  }
  const codes = new Map(Object.entries(actors).map(([name, code]) => [name, keep(RAW, code)]))
  const data = new CborWriter().array(codes.size)
  for (const [name, code] of codes) data.array(2).text(name).cid(code)
  const manifestData = keep(DAG_CBOR, data.finish())
  const root = keep(DAG_CBOR, new CborWriter().array(2).uint(1).cid(manifestData).finish())
  return { car: encodeCar([root], blocks), root, manifestData, codes, blocks }
}
