import type { EmbeddedInstance, EngineImports } from '@troupe/container'

/** WASI's `badf`: there is no such file. */
const NO_FILE = 8
const DONE = 0

/** What the engine calls where JavaScript calls the host: `name` is what the function was made with; the rest are pointers, and one comes back. */
export type HostCall = (argumentCount: number, argumentPointers: number) => number

/**
 * What the engine imports, as the same on every host: a clock that stands still, bytes of randomness that are zero, no files, no time zone, no modules, and nothing that
 * interrupts it, because gas does.
 *
 * The clock and the random bytes are what the engine seeds its own `Math.random` and `Date.now` with, which no actor has.
 */
export function engineImports(instance: EmbeddedInstance, call: HostCall): EngineImports {
  const { memory } = instance
  const noFile = (): number => NO_FILE
  return {
    env: {
      host_call: (_name: number, _length: number, _self: number, count: number, pointers: number) =>
        call(count, pointers),
      host_interrupt: () => 0,
      host_promise_rejection: () => {},
      host_module_normalize: () => 0,
      host_module_load: () => 0,
      host_get_timezone_offset: () => 0,
    },
    wasi_snapshot_preview1: {
      clock_time_get: (_clock: number, _precision: bigint, out: number) => {
        memory.view.setBigUint64(out, 0n, true)
        return DONE
      },
      random_get: (offset: number, length: number) => {
        memory.bytes.fill(0, offset, offset + length)
        return DONE
      },
      fd_close: noFile,
      fd_fdstat_get: noFile,
      fd_seek: noFile,
      fd_write: noFile,
    },
  }
}
