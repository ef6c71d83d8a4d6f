import { wasmRuntime } from '@troupe/runtime-wasm'
import { bundle, createTroupe, type Troupe, TroupeError, type TroupeOptions } from 'troupe'

/** The official actors; `undefined` where they are not in the cache (`troupe bundle add v18.tar.zst`). */
const actors = await bundle('v18').catch((error: unknown) => {
  if (error instanceof TroupeError && error.code === 'bundle/unknown') return undefined
  throw error
})

/** One for all tests, because it keeps what it has compiled. */
const runtime = wasmRuntime()

/** Whether contracts can run here. */
export const hasContracts: boolean = actors !== undefined

/** Why a test without contracts skips. */
export const NO_CONTRACTS = 'the official actors are not in the cache: troupe bundle add v18.tar.zst'

/** A chain on which contracts run, those of the official EVM actor. */
export async function createContractVm(options: TroupeOptions = {}): Promise<Troupe> {
  return createTroupe({ ...(actors === undefined ? {} : { actors }), runtimes: [runtime], ...options })
}
