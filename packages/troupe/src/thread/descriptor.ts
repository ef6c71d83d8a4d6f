/**
 * @module Parts of a chain that are named by where their code is, so that they can be made where the machine lives: in this thread, or in a worker, to which no
 * function or object with methods can be handed.
 */
import type { CryptoProvider } from '@troupe/crypto'
import type { Runtime } from '@troupe/hypervisor'
import type { AsyncBlockstore } from '@troupe/ipld/remote'
import type { ChainStore } from '@troupe/ipld/store'
import { TroupeError } from '../errors.ts'
import { type AsyncStore, isAsyncStore, openAsyncStore } from '../store/async-store.ts'

/** A module, and what its `create` is called with. */
export interface Descriptor {
  /** URL of a module that exports `create`. */
  readonly module: string
  /** Anything that can be cloned. */
  readonly options?: unknown
}

/** A runtime, or where it comes from: `create(options)` gives it. */
export type RuntimeSource = Runtime | Descriptor
/** A store, one that answers later, or where a store comes from: `create(options, crypto)` gives it. */
export type StoreSource = ChainStore | AsyncStore | AsyncBlockstore | Descriptor

/** Whether a part is named, and not there yet. */
export function isDescriptor(part: object): part is Descriptor {
  return 'module' in part && typeof part.module === 'string'
}

/** Cryptography, or where it comes from: `create()` gives it. */
export type CryptoSource = CryptoProvider | Descriptor

/** The runtime of a source. @throws {TroupeError} thread/no-part */
export async function loadRuntime(source: RuntimeSource): Promise<Runtime> {
  return isDescriptor(source) ? ((await loadPart(source)) as Runtime) : source
}

/** The store of a source. @throws {TroupeError} thread/no-part */
export async function loadStore(source: StoreSource, crypto: CryptoProvider): Promise<ChainStore> {
  if (isDescriptor(source)) return (await loadPart(source, crypto)) as ChainStore
  return isAsyncStore(source) ? openAsyncStore(source, crypto) : source
}

/** The cryptography of a source. @throws {TroupeError} thread/no-part */
export async function loadProvider(source: CryptoSource): Promise<CryptoProvider> {
  return isDescriptor(source) ? ((await loadPart(source)) as CryptoProvider) : source
}

/** What the module of a descriptor creates. @throws {TroupeError} thread/no-part */
export async function loadPart(
  { module, options }: Descriptor,
  ...more: readonly unknown[]
): Promise<unknown> {
  const loaded = (await import(module)) as { readonly create?: (...values: readonly unknown[]) => unknown }
  if (typeof loaded.create !== 'function')
    throw new TroupeError('thread/no-part', `the module ${module} has no function "create"`)
  return loaded.create(options, ...more)
}
