import type { CryptoProvider } from '@troupe/crypto'
import {
  type ChainStore,
  type Cid,
  type CollectOptions,
  type CollectReport,
  IpldError,
  type Ref,
  type RefChange,
  type RefRange,
  type StoreBatch,
  type StoreStatistics,
  verifyBlock,
} from '@troupe/ipld'
import { checkBatch, checkRef, checkStoredBlock, collect } from '@troupe/ipld/store'
import { BackgroundWriter } from './background-writer.ts'
import { type Database, type EnvironmentOptions, read, storeErrorOf } from './environment.ts'
import { LmdbStoreError } from './errors.ts'
import { blockKey, FIRST_BLOCK, refKey } from './keys.ts'
import { listRefs } from './list-refs.ts'
import { packChanges } from './packed-changes.ts'
import { type Changes, type RefEdit, Staging } from './staging.ts'
import { countWith, sweepBlocks, TRANSACTION_OVERHEAD, writeChanges } from './transactions.ts'
import type { WriterLock } from './writer-lock.ts'

/** What a store is made of; {@link openLmdbStore} makes it. */
export interface LmdbStoreParts {
  readonly directory: string
  readonly file: string
  readonly name: string
  readonly database: Database
  /** How the database was opened, for a thread to do so too. */
  readonly environment: EnvironmentOptions
  readonly crypto: CryptoProvider
  /** Nothing where the store is only read. */
  readonly lock: WriterLock | undefined
  readonly commitsPerSync: number
  readonly maxBlockBytes: number
  readonly verifyReads: boolean
}

/** Bytes of blocks that wait for a commit at most; more are written as they come. */
const MAX_STAGED_BYTES = 67_108_864

/**
 * A chain's store on disk.
 *
 * Whoever reads in another process sees commits whole, and each only from its next turn of the event loop on: what it reads in one turn is one moment.
 */
export class LmdbStore implements ChainStore {
  /** The directory that the store is in. */
  readonly directory: string
  /** What the store was called when it was made. */
  readonly name: string
  readonly #parts: LmdbStoreParts
  readonly #staging = new Staging()
  /** Commits so far, and those of them that are on disk. */
  #committed = 0
  #written = 0
  /** Started by who asks for it first. */
  #background: BackgroundWriter | undefined
  /** The write in the background that is at work. What it writes stays staged until it is there. */
  #atWork: Promise<void> | undefined
  #closing: Promise<void> | undefined
  /** What was put since the collection at work began. */
  #fresh: Cid[] | undefined

  constructor(parts: LmdbStoreParts) {
    this.#parts = parts
    this.directory = parts.directory
    this.name = parts.name
  }

  /** Whether the store is only for reading. */
  get isReadOnly(): boolean {
    return this.#parts.lock === undefined
  }

  /** @throws {IpldError} blockstore/unavailable; blockstore/hash-mismatch or blockstore/hash-unsupported where reads are verified; store/closed */
  get(cid: Cid): Uint8Array | undefined {
    this.#checkOpen()
    const staged = this.#staging.block(cid)
    if (staged !== undefined) return staged
    const bytes = this.#reading(cid, () => read(this.#parts.database, blockKey(cid)))
    if (bytes !== undefined && this.#parts.verifyReads) verifyBlock(this.#parts.crypto, cid, bytes)
    return bytes
  }

  has(cid: Cid): boolean {
    this.#checkOpen()
    if (this.#staging.block(cid) !== undefined) return true
    return this.#reading(cid, () => this.#parts.database.doesExist(blockKey(cid)))
  }

  /** @throws {IpldError} store/too-large, store/full, store/read-only, store/closed */
  put(cid: Cid, bytes: Uint8Array): void {
    this.#checkWritable()
    checkStoredBlock(cid, bytes)
    this.#keep([[cid, bytes]])
  }

  /** @throws {IpldError} as {@link put} */
  putMany(blocks: Iterable<readonly [Cid, Uint8Array]>): void {
    this.#checkWritable()
    this.#keep(checkBatch({ blocks }).blocks)
  }

  getRef(namespace: string, key: Uint8Array): Uint8Array | undefined {
    this.#checkOpen()
    checkRef(namespace, key)
    const whole = refKey(namespace, key)
    const staged = this.#staging.ref(whole)
    if (staged !== undefined) return staged[1]?.slice()
    return this.#reading(undefined, () => read(this.#parts.database, whole))
  }

  listRefs(namespace: string, range: RefRange = {}): Ref[] {
    this.#checkOpen()
    for (const key of [range.prefix, range.after]) checkRef(namespace, key ?? new Uint8Array())
    return this.#reading(undefined, () => listRefs(this.#parts.database, this.#staging, namespace, range))
  }

  /** @throws {IpldError} as {@link commit} */
  putRefs(refs: Iterable<RefChange>): void {
    this.#checkWritable()
    const changes = changesOf(checkBatch({ refs }))
    if (this.#isTooMuch(changes)) this.#write(changes)
    else this.#staging.add(changes)
  }

  commit(batch: StoreBatch = {}): void {
    this.#checkWritable()
    const { blocks, refs } = checkBatch(batch)
    const changes = changesOf({ blocks, refs })
    const waiting = this.#committed - this.#written
    const isWritten = waiting + 1 >= this.#parts.commitsPerSync || this.#isTooMuch(changes)
    if (isWritten) this.#write(changes)
    else this.#staging.add(changes)
    this.#committed++
    if (isWritten) this.#written = this.#committed
    this.#note(blocks)
  }

  /** @throws {IpldError} store/full, store/read-only, store/closed */
  sync(): void {
    this.#checkWritable()
    this.#write()
  }

  /** @throws {IpldError} store/full, store/read-only, store/closed */
  async syncAside(): Promise<void> {
    this.#checkWritable()
    const wanted = this.#committed
    while (this.#written < wanted) await (this.#atWork ?? this.#writeAside())
  }

  async collectGarbage(roots: Iterable<Cid>, options?: CollectOptions): Promise<CollectReport> {
    this.#checkWritable()
    if (this.#fresh !== undefined) throw new IpldError('store/busy', 'a collection is at work already')
    // What the head on disk reaches must stay: it is the head that the roots were named for, and no older one.
    this.#write()
    this.#fresh = []
    try {
      return await collect<Uint8Array>(
        {
          blocks: this,
          takeFresh: () => this.#fresh?.splice(0) ?? [],
          sweep: (from = FIRST_BLOCK, count, isGarbage) => {
            this.#checkWritable()
            return this.#writing(0, () => sweepBlocks(this.#parts.database, from, count, isGarbage))
          },
          pause: () => new Promise((resolve) => setImmediate(resolve)),
        },
        roots,
        options,
      )
    } finally {
      this.#fresh = undefined
    }
  }

  statistics(): StoreStatistics {
    this.#checkOpen()
    return this.#reading(undefined, () => countWith(this.#parts.database, this.#staging))
  }

  /**
   * Writes what waits, and lets go of the store. Where it cannot be written the store stays open, so that nothing is lost.
   * @throws {IpldError} store/full
   */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      try {
        if (!this.isReadOnly) this.#write()
      } catch (cause) {
        return Promise.reject(cause)
      }
      this.#closing = this.#release()
    }
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #release(): Promise<void> {
    await this.#background?.close()
    await this.#parts.database.close()
    await this.#parts.lock?.release()
  }

  /** Keeps blocks until the next commit, or writes them where too many wait. */
  #keep(blocks: readonly (readonly [Cid, Uint8Array])[]): void {
    const changes = { blocks, refs: [] }
    if (this.#isTooMuch(changes)) this.#write(changes)
    else this.#staging.add(changes)
    this.#note(blocks)
  }

  #isTooMuch(changes: Changes): boolean {
    return this.#staging.bytes + sizeOf(changes) > MAX_STAGED_BYTES
  }

  #note(blocks: readonly (readonly [Cid, Uint8Array])[]): void {
    for (const [cid] of blocks) this.#fresh?.push(cid)
  }

  /** Writes what waits, and more. Where it throws, what waited waits on. */
  #write(more: Changes = { blocks: [], refs: [] }): void {
    const { blocks, refs } = this.#staging
    const changes = { blocks: [...blocks, ...more.blocks], refs: [...refs, ...more.refs] }
    if (changes.blocks.length + changes.refs.length > 0)
      this.#writing(sizeOf(changes), () =>
        writeChanges(this.#parts.database, writesOf(changes), this.#parts.maxBlockBytes, () => {
          this.#background?.overtake()
          return true
        }),
      )
    this.#staging.clear()
    this.#written = this.#committed
  }

  /** Writes what waits in the background; here, where that cannot take it yet. */
  #writeAside(): Promise<void> | undefined {
    const background = this.#startedBackground()
    if (!background.isReady) {
      this.#write()
      return undefined
    }
    const changes = { blocks: [...this.#staging.blocks], refs: [...this.#staging.refs] }
    const { blocks, refs } = writesOf(changes)
    const committed = this.#committed
    this.#atWork = background
      .write(packChanges(blocks, refs))
      .then(
        (isWritten) => {
          // Who has overtaken it has written the same, or failed to: then it is tried again.
          if (!isWritten) return
          this.#parts.database.resetReadTxn()
          this.#staging.remove(changes)
          this.#written = Math.max(this.#written, committed)
        },
        (cause) => {
          if (this.#written < committed) throw cause
        },
      )
      .finally(() => {
        this.#atWork = undefined
      })
    return this.#atWork
  }

  /** @throws what the last one has ended with, once */
  #startedBackground(): BackgroundWriter {
    const failure = this.#background?.failure
    if (failure !== undefined) {
      this.#background = undefined
      throw failure
    }
    const { environment, maxBlockBytes } = this.#parts
    this.#background ??= new BackgroundWriter({ environment, maxBlockBytes })
    return this.#background
  }

  #reading<T>(cid: Cid | undefined, work: () => T): T {
    try {
      return work()
    } catch (cause) {
      if (cause instanceof LmdbStoreError) throw cause
      const what = cid === undefined ? 'the store' : `${cid}`
      throw new IpldError('blockstore/unavailable', `${what} cannot be read from ${this.#parts.file}`, {
        cause,
        cid,
      })
    }
  }

  #writing<T>(size: number, work: () => T): T {
    try {
      return work()
    } catch (cause) {
      throw storeErrorOf(cause, this.#parts.file, 2 * size + TRANSACTION_OVERHEAD)
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new IpldError('store/closed', `${this.directory} is closed`)
  }

  #checkWritable(): void {
    this.#checkOpen()
    if (this.isReadOnly) throw new IpldError('store/read-only', `${this.directory} is open for reading`)
  }
}

/** A batch with the keys that its references have in the database. */
function changesOf({ blocks, refs }: ReturnType<typeof checkBatch>): Changes {
  return { blocks, refs: refs.map(({ namespace, key, value }): RefEdit => [refKey(namespace, key), value]) }
}

/** Changes with the keys that their blocks have in the database. */
function writesOf({
  blocks,
  refs,
}: {
  readonly blocks: readonly (readonly [Cid, Uint8Array])[]
  readonly refs: readonly RefEdit[]
}) {
  return { blocks: blocks.map(([cid, bytes]) => [blockKey(cid), bytes] as const), refs }
}

/** Bytes of the blocks and values in changes. */
function sizeOf({ blocks, refs }: Changes): number {
  let size = 0
  for (const [, bytes] of blocks) size += bytes.length
  for (const [, value] of refs) size += value?.length ?? 0
  return size
}
