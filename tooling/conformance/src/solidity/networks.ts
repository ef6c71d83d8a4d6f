/** @module The actors that contracts can be run by. */
import { SYSTEM_ACTORS } from '@troupe/actors'
import type { CryptoProvider } from '@troupe/crypto'
import { Manifest, type Runtime } from '@troupe/hypervisor'
import { type CborStore, DAG_CBOR } from '@troupe/ipld'
import { evmRuntime } from '@troupe/runtime-evm'
import { nativeRuntime, type StoredManifest, storeNativeManifest } from '@troupe/runtime-native'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { bundle } from 'troupe'

/** Whose actors run the contracts: Troupe's own, or the official ones. */
export type ContractActors = 'native' | 'official'

/** What a network of contracts is made with. */
export interface Actors {
  readonly manifest: (store: CborStore) => StoredManifest
  readonly runtimes: readonly Runtime[]
}

const RELEASE = 'v18'

/** Makes them. @throws {TroupeError} bundle/unknown where the release is not in the cache */
export async function loadActors(actors: ContractActors, crypto: CryptoProvider): Promise<Actors> {
  return actors === 'native' ? native(crypto) : official()
}

function native(crypto: CryptoProvider): Actors {
  const evm = evmRuntime()
  return {
    runtimes: [nativeRuntime({ crypto, actors: SYSTEM_ACTORS }), evm],
    manifest: (store) => {
      const others = Object.entries(evm.builtinActors).map(
        ([name, block]) => [name, store.putBlock(DAG_CBOR, block)] as const,
      )
      return storeNativeManifest(store, SYSTEM_ACTORS, Object.fromEntries(others))
    },
  }
}

async function official(): Promise<Actors> {
  const { blocks, codes, manifestData: data, root } = await bundle(RELEASE)
  return {
    runtimes: [wasmRuntime()],
    manifest: (store) => {
      for (const cid of [root, data, ...codes]) store.blocks.put(cid, blocks(cid))
      return { root, data, manifest: Manifest.load(store, data, []) }
    },
  }
}
