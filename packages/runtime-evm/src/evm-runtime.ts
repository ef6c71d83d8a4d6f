import type { Program, RuleSet, Runtime } from '@troupe/hypervisor'
import { type Cid, cidEquals, parseCid } from '@troupe/ipld'
import { type NativeActor, NativeProgram, type SyscallRows, syscallRows } from '@troupe/runtime-native'
import { CodeCache } from './actor/code-cache.ts'
import { createEvmActor } from './actor/evm-actor.ts'
import { FVM_SCHEDULE } from './actor/fvm-gas.ts'
import { ContractPrecompiles } from './actor/precompile-calls.ts'
import { SteppingInterpreter } from './actor/stepping-interpreter.ts'
import { FILECOIN_INSTRUCTIONS } from './interpreter/instructions.ts'

/** What the runtime can be told. All of it can be cloned. */
export interface EvmRuntimeOptions {
  /** Most codes of contracts to keep in memory, analysed: each takes about seven times its length. Default: 256. */
  readonly maximumCodes?: number
}

/** The release of the official actors that the actor does as. */
const ACTOR_VERSION = 'v18'
/** CID of the actor's descriptor, by which the runtime knows it without asking for the block. */
const ACTOR_CODE: Cid = parseCid('bafy2bzaceaeki6jn7ytscoaamfmaks2ro55xksj2vk37ehqcgiqtgpdak6qem')
const DEFAULT_CODES = 256

/**
 * Runs contracts of the EVM: it brings the built-in actor `evm`, which is one on syscalls as native actors are, and an interpreter for the contracts' code.
 *
 * Differs: gas of the actor's own code and of the interpreter is a model, fitted to the official actor's; of the memory that the instances of a message share, only what
 * contracts use is taken; and where actors are being debugged, this one has nothing to say.
 */
export class EvmRuntime implements Runtime {
  readonly name = 'evm'
  readonly builtinActors: Readonly<Record<string, Uint8Array>>
  readonly #actor: NativeActor
  /** The syscall rows of each rule set, which are the same for all machines. */
  readonly #rows = new WeakMap<RuleSet, SyscallRows>()

  constructor({ maximumCodes = DEFAULT_CODES }: EvmRuntimeOptions = {}) {
    this.#actor = createEvmActor({
      version: ACTOR_VERSION,
      interpreter: new SteppingInterpreter({
        instructions: FILECOIN_INSTRUCTIONS,
        schedule: FVM_SCHEDULE,
      }),
      precompiles: new ContractPrecompiles(),
      codes: new CodeCache(maximumCodes),
    })
    this.builtinActors = { evm: this.#actor.descriptor }
  }

  /** @throws {NativeError} native/unsupported-rules for rules before network version 21 */
  load(codeCid: Cid, _code: () => Uint8Array, rules: RuleSet): Program | undefined {
    if (!cidEquals(codeCid, ACTOR_CODE)) return undefined
    const rows = this.#rows.get(rules) ?? syscallRows(rules)
    this.#rows.set(rules, rows)
    return new NativeProgram(this.#actor, rows, {
      level: 'calibrated',
      reason: `contracts of the EVM run as those of the official actor of ${ACTOR_VERSION}: gas of its own code is a fitted model`,
    })
  }
}

/** The runtime for contracts of the EVM. */
export function evmRuntime(options?: EvmRuntimeOptions): EvmRuntime {
  return new EvmRuntime(options)
}
