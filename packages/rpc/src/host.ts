import type { CryptoProvider } from '@troupe/crypto'
import { cidKey, NodeCache } from '@troupe/ipld'
import type { Tipset, Troupe } from 'troupe'
import { type BlockView, loadBlockView } from './ethereum/block-view.ts'
import type { RpcLimits } from './limits.ts'
import { type Hex, toHex } from './text/hex.ts'

/** Blocks that are kept decoded: tools ask for the last few again and again. */
const BLOCKS_KEPT = 64
const ID_LENGTH = 16

/** What a host is made of. */
export interface RpcHostParts {
  readonly vm: Troupe
  readonly limits: RpcLimits
  readonly clientVersion: string
  readonly now: () => number
}

/** What methods work with. */
export class RpcHost {
  readonly vm: Troupe
  readonly limits: RpcLimits
  /** What `web3_clientVersion` says. */
  readonly clientVersion: string
  /** Milliseconds since some moment, for what expires. */
  readonly now: () => number
  readonly #blocks = new NodeCache(BLOCKS_KEPT)

  constructor({ clientVersion, limits, now, vm }: RpcHostParts) {
    this.vm = vm
    this.limits = limits
    this.clientVersion = clientVersion
    this.now = now
  }

  /** What messages of this chain are seen with. */
  get setting(): { readonly crypto: CryptoProvider; readonly chainId: bigint } {
    return { crypto: this.vm.crypto, chainId: this.vm.chain.rules.chainId }
  }

  /** A block, decoded. */
  block(tipset: Tipset): BlockView {
    const key = cidKey(tipset.edited?.position ?? tipset.cid)
    const known = this.#blocks.get(key) as BlockView | undefined
    if (known !== undefined) return known
    const view = loadBlockView(this.vm, tipset)
    this.#blocks.set(key, view)
    return view
  }

  /** A new name for a filter or a subscription, which nobody guesses. */
  newId(): Hex {
    return toHex(globalThis.crypto.getRandomValues(new Uint8Array(ID_LENGTH)))
  }
}
