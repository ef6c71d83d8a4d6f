import type { CryptoProvider } from '@troupe/crypto'
import { type Blockstore, CborStore } from '@troupe/ipld/blockstore'
import { type Cid, decodeCid } from '@troupe/ipld/cid'
import { askHost } from './ask-host.ts'
import type { HostKernel } from './host-kernel.ts'

const SHA2_256 = 0x12

/** What maps and arrays stand on: the blocks that the invocation reaches. The kernel makes the CIDs, and hashes the keys. */
export class HostStore extends CborStore {
  readonly #host: HostKernel

  constructor(host: HostKernel) {
    // Of all cryptography, maps ask for one hash.
    super(blocksOf(host), { sha256: (data: Uint8Array) => host.hash(SHA2_256, data) } as CryptoProvider)
    this.#host = host
  }

  override putBlock(codec: number, data: Uint8Array): Cid {
    return decodeCid(askHost('making a block', () => this.#host.putBlock(codec, data)))
  }
}

function blocksOf(host: HostKernel): Blockstore {
  return {
    get: (cid) => askHost('opening a block', () => host.openBlock(cid.bytes)).data,
    has: () => {
      throw new TypeError('an actor has no way to ask whether there is a block')
    },
    put: () => {
      throw new TypeError('the kernel says what the CID of a block is')
    },
  }
}
