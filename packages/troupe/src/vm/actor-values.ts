/** @module Values of actors in hardened JavaScript, outside of them: what CBOR has no form for, and how it stands there. */
import { CborReader, CborWriter, type Cid, type IpldValue, isCid } from '@troupe/ipld'

/** The key of integers that CBOR has no form for. */
const LARGE = '@int'
const MAX_UINT64 = 2n ** 64n - 1n
const MIN_INT64 = -(2n ** 63n)

/** A value as an actor in hardened JavaScript takes it: as it is, but for integers beyond 64 bits. */
export function toActorValue(value: IpldValue): IpldValue {
  if (typeof value === 'bigint' && (value > MAX_UINT64 || value < MIN_INT64)) {
    const reader = new CborReader(new CborWriter().bigInt(value).finish())
    return { [LARGE]: reader.bytes() }
  }
  return map(value, toActorValue)
}

/** A value that an actor in hardened JavaScript returned, with its integers beyond 64 bits. */
export function fromActorValue(value: IpldValue): IpldValue {
  if (isRecord(value)) {
    const large = value[LARGE]
    if (large instanceof Uint8Array) return new CborReader(new CborWriter().bytes(large).finish()).bigInt()
  }
  return map(value, fromActorValue)
}

function map(value: IpldValue, change: (value: IpldValue) => IpldValue): IpldValue {
  if (Array.isArray(value)) return (value as readonly IpldValue[]).map(change)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]))
}

function isRecord(
  value: IpldValue,
): value is Exclude<Extract<IpldValue, object>, Cid | Uint8Array | readonly IpldValue[]> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isCid(value) &&
    !(value instanceof Uint8Array)
  )
}
