/**
 * @module What the SDK is to a runtime: one classic script, and what it evaluates to.
 *
 * The runtime evaluates the script once, in the start compartment of an engine in which `ses` has been evaluated and `lockdown()` has run. It needs `harden` and `Compartment`
 * of the global object, and sets nothing there but `TextEncoder` and `TextDecoder`, which are its own on every engine. The completion value of the script is an {@link ActorImage},
 * which the runtime keeps, out of reach of actors.
 *
 * Then, once for each actor code, `prepare`; and, in a copy of what is there after that, for each invocation:
 *
 * 1. `begin` (or `beginUpgrade`);
 * 2. all jobs of the promise queue, until there are none;
 * 3. `conclude`, whose value is what the invocation returns.
 *
 * An invocation that fails ends in {@link HostKernel.abort}. What `begin`, a job or `conclude` throws besides is an engine that is at its end (its stack, its memory): the runtime
 * aborts with exit code 24 (USR_ASSERTION_FAILED), and the text of the error as message.
 */
import type { HostBlock, HostKernel } from './host-kernel.ts'

/** What the script of the SDK evaluates to. A runtime calls these as methods of it. */
export interface ActorImage {
  /**
   * Evaluates an actor's script, as `@troupe/bundle-js` writes it, in a new Compartment, and keeps the actor that it defines. Once in the life of an image.
   *
   * Without host and without ambient authority: it depends on the script alone. Never throws but where the engine is at its end.
   * @param stackOf gives the stack of an error, if it is to be had: `lockdown()` takes it away from everyone, but a runtime can keep a hold of the getter of
   *   `Error.prototype` before. Syntax errors have their line and column from it
   * @returns a {@link Preparation} as JSON text, so that nothing but text crosses
   */
  prepare(source: string, stackOf?: (error: object) => string | undefined): string
  /** Starts a call of the actor that was prepared. @param parameters block of the call, or `undefined` for none */
  begin(host: HostKernel, method: bigint, parameters: HostBlock | undefined): void
  /** Starts what a runtime's `Program.upgrade` is to run, likewise. @param info CBOR tuple `[code CID]` of the code before */
  beginUpgrade(host: HostKernel, parameters: HostBlock | undefined, info: HostBlock): void
  /**
   * Ends the call: writes the state.
   * @param lost how many promises were rejected, and nobody waits for them, as engines tell their hosts; default: none
   * @param reason what one of them was rejected with
   * @returns the block to return, or `undefined` for none
   */
  conclude(lost?: number, reason?: unknown): HostBlock | undefined
}

/** One method of an actor, as it is called from outside. */
export interface MethodSummary {
  /** The facet that has it. */
  readonly facet: string
  readonly name: string
  /** Decimal, for JSON. */
  readonly number: string
}

/** What became of a script. Refusals have the shape of a runtime's `CodeRefusal`, with a line and a column (from 1) in the script where the engine says so. */
export type Preparation =
  | {
      readonly isAccepted: true
      readonly name: string
      /** What `Program.isReentrant` is to say. */
      readonly isReentrant: boolean
      readonly methods: readonly MethodSummary[]
    }
  | {
      readonly isAccepted: false
      /** `actor/syntax`, `actor/no-default-export`, ...; the README lists them. */
      readonly code: string
      readonly reason: string
      readonly line?: number
      readonly column?: number
    }
