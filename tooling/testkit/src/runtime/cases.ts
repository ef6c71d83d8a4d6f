/** @module What the cases of a runtime share. */
import type { MessageResult, Runtime } from '@troupe/hypervisor'
import type { OpenOptions, SubjectStage } from './stage.ts'
import type { RuntimeSubject } from './subject.ts'

/** What cases are given. */
export interface CaseContext {
  /** For the names of tests. */
  readonly name: string
  readonly subject: RuntimeSubject
  /** What all cases share that are not about caches, as machines do. */
  readonly runtime: Runtime
  /** A machine on which two subjects stand. */
  open(options?: OpenOptions): SubjectStage
}

export const MILLIGAS = 1000n
/** What a relay fails with that is told to. */
export const RELAY_FAILURE = 40
/** Gas for code that is to use it up: as little as a slow machine notices. */
export const ENDLESS_GAS = 100_000_000n
/** Gas that no call of a subject makes do with. */
export const TOO_LITTLE = 50n

export function bytes(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values)
}

/** What messages have in common wherever and whenever they are executed. */
export function lastingOf({ receipt, events, eventBlocks, failure, fidelity }: MessageResult): unknown {
  return { receipt, events, eventBlocks, fidelity, message: failure?.message }
}
