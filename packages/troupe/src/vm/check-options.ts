/** @module What types say of options and arguments, for those who have none. */
import { Address } from '@troupe/hypervisor'
import { isCid } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'
import type { TroupeOptions } from './create-troupe.ts'

/** Tests the options of a chain that would fail far from here. @throws {TroupeError} option/malformed, with the name of the option */
export function checkOptions(options: TroupeOptions): void {
  const { actors, miner, network, requireFidelity, runtimes, seed, state, store } = options
  checkRequiredFidelity(requireFidelity)
  const refuse = (option: string, what: string): never => {
    throw new TroupeError('option/malformed', `${option}: this is ${what}`)
  }
  if (network !== undefined && !hasObject(network, 'rules')) refuse('network', 'no network; see networks')
  if (runtimes !== undefined && !Array.isArray(runtimes)) refuse('runtimes', 'no list')
  if (seed !== undefined && !(seed instanceof Uint8Array)) refuse('seed', 'no Uint8Array')
  if (miner !== undefined && !(miner instanceof Address)) refuse('miner', 'no Address')
  if (state !== undefined && !(isObject(state) && isCid(state.root)))
    refuse('state', 'no state: it has no root')
  if (actors !== undefined && actors !== 'native' && !hasObject(actors, 'codes'))
    refuse('actors', 'neither native nor a bundle')
  const isStore = isObject(store) && ['get', 'module', 'remote'].some((name) => name in store)
  if (store !== undefined && !isStore) refuse('store', 'no store')
}

/** Tests whether a level can be required. @throws {TroupeError} option/malformed */
export function checkRequiredFidelity(level: unknown): void {
  if (level === undefined || level === 'exact' || level === 'calibrated') return
  throw new TroupeError('option/malformed', 'requireFidelity: this is neither exact nor calibrated')
}

/** Tests whether an argument is a CID. @throws {TroupeError} option/malformed */
export function checkCid(argument: string, value: unknown): void {
  if (!isCid(value))
    throw new TroupeError('option/malformed', `${argument}: this is no CID (${typeof value})`)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function hasObject(value: unknown, field: string): boolean {
  return isObject(value) && isObject((value as Readonly<Record<string, unknown>>)[field])
}
