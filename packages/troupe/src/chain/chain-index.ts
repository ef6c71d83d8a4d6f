/**
 * @module What a chain finds again by name, as references of its store.
 *
 * | namespace | key | value |
 * | --- | --- | --- |
 * | `head` | empty | CID of the head's block; of a head that was edited (`edits.ts`) its own |
 * | `edited` | CID of an edited head | CBOR `[block, state root before the edits, state root after them, edits]` |
 * | `executed` | CID of a block | CBOR `[state root after it, receipts root, CID of an ancestor or null]`, with `true` at the end where actors found that they were being debugged |
 * | `tipset` | CID of a tipset's key | CID of its block |
 * | `root` | state root | CID of the last block, or edited head, after which the state had this root |
 * | `queued` | CID of a block | CID of what became of the messages that were left to its end (`queued-messages.ts`), where there are any |
 * | `message` | CID of a message | CBOR `[block, index in the order of execution]`: where it was executed last; queued ones follow those of the block |
 * | `transaction` | hash of an Ethereum transaction | CID of its message |
 *
 * Nothing but the head ever moves: branches and forks of a chain share all the rest. There is no index by height for that reason; every block names an
 * ancestor further back instead (see `ancestors.ts`), so that any height is found in a few steps from any head.
 */
import { CborReader, CborWriter, type Cid, decodeCid } from '@troupe/ipld'
import type { ChainStore, RefChange } from '@troupe/ipld/store'

const HEAD = 'head'
const EXECUTED = 'executed'
const TIPSET = 'tipset'
const QUEUED = 'queued'
const ROOT = 'root'
const EDITED = 'edited'
const MESSAGE = 'message'
const TRANSACTION = 'transaction'
const NO_KEY = new Uint8Array()

/** What the execution of a block gave. */
export interface Executed {
  readonly stateRoot: Cid
  readonly receiptsRoot: Cid
  /** An ancestor, as `ancestors.ts` chooses it; none for a first block. */
  readonly ancestor: Cid | undefined
  /** Whether actors found that they were being debugged, which can make their gas another. */
  readonly isDebugged: boolean
}

/** Where a message stands. */
export interface MessagePlace {
  readonly block: Cid
  /** In the order of execution. */
  readonly index: number
}

/** A head with edits that no block carries yet. */
export interface Edited {
  readonly block: Cid
  readonly base: Cid
  readonly stateRoot: Cid
  readonly edits: Cid
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
    const reader = this.#reader(EXECUTED, block.bytes)
    if (reader === undefined) return undefined
    const fieldCount = reader.array()
    return {
      stateRoot: reader.cid(),
      receiptsRoot: reader.cid(),
      ancestor: reader.tryNull() ? undefined : reader.cid(),
      isDebugged: fieldCount > 3 && reader.bool(),
    }
  }

  blockOfKey(key: Cid): Cid | undefined {
    return this.#cid(TIPSET, key.bytes)
  }

  edited(position: Cid): Edited | undefined {
    return this.#read(EDITED, position.bytes, 4, (reader) => ({
      block: reader.cid(),
      base: reader.cid(),
      stateRoot: reader.cid(),
      edits: reader.cid(),
    }))
  }

  blockOfRoot(root: Cid): Cid | undefined {
    return this.#cid(ROOT, root.bytes)
  }

  message(cid: Cid): MessagePlace | undefined {
    return this.#read(MESSAGE, cid.bytes, 2, (reader) => ({ block: reader.cid(), index: reader.uint(32) }))
  }

  /** The root of what became of the messages that were left to the end of a block; `undefined` where there are none. */
  queued(block: Cid): Cid | undefined {
    return this.#cid(QUEUED, block.bytes)
  }

  /** The message of an Ethereum transaction. @param hash 32 bytes */
  messageOfTransaction(hash: Uint8Array): Cid | undefined {
    return this.#cid(TRANSACTION, hash)
  }

  static setEdited(position: Cid, { base, block, edits, stateRoot }: Edited): RefChange[] {
    const value = new CborWriter().array(4).cid(block).cid(base).cid(stateRoot).cid(edits).finish()
    return [
      { namespace: EDITED, key: position.bytes, value },
      { namespace: ROOT, key: stateRoot.bytes, value: position.bytes },
    ]
  }

  /** @param position a block, or an edited head */
  static setHead(position: Cid): RefChange {
    return { namespace: HEAD, key: NO_KEY, value: position.bytes }
  }

  static setExecuted(
    block: Cid,
    key: Cid,
    { ancestor, isDebugged, receiptsRoot, stateRoot }: Executed,
  ): RefChange[] {
    const writer = new CborWriter()
      .array(isDebugged ? 4 : 3)
      .cid(stateRoot)
      .cid(receiptsRoot)
    if (ancestor === undefined) writer.null()
    else writer.cid(ancestor)
    if (isDebugged) writer.bool(true)
    return [
      { namespace: EXECUTED, key: block.bytes, value: writer.finish() },
      { namespace: TIPSET, key: key.bytes, value: block.bytes },
      { namespace: ROOT, key: stateRoot.bytes, value: block.bytes },
    ]
  }

  static setMessage(cid: Cid, { block, index }: MessagePlace): RefChange {
    return {
      namespace: MESSAGE,
      key: cid.bytes,
      value: new CborWriter().array(2).cid(block).uint(index).finish(),
    }
  }

  static setQueued(block: Cid, root: Cid): RefChange {
    return { namespace: QUEUED, key: block.bytes, value: root.bytes }
  }

  static setTransaction(hash: Uint8Array, message: Cid): RefChange {
    return { namespace: TRANSACTION, key: hash, value: message.bytes }
  }

  #cid(namespace: string, key: Uint8Array): Cid | undefined {
    const value = this.#store.getRef(namespace, key)
    return value === undefined ? undefined : decodeCid(value)
  }

  #read<T>(
    namespace: string,
    key: Uint8Array,
    fields: number,
    read: (reader: CborReader) => T,
  ): T | undefined {
    const reader = this.#reader(namespace, key)
    if (reader === undefined) return undefined
    reader.tuple(fields)
    return read(reader)
  }

  #reader(namespace: string, key: Uint8Array): CborReader | undefined {
    const value = this.#store.getRef(namespace, key)
    return value === undefined ? undefined : new CborReader(value)
  }
}
