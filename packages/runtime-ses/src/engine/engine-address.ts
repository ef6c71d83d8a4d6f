import { Abort, ExitCode } from '@troupe/hypervisor'

/**
 * An address that the engine has named, where so many bytes from there on are memory of its own; addresses come as signed numbers.
 *
 * An engine that names others has lost its way, by a fault of its own that an actor has found. On every host it has lost it in the same place, so that this is an outcome, as a trap is.
 *
 * @throws {Abort} with exit code 4
 */
export function addressWithin(memory: { readonly length: number }, address: number, length: number): number {
  const start = address >>> 0
  if (start + length > memory.length)
    throw new Abort(
      ExitCode.SYS_ILLEGAL_INSTRUCTION,
      `the engine of the actor names ${length} bytes at ${start}, and has ${memory.length}`,
    )
  return start
}
