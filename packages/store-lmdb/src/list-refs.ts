import { bytesKey, type Ref, type RefRange } from '@troupe/ipld'
import { type Database, read } from './environment.ts'
import { keyAfterPrefix, keyRightAfter, refKey, refKeyOf } from './keys.ts'
import type { Staging } from './staging.ts'

/** The references of a namespace: those in the database, with what is staged on top. */
export function listRefs(
  database: Database,
  staging: Staging,
  namespace: string,
  { prefix, after, reverse = false, limit = Infinity }: RefRange,
): Ref[] {
  const first = refKey(namespace, prefix ?? new Uint8Array())
  const beyond = after && refKey(namespace, after)
  // From `low`, which counts, up to `high`, which does not.
  const low = beyond !== undefined && !reverse ? later(first, keyRightAfter(beyond)) : first
  const end = keyAfterPrefix(first)
  const high = beyond !== undefined && reverse && Buffer.compare(beyond, end) < 0 ? beyond : end
  const isListed = (key: Uint8Array): boolean =>
    Buffer.compare(low, key) <= 0 && Buffer.compare(key, high) < 0
  if (!(limit > 0) || !isListed(low)) return []
  const found = new Map<string, Uint8Array>()
  // The database's own order of the keys of a page, which staged ones are put among after.
  const range = reverse ? { start: high, end: low, inclusiveEnd: true, reverse } : { start: low, end: high }
  for (const key of database.getKeys(range)) {
    if (!isListed(key) || staging.ref(key) !== undefined) continue
    found.set(bytesKey(key), key)
    if (found.size >= limit) break
  }
  for (const [key, value] of staging.refs)
    if (value !== undefined && isListed(key)) found.set(bytesKey(key), key)
  const keys = [...found.values()].sort(reverse ? (a, b) => Buffer.compare(b, a) : Buffer.compare)
  return keys.slice(0, limit).map((key) => ({
    key: refKeyOf(namespace, key),
    value: staging.ref(key)?.[1]?.slice() ?? read(database, key) ?? new Uint8Array(),
  }))
}

function later(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Buffer.compare(a, b) < 0 ? b : a
}
