import type { EmbeddedInstance, EngineImports } from '@troupe/container'
import { addressWithin } from './engine-address.ts'

/** WASI's `badf`: there is no such file. */
const NO_FILE = 8
/** `fault`: an address that is none. */
const NO_ADDRESS = 21
const DONE = 0
/** Standard output and standard error. */
const OUTPUTS: readonly number[] = [1, 2]
/** Parts that are written at once, at most: the engine's library has two. */
const MAXIMUM_PARTS = 16
const PART_SIZE = 8
const SIZE_SIZE = 4
const CLOCK_SIZE = 8

/** What the engine calls where JavaScript calls the host: `name` is what the function was made with; the rest are pointers, and one comes back. */
export type HostCall = (argumentCount: number, argumentPointers: number) => number

/** What the engine calls where a promise is rejected that nobody waits for, and where somebody then does: with boxes of it and of the reason, which are the host's to free. */
export type PromiseRejection = (promise: number, reason: number, isHandled: number) => void

/**
 * What the engine imports, as the same on every host: a clock that stands still, bytes of randomness that are zero, no files but one to write to, no time zone, no modules, and
 * nothing that interrupts it, because gas does.
 *
 * The clock and the random bytes are what the engine seeds its own `Math.random` and `Date.now` with, which no actor has.
 *
 * @param reject is told of promises that nobody waits for
 * @param write takes what the engine writes to its standard output and standard error: a view
 */
export function engineImports(
  instance: EmbeddedInstance,
  call: HostCall,
  write: (bytes: Uint8Array) => void = () => {},
  reject: PromiseRejection = () => {},
): EngineImports {
  const { memory } = instance
  const noFile = (): number => NO_FILE
  const writeParts = (file: number, parts: number, count: number, out: number): number => {
    if (!OUTPUTS.includes(file)) return NO_FILE
    const start = parts >>> 0
    const end = start + (count >>> 0) * PART_SIZE
    const isWithin = end <= memory.length && (out >>> 0) + SIZE_SIZE <= memory.length
    if (!isWithin || count >>> 0 > MAXIMUM_PARTS) return NO_ADDRESS
    const ranges: Uint8Array[] = []
    for (let at = start; at < end; at += PART_SIZE) {
      const offset = memory.view.getUint32(at, true)
      const length = memory.view.getUint32(at + SIZE_SIZE, true)
      if (offset + length > memory.length) return NO_ADDRESS
      ranges.push(memory.slice(offset, length))
    }
    for (const range of ranges) write(range)
    const written = ranges.reduce((sum, { length }) => sum + length, 0)
    memory.view.setUint32(out >>> 0, written, true)
    return DONE
  }
  return {
    env: {
      host_call: (_name: number, _length: number, _self: number, count: number, pointers: number) =>
        call(count, pointers),
      host_interrupt: () => 0,
      host_promise_rejection: reject,
      host_module_normalize: () => 0,
      host_module_load: () => 0,
      host_get_timezone_offset: () => 0,
    },
    wasi_snapshot_preview1: {
      clock_time_get: (_clock: number, _precision: bigint, out: number) => {
        memory.view.setBigUint64(addressWithin(memory, out, CLOCK_SIZE), 0n, true)
        return DONE
      },
      random_get: (offset: number, length: number) => {
        const start = addressWithin(memory, offset, length >>> 0)
        memory.bytes.fill(0, start, start + (length >>> 0))
        return DONE
      },
      fd_close: noFile,
      fd_fdstat_get: noFile,
      fd_seek: noFile,
      fd_write: writeParts,
    },
  }
}
