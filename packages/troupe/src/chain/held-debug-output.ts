import type { DebugOutput } from '@troupe/hypervisor'
import { RefusedMessages } from './refused-messages.ts'

/** Where actors are being debugged, and nobody reads. */
export const NO_OUTPUT: DebugOutput = { log: () => {}, storeArtifact: () => {} }

/** Output of actors that is passed on once it is known that it will not come again. */
export class HeldDebugOutput implements DebugOutput {
  readonly #output: DebugOutput
  #held: ((output: DebugOutput) => void)[] = []

  constructor(output: DebugOutput) {
    this.#output = output
  }

  log(...line: Parameters<DebugOutput['log']>): void {
    this.#held.push((output) => output.log(...line))
  }

  storeArtifact(...artifact: Parameters<DebugOutput['storeArtifact']>): void {
    this.#held.push((output) => output.storeArtifact(...artifact))
  }

  /** Forgets what is held. */
  forget(): void {
    this.#held = []
  }

  /** Passes on what is held. */
  release(): void {
    for (const pass of this.#held.splice(0)) pass(this.#output)
  }
}

/** Executes messages of which some may be refused, so that the others are executed again without them: what they log is passed on when that has been done for good, or has failed otherwise. */
export function holding<T>(output: DebugOutput | undefined, work: (debug: DebugOutput | undefined) => T): T {
  if (output === undefined) return work(output)
  const held = new HeldDebugOutput(output)
  try {
    return work(held)
  } catch (error) {
    if (error instanceof RefusedMessages) held.forget()
    throw error
  } finally {
    held.release()
  }
}
