/** @module What the steps of the tour give, as data that can be cloned. Amounts are decimal, in FIL. */
import type { TraceReport } from 'troupe/trace'

/** A step of the tour. */
export type Step = GenesisStep | MessagesStep | StateStep

interface StepHead {
  readonly title: string
  /** What is to be seen. */
  readonly note: string
}

/** The state that everything starts from. */
export interface GenesisStep extends StepHead {
  readonly kind: 'genesis'
  readonly networkVersion: number
  readonly root: string
  readonly accounts: readonly AccountReport[]
}

/** Messages, one after the other, and what has become of things. */
export interface MessagesStep extends StepHead {
  readonly kind: 'messages'
  readonly messages: readonly MessageReport[]
  readonly facts: readonly Fact[]
}

/** The state that everything led to. */
export interface StateStep extends StepHead {
  readonly kind: 'state'
  readonly root: string
  readonly actors: readonly ActorReport[]
}

/** Something worth saying. */
export interface Fact {
  readonly what: string
  readonly value: string
}

/** An account with the name of who has its key. */
export interface AccountReport {
  readonly name: string
  readonly id: string
  readonly address: string
  readonly balance: string
}

/** An actor of the state tree. */
export interface ActorReport {
  readonly id: string
  /** Which actor it is, and whose. */
  readonly actor: string
  /** The name of what runs its code. */
  readonly runtime: string
  readonly sequence: bigint
  readonly balance: string
  /** CID of its state. */
  readonly head: string
}

/** A message that was executed. */
export interface MessageReport {
  readonly from: string
  readonly to: string
  /** `counter.Increment`. */
  readonly method: string
  readonly value: string
  readonly gasLimit: bigint
  readonly exitCode: number
  readonly exitName: string
  /** Hexadecimal. */
  readonly returnData: string
  readonly gasUsed: bigint
  readonly eventsRoot: string | null
  readonly events: readonly EventReport[]
  /** attoFIL, decimal, by who got it. */
  readonly fees: { readonly burnt: string; readonly tip: string; readonly refund: string }
  /** How it failed, the innermost call first; empty where it did not. */
  readonly failure: readonly FailureReport[]
  readonly fidelity: { readonly level: string; readonly reasons: readonly string[] }
  readonly rootBefore: string
  readonly rootAfter: string
  readonly trace: TraceReport
  /** The trace as a tree to read. */
  readonly tree: readonly string[]
}

/** An event that an actor emitted. Values are hexadecimal. */
export interface EventReport {
  readonly emitter: string
  readonly entries: readonly { readonly key: string; readonly value: string }[]
}

/** A call that failed. */
export interface FailureReport {
  /** `counter.Increment`, as far as that is known. */
  readonly call: string
  readonly exitName: string
  readonly message: string
  /** Where in the actor's sources, the innermost function first: `at letIn (hall.ts:40:10)`. Empty where its runtime does not tell. */
  readonly stack: readonly string[]
  /** The line of the innermost function. */
  readonly line: SourceLine | null
}

/** A line of a source. */
export interface SourceLine {
  /** From 1. */
  readonly line: number
  readonly text: string
}
