import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCrypto } from '@troupe/crypto'
import type { Cid } from '@troupe/ipld'
import { cidOf, RAW } from '@troupe/ipld'
import { type LmdbStore, type LmdbStoreOptions, openLmdbStore } from '@troupe/store-lmdb'
import { afterAll } from 'vitest'

export const crypto = await loadCrypto()

/** A place for stores of one test file, which goes away with it. Call it at the top level. */
export function temporaryStores(): {
  /** A directory that does not exist yet. */
  next(): string
  open(directory?: string, options?: LmdbStoreOptions): Promise<LmdbStore>
} {
  const root = mkdtempSync(join(tmpdir(), 'troupe-store-'))
  let count = 0
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const next = (): string => join(root, String(count++))
  return { next, open: (directory = next(), options = {}) => openLmdbStore(directory, crypto, options) }
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

export function leaf(value: string): [Cid, Uint8Array] {
  const bytes = text(value)
  return [cidOf(crypto, RAW, bytes), bytes]
}
