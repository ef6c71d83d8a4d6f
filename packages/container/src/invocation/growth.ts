/**
 * @module What stands in for `memory.grow` and `table.grow`: the growth has to fit what the module declares, the budget of the message, and the
 * limit of an instance. A refusal is -1 to the code. Where the rules allow a growth that the host cannot give, the host has failed.
 *
 * Source: ref-fvm release/v3 fvm/src/engine/mod.rs (`WasmtimeLimiter`); wasmtime 36 crates/wasmtime/src/runtime/vm/{memory,table}.rs.
 */
import { ChargeName, OutOfGas } from '@troupe/hypervisor'
import { HostMemoryExhausted } from '../errors.ts'
import type { Invocation } from './invocation.ts'

const PAGE_SIZE = 65_536
const REFUSED = -1

/**
 * `memory.grow`. Growing by nothing asks nobody. What the budget has given stays taken where the limit of an instance then refuses.
 *
 * @param declaredPages most pages by the module's declaration
 * @param maximumPages most pages of an instance
 * @param beforeGrowth is called where nothing stands in the way but the host
 */
export function memoryGrow(
  invocation: Invocation,
  declaredPages: number,
  maximumPages: number,
  beforeGrowth: () => void = () => {},
): (pages: number) => number {
  return (delta) => {
    const { gas, meter, memory } = invocation
    // The counter is looked at now and then only; what is out of gas must not take the host's memory first.
    if (gas.isExhausted) throw new OutOfGas()
    const pages = delta >>> 0
    const before = memory.pages
    if (pages === 0) return before
    if (before + pages > declaredPages) return REFUSED
    if (!meter.memory.grow(pages * PAGE_SIZE)) return REFUSED
    if (before + pages > maximumPages) return REFUSED
    beforeGrowth()
    try {
      memory.grow(pages)
    } catch (error) {
      invocation.hostFailure = { error: new HostMemoryExhausted('the growth of a memory', error) }
      throw invocation.hostFailure.error
    }
    return before
  }
}

/**
 * Charges for the memory of the instance that will take the place of one whose memory grows, as if it grew by all that it has now.
 *
 * @param pagePrice milligas
 * @throws {OutOfGas}
 */
export function chargeReplacement({ gas, meter, memory }: Invocation, pagePrice: number): void {
  gas.charge()
  meter.gas.charge(ChargeName.WASM_MEMORY_GROW, memory.pages * pagePrice)
  gas.update()
}

/**
 * Whether a table may grow: 1 or 0. Called with -1 and -1 where the engine refused what had been allowed.
 *
 * @param maximumElements most elements, by the module's declaration and of an instance: unlike a memory's, both come before the budget
 */
export function tableReserve(
  invocation: Invocation,
  maximumElements: number,
  elementSize: number,
): (elements: number, more: number) => number {
  return (elements, more) => {
    const delta = more >>> 0
    if (elements === -1) {
      invocation.hostFailure = { error: new HostMemoryExhausted('the growth of a table') }
      throw invocation.hostFailure.error
    }
    if (delta === 0) return 1
    if ((elements >>> 0) + delta > maximumElements) return 0
    return invocation.meter.memory.grow(delta * elementSize) ? 1 : 0
  }
}
