import { type Cid, cidKey } from '../cid/cid.ts'
import type { Blockstore } from './blockstore.ts'

/** Notes which blocks are asked for and which are put: the evidence of an execution, or the access pattern that a prefetch follows. */
export class RecordingBlockstore implements Blockstore {
  readonly base: Blockstore
  private readonly readKeys = new Map<string, Cid>()
  private readonly absentKeys = new Map<string, Cid>()
  private readonly writtenKeys = new Map<string, Cid>()

  constructor(base: Blockstore) {
    this.base = base
  }

  /** CIDs that were asked for and were there, each once, in the order of first asking. */
  get reads(): Cid[] {
    return [...this.readKeys.values()]
  }

  /** CIDs that were asked for and were absent when first asked for, each once, in that order. */
  get absent(): Cid[] {
    return [...this.absentKeys.values()]
  }

  /** CIDs that were put, each once, in the order of first putting. */
  get writes(): Cid[] {
    return [...this.writtenKeys.values()]
  }

  get(cid: Cid): Uint8Array | undefined {
    const bytes = this.base.get(cid)
    this.note(cid, bytes !== undefined)
    return bytes
  }

  has(cid: Cid): boolean {
    const found = this.base.has(cid)
    this.note(cid, found)
    return found
  }

  put(cid: Cid, bytes: Uint8Array): void {
    this.base.put(cid, bytes)
    const key = cidKey(cid)
    if (!this.writtenKeys.has(key)) this.writtenKeys.set(key, cid)
  }

  /** Starts a new record. */
  reset(): void {
    for (const record of [this.readKeys, this.absentKeys, this.writtenKeys]) record.clear()
  }

  private note(cid: Cid, found: boolean): void {
    const record = found ? this.readKeys : this.absentKeys
    const key = cidKey(cid)
    if (!record.has(key)) record.set(key, cid)
  }
}
