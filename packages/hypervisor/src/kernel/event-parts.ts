/** @module The syscall `event.emit_event` of generation 4: entries, keys and values in a buffer each. */
import { CBOR, decodeUtf8, RAW } from '@troupe/ipld'
import { EVENT_ENTRY } from '../abi/structs.ts'
import { ErrorNumber } from '../actor/error-number.ts'
import type { EventEntry } from '../call-manager/events.ts'
import { SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { refuseReadOnly } from './self.ts'

const MAX_ENTRIES = 255
const MAX_KEY_LENGTH = 31
const MAX_VALUES_LENGTH = 8192
/** Bit 0 the key, bit 1 the value. */
const MAX_FLAGS = 3n
const CODECS: ReadonlySet<bigint> = new Set([BigInt(RAW), BigInt(CBOR)])

/**
 * `event.emit_event`.
 *
 * @param headers `EventEntry` structs
 * @param keys the keys of all entries, one after the other; one UTF-8 text
 * @param values likewise
 * @throws {SyscallError} ReadOnly; LimitExceeded for too many entries, too long a key, or too long values in all; IllegalCodec; IllegalArgument
 */
export function emitEventParts(
  kernel: Kernel,
  headers: Uint8Array,
  keys: Uint8Array,
  values: Uint8Array,
): void {
  refuseReadOnly(kernel, 'emit an event')
  const { calls, context, rules } = kernel
  const count = headers.length / EVENT_ENTRY.size
  calls.charge('OnActorEvent', rules.prices.onEvent(count, keys.length, values.length))
  if (count > MAX_ENTRIES) throw exceeded(`an event of ${count} entries exceeds ${MAX_ENTRIES}`)
  if (values.length > MAX_VALUES_LENGTH)
    throw exceeded(`event values of ${values.length} bytes exceed ${MAX_VALUES_LENGTH}`)
  if (decodeUtf8(keys) === undefined) throw illegal('event keys that are not UTF-8')

  const view = new DataView(headers.buffer, headers.byteOffset, headers.byteLength)
  const entries: EventEntry[] = []
  let keyEnd = 0
  let valueEnd = 0
  for (let at = 0; at < headers.length; at += EVENT_ENTRY.size) {
    const flags = view.getBigUint64(at, true)
    const codec = view.getBigUint64(at + 8, true)
    const keyLength = view.getUint32(at + 16, true)
    const valueLength = view.getUint32(at + 20, true)
    if (flags > MAX_FLAGS) throw illegal(`unknown event flags ${flags}`)
    if (keyLength > MAX_KEY_LENGTH)
      throw exceeded(`an event key of ${keyLength} bytes exceeds ${MAX_KEY_LENGTH}`)
    if (valueLength > MAX_VALUES_LENGTH) throw illegal(`an event value of ${valueLength} bytes`)
    const key = keyAt(keys, keyEnd, keyEnd + keyLength)
    if (key === undefined) throw illegal('an event key that is out of range')
    if (valueEnd + valueLength > values.length) throw illegal('an event value that is out of range')
    if (!CODECS.has(codec))
      throw new SyscallError(
        ErrorNumber.IllegalCodec,
        `event values must be raw or CBOR, not 0x${codec.toString(16)}`,
      )
    entries.push({ flags, key, codec, value: values.slice(valueEnd, valueEnd + valueLength) })
    keyEnd += keyLength
    valueEnd += valueLength
  }
  if (keyEnd !== keys.length) throw illegal(`${keys.length - keyEnd} bytes after the event keys`)
  if (valueEnd !== values.length) throw illegal(`${values.length - valueEnd} bytes after the event values`)
  calls.events.append({ emitter: context.receiver, entries })
  kernel.trace?.({ type: 'event', emitter: context.receiver, entries: entries.length })
}

/** A part of valid UTF-8; none where it is out of range, or cuts through a character. */
function keyAt(keys: Uint8Array, start: number, end: number): string | undefined {
  return end > keys.length ? undefined : decodeUtf8(keys.subarray(start, end))
}

function illegal(message: string): SyscallError {
  return new SyscallError(ErrorNumber.IllegalArgument, message)
}

function exceeded(message: string): SyscallError {
  return new SyscallError(ErrorNumber.LimitExceeded, message)
}
