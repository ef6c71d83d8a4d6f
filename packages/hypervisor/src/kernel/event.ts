/** @module The syscall `event.emit_event` of generation 3. */
import { RAW } from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import { decodeEventEntries, type EventEntry } from '../call-manager/events.ts'
import { orSyscall, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { refuseReadOnly } from './self.ts'

/** No valid event comes near; tested before decoding. */
const MAX_ENCODED_LENGTH = 1 << 20
const MAX_ENTRIES = 256
const MAX_KEY_LENGTH = 32
const MAX_VALUES_LENGTH = 8192

/** `event.emit_event`: the CBOR of an array of `[flags, key, codec, value]`. @throws {SyscallError} ReadOnly, IllegalArgument, IllegalCodec */
export function emitEvent(kernel: Kernel, encoded: Uint8Array): void {
  refuseReadOnly(kernel, 'emit an event')
  const { calls } = kernel
  const { prices } = kernel.rules
  calls.charge('OnActorEventValidate', prices.onEventValidate(encoded.length))
  if (encoded.length > MAX_ENCODED_LENGTH)
    throw illegal(`an event of ${encoded.length} bytes exceeds ${MAX_ENCODED_LENGTH}`)
  const entries = orSyscall(ErrorNumber.IllegalArgument, () => decodeEventEntries(encoded))
  validate(entries)
  calls.charge('OnActorEventAccept', prices.onEventAccept(encoded.length))
  calls.events.append({ emitter: kernel.context.receiver, entries })
  kernel.trace?.({ type: 'event', emitter: kernel.context.receiver, entries: entries.length })
}

function validate(entries: readonly EventEntry[]): void {
  if (entries.length > MAX_ENTRIES)
    throw illegal(`an event of ${entries.length} entries exceeds ${MAX_ENTRIES}`)
  const text = new TextEncoder()
  let total = 0
  for (const { key, codec, value } of entries) {
    const keyLength = text.encode(key).length
    if (keyLength > MAX_KEY_LENGTH)
      throw illegal(`an event key of ${keyLength} bytes exceeds ${MAX_KEY_LENGTH}`)
    if (codec !== BigInt(RAW))
      throw new SyscallError(
        ErrorNumber.IllegalCodec,
        `event values must be raw, not 0x${codec.toString(16)}`,
      )
    total += value.length
  }
  if (total > MAX_VALUES_LENGTH) throw illegal(`event values of ${total} bytes exceed ${MAX_VALUES_LENGTH}`)
}

function illegal(message: string): SyscallError {
  return new SyscallError(ErrorNumber.IllegalArgument, message)
}
