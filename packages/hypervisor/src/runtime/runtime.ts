/** @module The contract between the core and the runtimes that execute actor code. */
import type { Cid } from '@troupe/ipld'
import type { GasTracker } from '../gas/tracker.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { RuleSet } from '../network/rule-set.ts'
import type { Fidelity } from '../trace/fidelity.ts'

/** Why a runtime does not take a code. */
export interface CodeRefusal {
  /** The rule that the code breaks, as the runtime names it: `module/invalid`, ... */
  readonly code: string
  /** For people. */
  readonly reason: string
  /** Where in the code, in bytes; `undefined` where it is the code as a whole. */
  readonly offset: number | undefined
}

/** Turns the code of actors into programs. A runtime owns its caches; machines share it. */
export interface Runtime {
  /** `wasm`, `evm`, ... */
  readonly name: string
  /** The best that any of its programs' results can be: a machine that has to give better ones is not made with it. Default: `exact`. */
  readonly fidelity?: Fidelity
  /**
   * The built-in actors that it brings, by their names in the manifest: the DAG-CBOR block that stands for the code of each. A new network puts them into its manifest;
   * {@link load} knows them by their CIDs. Default: none.
   */
  readonly builtinActors?: Readonly<Record<string, Uint8Array>>
  /**
   * The rules that it was told to want of a network, made of the network's: whoever makes a chain with it applies them. Default: any.
   * @throws an error of its own where no such rules can be made of these
   */
  rulesOf?(rules: RuleSet): RuleSet
  /**
   * The program of an actor's code, or `undefined` where the code is none of this runtime's.
   *
   * @param code gives the code block; called only where the runtime does not have the program yet
   * @param library gives code that users have installed, to be linked to this
   * @throws {ProtocolFatal} where the code is this runtime's, but the rules refuse it
   */
  load(
    codeCid: Cid,
    code: () => Uint8Array,
    rules: RuleSet,
    library: (cid: Cid) => Uint8Array | undefined,
  ): Program | undefined
  /**
   * Whether users may install a code: everything is checked and made ready that running it needs, within the bounds of the rules. A runtime without it takes no
   * user's code.
   *
   * The answer depends on the code, the rules and the code of libraries alone. The gas of a code's bytes has been charged; a runtime that runs code to check it charges for that
   * too, the same whatever is cached.
   *
   * @param library as above; what it gives is charged for, so it is to be called once for each, whatever is cached
   * @param gas of whoever installs; by default there is no end of it
   * @returns `undefined` where the code is none of this runtime's
   */
  validate?(
    codeCid: Cid,
    code: Uint8Array,
    rules: RuleSet,
    library: (cid: Cid) => Uint8Array | undefined,
    gas?: GasTracker,
  ): 'accepted' | CodeRefusal | undefined
}

/** Loaded code of one actor type, under one rule set. */
export interface Program {
  /** How far the program's results are what the code's own network would give. */
  readonly fidelity: Fidelity
  /** `false` where the code's actors are not to be called while they are being called; rules can see to it. Default: `true`. */
  readonly isReentrant?: boolean
  /**
   * Whether it takes prices of its own for all that is done for it, so that the price list does not count while it runs: contracts, where the rules have Ethereum's gas. What
   * its calls run is charged as it would be otherwise. Default: `false`.
   */
  readonly hasOwnPrices?: boolean
  /**
   * Runs one invocation to its end. The gas of the code itself is charged to the kernel's tracker by the program.
   *
   * @param parameters handle of the parameter block in the kernel's registry, 0 for none
   * @returns handle of the return block, 0 for none
   * @throws {Abort | OutOfGas | ProtocolFatal} as the invocation ends; a trap is `Abort` with exit code 4. Anything else is a host failure.
   */
  invoke(kernel: Kernel, parameters: number): number
  /**
   * Runs the code's `upgrade` to its end, likewise, after an actor has taken this code in place of another; see `withActorUpgrades`. A program
   * without it cannot be upgraded to.
   *
   * @param info handle of a block that tells the code before: CBOR tuple `[code CID]`
   */
  upgrade?(kernel: Kernel, parameters: number, info: number): number
}
