import { type Fidelity, type Program, type RuleSet, type Runtime, withEthereumGas } from '@troupe/hypervisor'
import { type Cid, cidEquals, parseCid } from '@troupe/ipld'
import { type NativeActor, NativeProgram, type SyscallRows, syscallRows } from '@troupe/runtime-native'
import { CodeCache } from './actor/code-cache.ts'
import { FilecoinEngine } from './actor/contract-engine.ts'
import { type ContractFork, contractForkOf, EthereumEngine } from './actor/ethereum-engine.ts'
import { createEvmActor } from './actor/evm-actor.ts'
import { EvmError } from './errors.ts'
import { ethereumGasOf } from './ethereum/gas-rules.ts'

/** What the runtime can be told. All of it can be cloned. */
export interface EvmRuntimeOptions {
  /**
   * Whose gas contracts and transactions have: `fvm`, Filecoin's, or `ethereum`, which makes rules for it of a new chain's (`withEthereumGas`). Rules that say otherwise are refused.
   * Default: what the rules say.
   */
  readonly gas?: 'fvm' | 'ethereum'
  /** With `gas: 'ethereum'`, the fork whose it is. Default: `cancun`. */
  readonly fork?: ContractFork
  /** Most codes of contracts to keep in memory, analysed: each takes about seven times its length. Default: 256. */
  readonly maximumCodes?: number
}

/** The release of the official actors that the actor does as. */
const ACTOR_VERSION = 'v18'
/** CID of the actor's descriptor, by which the runtime knows it without asking for the block. */
const ACTOR_CODE: Cid = parseCid('bafy2bzaceaeki6jn7ytscoaamfmaks2ro55xksj2vk37ehqcgiqtgpdak6qem')
const DEFAULT_CODES = 256
const DEFAULT_FORK = 'cancun'

/** Of contracts with Filecoin's gas. */
const MODEL_FIDELITY: Fidelity = {
  level: 'calibrated',
  reason: `contracts of the EVM run as those of the official actor of ${ACTOR_VERSION}: gas of its own code is a fitted model`,
}

/** Of contracts with the gas of a fork of Ethereum. */
function pricedFidelity(fork: string): Fidelity {
  return {
    level: 'simulated',
    reason: `contracts have Ethereum's gas (${fork}), to the unit, and not Filecoin's`,
  }
}

/** The actor with the gas of a fork of Ethereum. */
class EthereumPricedProgram extends NativeProgram {
  readonly hasOwnPrices = true

  constructor(actor: NativeActor, rows: SyscallRows, fork: string) {
    super(actor, rows, pricedFidelity(fork))
  }
}

/**
 * Runs contracts of the EVM: it brings the built-in actor `evm`, which is one on syscalls as native actors are, and an interpreter for the contracts' code.
 *
 * Where the rules of a network have Ethereum's gas, contracts cost what they cost on Ethereum. Otherwise:
 *
 * Differs: gas of the actor's own code and of the interpreter is a model, fitted to the official actor's; of the memory that the instances of a message share, only what
 * contracts use is taken; and where actors are being debugged, this one has nothing to say.
 */
export class EvmRuntime implements Runtime {
  readonly name = 'evm'
  readonly fidelity: Fidelity
  readonly builtinActors: Readonly<Record<string, Uint8Array>>
  readonly #gas: 'fvm' | 'ethereum' | undefined
  readonly #fork: ContractFork
  readonly #codes: CodeCache
  readonly #actor: NativeActor
  /** The actor with the gas of Ethereum's forks, by their names. */
  readonly #priced = new Map<string, NativeActor>()
  /** The syscall rows of each rule set, which are the same for all machines. */
  readonly #rows = new WeakMap<RuleSet, SyscallRows>()

  /** @throws {EvmError} evm/unsupported-fork; evm/other-gas for a fork where gas is not Ethereum's */
  constructor({ fork, gas, maximumCodes = DEFAULT_CODES }: EvmRuntimeOptions = {}) {
    if (fork !== undefined && gas !== 'ethereum')
      throw new EvmError('evm/other-gas', `a fork (${fork}) goes with gas: 'ethereum'`)
    this.#gas = gas
    this.#fork = fork ?? DEFAULT_FORK
    this.#codes = new CodeCache(maximumCodes)
    this.#actor = createEvmActor({
      version: ACTOR_VERSION,
      engine: new FilecoinEngine(),
      codes: this.#codes,
    })
    this.builtinActors = { evm: this.#actor.descriptor }
    this.fidelity = gas === 'ethereum' ? pricedFidelity(this.#fork) : MODEL_FIDELITY
    if (gas === 'ethereum') this.#pricedActor(this.#fork)
  }

  /** @throws {EvmError} evm/other-gas where the rules have the gas of another fork, or Ethereum's, and this runtime was told otherwise */
  rulesOf(rules: RuleSet): RuleSet {
    if (this.#gas === 'ethereum' && rules.ethereumGas === undefined)
      return withEthereumGas(rules, ethereumGasOf(contractForkOf(this.#fork)))
    this.#requireGasOf(rules)
    return rules
  }

  /**
   * @throws {NativeError} native/unsupported-rules for rules before network version 21
   * @throws {EvmError} evm/unsupported-fork for rules with the gas of a fork that contracts cannot have; evm/other-gas as {@link rulesOf}
   */
  load(codeCid: Cid, _code: () => Uint8Array, rules: RuleSet): Program | undefined {
    if (!cidEquals(codeCid, ACTOR_CODE)) return undefined
    this.#requireGasOf(rules)
    const rows = this.#rows.get(rules) ?? syscallRows(rules)
    this.#rows.set(rules, rows)
    const fork = rules.ethereumGas?.fork
    if (fork !== undefined) return new EthereumPricedProgram(this.#pricedActor(fork), rows, fork)
    return new NativeProgram(this.#actor, rows, MODEL_FIDELITY)
  }

  #requireGasOf({ ethereumGas, name }: RuleSet): void {
    if (this.#gas === undefined) return
    const wanted = this.#gas === 'fvm' ? undefined : this.#fork
    if (wanted === ethereumGas?.fork) return
    throw new EvmError(
      'evm/other-gas',
      `the runtime was told to have gas of ${wanted ?? 'Filecoin'}, and the rules ${name} have that of ${ethereumGas?.fork ?? 'Filecoin'}`,
    )
  }

  #pricedActor(name: string): NativeActor {
    const known = this.#priced.get(name)
    if (known !== undefined) return known
    const engine = new EthereumEngine(contractForkOf(name))
    const actor = createEvmActor({ version: ACTOR_VERSION, engine, codes: this.#codes })
    this.#priced.set(name, actor)
    return actor
  }
}

/** The runtime for contracts of the EVM. @throws {EvmError} evm/unsupported-fork; evm/other-gas for a fork where gas is not Ethereum's */
export function evmRuntime(options?: EvmRuntimeOptions): EvmRuntime {
  return new EvmRuntime(options)
}
