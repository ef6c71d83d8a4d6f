/**
 * @module Values on their way between threads. What a clone would lose, because it is an object of a class, becomes a record with a tag and is made anew
 * on the other side: CIDs, addresses, call trees, changes of states and errors.
 */
import { CodedError } from '@troupe/crypto'
import {
  Address,
  CallTree,
  decodeAddress,
  HypervisorError,
  type HypervisorErrorCode,
  type HypervisorErrorDetails,
} from '@troupe/hypervisor'
import { decodeCid, isCid } from '@troupe/ipld'
import { TroupeError, type TroupeErrorCode } from '../errors.ts'
import { StateChange } from '../state/state-change.ts'
import { ActorError, type Outcome } from '../vm/outcome.ts'

/** The field that tells a packed value from a record of somebody's own. */
const TAG = '$troupe'

type Packed = { readonly [TAG]: string } & Readonly<Record<string, unknown>>
type Fields = Readonly<Record<string, unknown>>

/** Makes a value ready to be cloned. Functions cannot be. */
export function pack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (isCid(value)) return { [TAG]: 'cid', bytes: value.bytes }
  if (value instanceof Address) return { [TAG]: 'address', bytes: value.bytes }
  if (value instanceof CallTree)
    return { [TAG]: 'tree', inclusion: value.inclusion, roots: pack(value.roots), caches: value.caches }
  if (value instanceof StateChange) return packChange(value)
  if (value instanceof Error) return packError(value)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, pack(item)]))
  if (Array.isArray(value)) return value.map(pack)
  const fields = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)]))
  return TAG in value ? { [TAG]: 'record', fields } : fields
}

/** The value that was packed. */
export function unpack(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, unpack(item)]))
  if (Array.isArray(value)) return value.map(unpack)
  return TAG in value ? unpackTagged(value as Packed) : unpackFields(value as Fields)
}

function unpackTagged(packed: Packed): unknown {
  switch (packed[TAG]) {
    case 'cid':
      return decodeCid(packed['bytes'] as Uint8Array)
    case 'address':
      return decodeAddress(packed['bytes'] as Uint8Array)
    case 'tree':
      return unpackTree(packed)
    case 'change':
      return unpackChange(packed)
    case 'error':
      return unpackError(packed)
    default:
      return unpackFields(packed['fields'] as Fields)
  }
}

function unpackFields(fields: Fields): unknown {
  return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, unpack(item)]))
}

function unpackTree({ caches, inclusion, roots }: Packed): CallTree {
  const tree = new CallTree()
  for (const [name, milligas] of inclusion as CallTree['inclusion']) tree.inclusion.set(name, milligas)
  tree.roots.push(...(unpack(roots) as CallTree['roots']))
  tree.caches = caches as CallTree['caches']
  return tree
}

function packChange({ segments, before, after }: StateChange): Packed {
  return { [TAG]: 'change', segments, before: pack(before), after: pack(after) }
}

function unpackChange({ segments, before, after }: Packed): StateChange {
  return new StateChange(
    segments as readonly string[],
    unpack(before) as StateChange['before'],
    unpack(after) as StateChange['after'],
  )
}

function packError(error: Error): Packed {
  const { name, message, stack } = error
  return {
    [TAG]: 'error',
    ...{ name, message, stack },
    code: error instanceof CodedError ? (error.code as string) : undefined,
    ...(error instanceof HypervisorError ? { fidelity: error.fidelity } : {}),
    ...(error instanceof ActorError
      ? { outcome: pack(error.outcome), receiver: error.receiver, repro: error.repro }
      : {}),
    cause: error.cause instanceof Error ? packError(error.cause) : undefined,
  }
}

function unpackError(packed: Packed): Error {
  const error = makeError(packed)
  error.name = String(packed['name'])
  // An actor's failure is explained by the names that the other thread has.
  error.message = String(packed['message'])
  // Where it happened is in the other thread.
  if (typeof packed['stack'] === 'string') error.stack = packed['stack']
  return error
}

function makeError({ code, cause, fidelity, message, name, outcome, receiver, repro }: Packed): Error {
  if (outcome !== undefined)
    return new ActorError(
      unpack(outcome) as Outcome,
      String(receiver),
      undefined,
      repro as ActorError['repro'],
    )
  const options = cause === undefined ? undefined : { cause: unpack(cause) }
  if (typeof code !== 'string') return new Error(String(message), options)
  if (name === TroupeError.name) return new TroupeError(code as TroupeErrorCode, String(message), options)
  if (name === HypervisorError.name) {
    const details = { ...options, fidelity } as HypervisorErrorDetails
    return new HypervisorError(code as HypervisorErrorCode, String(message), details)
  }
  return new CodedError(code, String(message), options)
}
