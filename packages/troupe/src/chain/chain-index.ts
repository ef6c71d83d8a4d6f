/**
 * @module What a chain finds again by name, as references of its store.
 *
 * | namespace | key | value |
 * | --- | --- | --- |
 * | `head` | empty | CID of the head's block |
 * | `executed` | CID of a block | CBOR `[state root after it, receipts root]` |
 * | `height` | epoch (u64, big-endian) | CID of the block at that height of the chain that ends in the head |
 * | `root` | state root | CID of the last block after which the state had this root |
 * | `message` | CID of a message | CBOR `[block, index in the order of execution]` |
 */
import { CborReader, CborWriter, type Cid, decodeCid } from '@troupe/ipld'
import type { ChainStore, RefChange } from '@troupe/ipld/store'

const HEAD = 'head'
const EXECUTED = 'executed'
const HEIGHT = 'height'
const ROOT = 'root'
const MESSAGE = 'message'
const NO_KEY = new Uint8Array()

/** What the execution of a block gave. */
export interface Executed {
  readonly stateRoot: Cid
  readonly receiptsRoot: Cid
}

/** Where a message stands. */
export interface MessagePlace {
  readonly block: Cid
  /** In the order of execution. */
  readonly index: number
}

/** The references of a chain. Changes are collected, and made by whoever commits. */
export class ChainIndex {
  readonly #store: ChainStore

  constructor(store: ChainStore) {
    this.#store = store
  }

  head(): Cid | undefined {
    return this.#cid(HEAD, NO_KEY)
  }

  executed(block: Cid): Executed | undefined {
    return this.#read(EXECUTED, block.bytes, (reader) => ({
      stateRoot: reader.cid(),
      receiptsRoot: reader.cid(),
    }))
  }

  blockAt(height: bigint): Cid | undefined {
    return this.#cid(HEIGHT, heightKey(height))
  }

  /** The block at a height, or the last one below it. */
  blockAtOrBelow(height: bigint): Cid | undefined {
    const [ref] = this.#store.listRefs(HEIGHT, { after: heightKey(height + 1n), reverse: true, limit: 1 })
    return ref === undefined ? undefined : decodeCid(ref.value)
  }

  /** The heights above one that have a block. */
  heightsAbove(height: bigint): bigint[] {
    return this.#store
      .listRefs(HEIGHT, { after: heightKey(height) })
      .map(({ key }) => viewOf(key).getBigUint64(0))
  }

  blockOfRoot(root: Cid): Cid | undefined {
    return this.#cid(ROOT, root.bytes)
  }

  message(cid: Cid): MessagePlace | undefined {
    return this.#read(MESSAGE, cid.bytes, (reader) => ({ block: reader.cid(), index: reader.uint(32) }))
  }

  static setHead(block: Cid): RefChange {
    return { namespace: HEAD, key: NO_KEY, value: block.bytes }
  }

  static setExecuted(block: Cid, { stateRoot, receiptsRoot }: Executed): RefChange[] {
    const value = new CborWriter().array(2).cid(stateRoot).cid(receiptsRoot).finish()
    return [
      { namespace: EXECUTED, key: block.bytes, value },
      { namespace: ROOT, key: stateRoot.bytes, value: block.bytes },
    ]
  }

  static setHeight(height: bigint, block: Cid | undefined): RefChange {
    return { namespace: HEIGHT, key: heightKey(height), value: block?.bytes }
  }

  static setMessage(cid: Cid, { block, index }: MessagePlace): RefChange {
    return {
      namespace: MESSAGE,
      key: cid.bytes,
      value: new CborWriter().array(2).cid(block).uint(index).finish(),
    }
  }

  #cid(namespace: string, key: Uint8Array): Cid | undefined {
    const value = this.#store.getRef(namespace, key)
    return value === undefined ? undefined : decodeCid(value)
  }

  #read<T>(namespace: string, key: Uint8Array, read: (reader: CborReader) => T): T | undefined {
    const value = this.#store.getRef(namespace, key)
    if (value === undefined) return undefined
    const reader = new CborReader(value)
    reader.tuple(2)
    return read(reader)
  }
}

function heightKey(height: bigint): Uint8Array {
  const key = new Uint8Array(8)
  viewOf(key).setBigUint64(0, height)
  return key
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
