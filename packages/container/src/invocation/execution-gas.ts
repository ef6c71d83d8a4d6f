import { ChargeName } from '@troupe/hypervisor'
import type { EngineGlobal } from '../engine.ts'
import { ExportName } from '../transform/names.ts'
import type { Meter } from './meter.ts'

const PAGE_SIZE = 65_536

/**
 * The two sides of an invocation's gas: the counter that the code counts down, and the tracker of the message.
 *
 * The code's consumption is what the counter has lost since the *mark*, the value it was last set to. In generation 3 the mark stays where it is
 * when that is charged, so that it would be charged again if the counter were not set anew; in generation 2 it moves along.
 *
 * Amounts are doubles while no more than 2^53-1 milligas are available, and bigints otherwise.
 *
 * Source: ref-fvm release/v2 and release/v3 fvm/src/syscalls/mod.rs (`charge_for_exec`, `update_gas_available`).
 */
export class ExecutionGas {
  readonly #meter: Meter
  readonly #markMoves: boolean
  readonly #splitsMemory: boolean
  #read: () => number = zero
  #write: (milligas: number) => void = zero
  #global: EngineGlobal | undefined
  #mark = 0
  /** The mark, where it is too great for a double. */
  #wideMark: bigint | undefined
  #markedMemory: number

  constructor(meter: Meter) {
    this.#meter = meter
    this.#markMoves = meter.rules.gasMarkMovesOnCharge
    this.#splitsMemory = meter.rules.wasm.chargesInitialMemory
    this.#markedMemory = meter.memory.used
  }

  /** Connects the counter of an instance. It is zero, and so is the mark. */
  attach(exports: Readonly<Record<string, unknown>>): void {
    this.#read = exports[ExportName.READ_GAS] as () => number
    this.#write = exports[ExportName.WRITE_GAS] as (milligas: number) => void
    this.#global = exports[ExportName.GAS] as EngineGlobal
  }

  /** Whether the code has used up its gas, even if it has not found out yet. */
  get isExhausted(): boolean {
    return this.#read() < 0
  }

  /**
   * Charges what the code has consumed.
   * @throws {OutOfGas}
   */
  charge(): void {
    if (this.#wideMark !== undefined) {
      this.#chargeWide(this.#wideMark)
      return
    }
    const counter = this.#read()
    const consumed = this.#mark - counter
    if (this.#markMoves) this.#mark = counter
    if (consumed > 0) this.#take(consumed)
  }

  /** Sets the counter to what is available, and the mark with it. The tracker never has more than the counter holds, 2^63-1 milligas. */
  update(): void {
    const available = this.#meter.gas.availableNear
    this.#markedMemory = this.#meter.memory.used
    if (available >= 0) {
      this.#write(available)
      this.#mark = available
      this.#wideMark = undefined
      return
    }
    const wide = this.#meter.gas.available
    if (this.#global !== undefined) this.#global.value = wide
    this.#wideMark = wide
  }

  #chargeWide(mark: bigint): void {
    const counter = this.#global?.value ?? mark
    const consumed = mark - counter
    if (this.#markMoves) this.#wideMark = counter
    if (consumed > BigInt(Number.MAX_SAFE_INTEGER)) this.#meter.gas.chargeWide(ChargeName.WASM_EXEC, consumed)
    else if (consumed > 0n) this.#take(Number(consumed))
  }

  /** Charges for execution and, as traces show it apart, for what the memory has grown. */
  #take(consumed: number): void {
    const { gas, memory, rules } = this.#meter
    const grown = this.#splitsMemory ? memory.used - this.#markedMemory : 0
    const pagePrice = rules.prices.wasm.linear?.grow ?? 0
    const forMemory = grown > 0 ? Math.min((grown / PAGE_SIZE) * pagePrice, consumed) : 0
    gas.charge(ChargeName.WASM_EXEC, consumed - forMemory)
    if (forMemory > 0) gas.charge(ChargeName.WASM_MEMORY_GROW, forMemory)
  }
}

function zero(): number {
  return 0
}
