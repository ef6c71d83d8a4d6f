/** @module What an actor's code does, instruction by instruction: for whoever wants to see each, which costs much more than a trace. */
import type { ActorId } from '../address/address.ts'

/** An instruction that is about to run. What it says is true until the listener returns. */
export interface ExecutionStep {
  readonly actor: ActorId
  /** The run of code that it belongs to: another object for each, by which runs in each other are told apart. */
  readonly run: object
  /** Where it stands in the code, in bytes. */
  readonly offset: number
  readonly opcode: number
  readonly name: string
  /** Milligas. */
  readonly gasLeft: number
  /** The stack, lowest first. */
  readonly stack: () => bigint[]
  readonly memory: () => Uint8Array
  /** What the last call returned. */
  readonly returnData: () => Uint8Array
}

/** Receives the steps of an execution, in order, from runtimes that tell them. Must not call into the machine; what it throws ends the execution as a failure of the host. */
export type StepListener = (step: ExecutionStep) => void
