import { evmRuntime } from '@troupe/runtime-evm'
import { createTroupe, type Troupe, type TroupeOptions } from 'troupe'

/** One for all tests, because it keeps what it has analysed. */
const runtime = evmRuntime()

/** A chain on which contracts run. */
export async function createContractVm(options: TroupeOptions = {}): Promise<Troupe> {
  return createTroupe({ runtimes: [runtime], ...options })
}
