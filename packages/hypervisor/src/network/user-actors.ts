/** @module User code as a rule of a network: who may install code is the init actor's affair, what code is taken is said here. */
import { INSTALL_ACTOR } from '../abi/table.ts'
import { gas, type PriceList, saturate } from '../gas/prices/price-list.ts'
import type { RuleSet } from './rule-set.ts'

const MIB = 1024 * 1024

/** How much code may be linked to that of an actor. */
export interface LibraryRules {
  /** Most libraries of one actor, those of its libraries counted. */
  readonly maximumLibraries: number
  /** Longest way from an actor to a library: 1 where libraries may import none. */
  readonly maximumDepth: number
  /** Most bytes of an actor's code and its libraries together. */
  readonly maximumLinkedSize: number
}

/** What code may be installed on a network of one's own. */
export interface UserActorRules {
  /** Most bytes of a code. */
  readonly maximumCodeSize: number
  /** Most functions of a Wasm module, those that it imports counted. */
  readonly maximumFunctions: number
  /** Most bytes of one function: its locals and its code. */
  readonly maximumFunctionSize: number
  /** Most locals of one function, its parameters counted. */
  readonly maximumLocals: number
  /** Most labels of one `br_table`, the default not counted. */
  readonly maximumBranches: number
  /** What may be linked; `undefined` where actors cannot import libraries, and libraries cannot be installed. */
  readonly libraries: LibraryRules | undefined
}

/** The bounds that {@link withUserActors} sets unless told otherwise. */
export const USER_ACTOR_RULES: UserActorRules = {
  // What one block of an actor holds, the init actor's too.
  maximumCodeSize: MIB,
  // NEAR's `max_functions_number_per_contract` (nearcore core/parameters); the largest official actor has 1,737.
  maximumFunctions: 10_000,
  // The largest official function has 154,814. Instrumented it grows, at worst to 21 times its size, and engines take 7,654,321 bytes.
  maximumFunctionSize: 262_144,
  // A function cannot run whose locals alone are more than the stack's height.
  maximumLocals: 2048,
  // What engines take: WebAssembly JavaScript Interface, implementation limits.
  maximumBranches: 65_520,
  libraries: { maximumLibraries: 16, maximumDepth: 4, maximumLinkedSize: 2 * MIB },
}

/**
 * Gas for a byte of code that is installed: 200 nanoseconds, at the ten gas a nanosecond of the FVM's other prices. Reading, validating, instrumenting and
 * compiling takes 100 for official code, and up to 700 for code that is made to grow; what linking a byte costs, and bringing it in a message, covers the rest.
 *
 * Differs: the reference has the price (`install_wasm_per_byte_cost`), of zero, and applies it to the instrumented bytes, after the work.
 */
const INSTALL_GAS_PER_BYTE = 2000

/**
 * The rules of a network of one's own on which users install code. The init actor installs it by `actor.install_actor`, and lists it in its state; actors can
 * then be created of what is built in or listed, and of nothing else. The reference has it behind the build feature `m2-native`, which Filecoin's networks do
 * not enable.
 *
 * Differs: a function's stack cost counts each of its locals. The instrumentation of the reference counts groups of equal ones, which official code
 * cannot use against the stack of the host, and user code can.
 *
 * @param rules of generation 4
 * @param bounds in place of those of {@link USER_ACTOR_RULES}
 */
export function withUserActors(rules: RuleSet, bounds: Partial<UserActorRules> = {}): RuleSet {
  return {
    ...rules,
    name: `${rules.name}+user-actors`,
    syscalls: [...rules.syscalls, INSTALL_ACTOR],
    prices: withInstallPrice(rules.prices),
    wasm: { ...rules.wasm, countsEveryLocal: true },
    userActors: { ...USER_ACTOR_RULES, ...bounds },
  }
}

function withInstallPrice(prices: PriceList): PriceList {
  return { ...prices, onInstallActor: (size) => saturate(gas(INSTALL_GAS_PER_BYTE) * size) }
}
