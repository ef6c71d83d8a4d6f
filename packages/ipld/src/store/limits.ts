/** @module What every store accepts at most, and what names of namespaces look like. */
import type { Cid } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import type { RefChange, StoreBatch } from './chain-store.ts'

/** Bytes of one block: as much as a CAR may hold in one. */
export const MAX_STORED_BLOCK_BYTES = 33_554_432
/** Bytes of the key of a reference. */
export const MAX_REF_KEY_BYTES = 256
/** Bytes of the value of a reference. */
export const MAX_REF_VALUE_BYTES = 65_536
/** Characters of the name of a namespace. */
export const MAX_NAMESPACE_LENGTH = 64

const NAMESPACE = /^[a-z0-9-]+$/

/** @throws {IpldError} store/bad-namespace */
export function checkNamespace(namespace: string): void {
  if (namespace.length > MAX_NAMESPACE_LENGTH || !NAMESPACE.test(namespace))
    throw new IpldError('store/bad-namespace', `${JSON.stringify(namespace)} is no name of a namespace`)
}

/** @throws {IpldError} store/bad-namespace, store/too-large */
export function checkRef(namespace: string, key: Uint8Array): void {
  checkNamespace(namespace)
  checkSize('the key of a reference', key, MAX_REF_KEY_BYTES)
}

/** @throws {IpldError} store/too-large */
export function checkStoredBlock(cid: Cid, bytes: Uint8Array): void {
  // The text of a CID takes longer than storing a block, and the library keeps it for as long as the CID.
  if (bytes.length > MAX_STORED_BLOCK_BYTES) checkSize(`the block ${cid}`, bytes, MAX_STORED_BLOCK_BYTES)
}

/**
 * The parts of a batch, each checked.
 * @throws {IpldError} store/bad-namespace, store/too-large
 */
export function checkBatch({ blocks = [], refs = [] }: StoreBatch): {
  readonly blocks: readonly (readonly [Cid, Uint8Array])[]
  readonly refs: readonly RefChange[]
} {
  const checked = { blocks: [...blocks], refs: [...refs] }
  for (const [cid, bytes] of checked.blocks) checkStoredBlock(cid, bytes)
  for (const { namespace, key, value } of checked.refs) {
    checkRef(namespace, key)
    if (value !== undefined) checkSize('the value of a reference', value, MAX_REF_VALUE_BYTES)
  }
  return checked
}

function checkSize(what: string, bytes: Uint8Array, most: number): void {
  if (bytes.length > most)
    throw new IpldError('store/too-large', `${what} has ${bytes.length} bytes, of at most ${most}`)
}
