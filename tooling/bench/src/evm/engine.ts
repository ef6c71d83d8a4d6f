/** @module What is compared: engines that run the same calls of the same contracts. */

/** A call to run again and again. */
export interface EvmCase {
  readonly name: string
  readonly address: bigint
  readonly code: Uint8Array
  readonly input: Uint8Array
}

/** One run of a call. */
export interface EvmRun {
  /** Processor time of the process that ran it, all its threads. */
  readonly cpuMs: number
  readonly output: Uint8Array
  /** Where the engine tells it: gas of the code alone. */
  readonly gasUsed?: number
}

/** Something that runs calls. Every run begins with the same state. */
export interface EvmEngine {
  readonly name: string
  run(which: EvmCase): Promise<EvmRun>
  close(): Promise<void>
}

/** Who calls; nobody has anything at stake. */
export const CALLER = 0x1001n
/** More than any of the calls uses. */
export const GAS_LIMIT = 2_000_000_000

/** Milliseconds of processor time that this process has used so far. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
