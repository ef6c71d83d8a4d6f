import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { userInitActor } from '@troupe/actors'
import type { CryptoProvider } from '@troupe/crypto'
import { type DebugOutput, HypervisorError, StateTree } from '@troupe/hypervisor'
import { CborStore, cidEquals, MemoryBlockstore } from '@troupe/ipld'
import { type ChainStore, MemoryStore } from '@troupe/ipld/store'
import { evmRuntime } from '@troupe/runtime-evm'
import { nativeCode } from '@troupe/runtime-native'
import { ses } from '@troupe/runtime-ses'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { LmdbStoreError, openLmdbStore } from '@troupe/store-lmdb'
import {
  bundle,
  type CarState,
  createTroupe,
  type Network,
  networks,
  readStateCar,
  type Troupe,
} from 'troupe'
import { CliError } from '../errors.ts'
import { makeDirectory, readBounded } from '../files.ts'
import { FileTransformCache } from '../transform-cache.ts'
import type { ChainSettings, ChainSetup } from './chain-setup.ts'
import { checkSettings, readStoreName, settingsOf, storeName } from './settings.ts'

/** A chain, its store, and what it is. */
export interface OpenedChain {
  readonly vm: Troupe
  readonly store: ChainStore
  readonly settings: ChainSettings
}

/** Bytes of a CAR that is forked: what a buffer of the host holds. */
const MAX_CAR_BYTES = 2 ** 31 - 1
const INIT_ID = 1n
/** Blocks that are written together at most. */
const COMMITS_PER_SYNC = 64

type Setup = Omit<ChainSetup, 'clientVersion' | 'port' | 'showsLogs'>

/**
 * Opens the chain that `troupe dev` serves, or makes it.
 * @param debug where what actors log goes
 * @throws {CliError} dev/fidelity, dev/locked, dev/chain-exists, dev/other-settings, dev/not-a-chain, file/unreadable, file/too-large
 * @throws {TroupeError} bundle/unknown, state/not-a-state
 */
export async function openChain(
  setup: Setup,
  crypto: CryptoProvider,
  debug?: DebugOutput,
): Promise<OpenedChain> {
  const { actors: wanted } = setup.wanted
  const place = await openPlace(setup, crypto)
  const state = place.settings === undefined ? readFork(setup, crypto) : undefined
  const { network } = setup.wanted
  const settings =
    place.settings ?? settingsOf(setup.wanted, state && (network ?? rulesOfState(state, crypto)))
  const isNew = place.settings === undefined
  const actors =
    isNew && wanted !== undefined && wanted !== 'native'
      ? await bundle(wanted, setup.caches.bundles)
      : 'native'
  const store = place.store ?? (await openDirectory(place.directory, crypto, storeName(settings)))
  const { requireFidelity } = setup
  const vm = await createTroupe({
    network: networkOf(settings),
    store,
    crypto,
    runtimes: [
      // Exact are the contracts of official actors, which are Wasm.
      ...(requireFidelity === 'exact' ? [] : [evmRuntime({ gas: settings.gas })]),
      wasmRuntime({ cache: { store: new FileTransformCache(setup.caches.code), crypto } }),
      ses({ cache: setup.caches.images }),
    ],
    ...(state === undefined ? { actors } : { state }),
    accounts: { count: setup.accounts, balance: setup.balance },
    mining: setup.blockMs === undefined ? 'instant' : { intervalMs: setup.blockMs },
    ...(requireFidelity === undefined ? {} : { requireFidelity }),
    ...(debug === undefined ? {} : { debug }),
  }).catch(async (error: unknown) => {
    await store.close()
    throw asFidelityError(error, setup)
  })
  return { vm, store, settings }
}

/** What to do about a chain that can never give results as good as they have to be. */
function asFidelityError(error: unknown, { directory, requireFidelity }: Setup): unknown {
  if (!(error instanceof HypervisorError) || error.code !== 'machine/fidelity') return error
  return new CliError('dev/fidelity', error.message, {
    where: directory,
    advice:
      requireFidelity === 'exact'
        ? 'begin a chain of official actors with --actors v18, whose results are exact'
        : 'begin a chain without --gas ethereum',
    cause: error,
  })
}

/** Where the chain is going to be: a store that has one, with its settings; a store in memory; or a directory where there is nothing yet. */
type Place =
  | { readonly store: ChainStore; readonly settings: ChainSettings | undefined }
  | { readonly store: undefined; readonly directory: string; readonly settings: undefined }

async function openPlace(
  { directory, fork, isFresh, wanted }: Setup,
  crypto: CryptoProvider,
): Promise<Place> {
  if (directory === undefined) return { store: new MemoryStore(), settings: undefined }
  if (!existsSync(join(directory, 'data.mdb'))) return { store: undefined, directory, settings: undefined }
  const store = await openDirectory(directory, crypto)
  try {
    const settings = readStoreName(store.name, directory)
    // Where it has no head, it was made and nothing more. Whoever writes there would have been named by now.
    if (isFresh || store.getRef('head', new Uint8Array()) === undefined) {
      await store.close()
      rmSync(directory, { recursive: true })
      return { store: undefined, directory, settings: undefined }
    }
    if (fork !== undefined)
      throw new CliError('dev/chain-exists', 'there is a chain here, and --fork begins one', {
        where: directory,
        advice:
          'leave --fork out to go on with it, start over with --fresh, or name another directory with --dir',
      })
    checkSettings(settings, wanted, directory)
    return { store, settings }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openDirectory(
  directory: string,
  crypto: CryptoProvider,
  name?: string,
): ReturnType<typeof openLmdbStore> {
  if (name !== undefined) keepOutOfGit(dirname(directory))
  try {
    // With a block each message, what a power cut may take back is the last of them. Several are written together: see `settle`.
    return await openLmdbStore(directory, crypto, {
      name,
      isDurable: false,
      commitsPerSync: COMMITS_PER_SYNC,
    })
  } catch (cause) {
    if (!(cause instanceof LmdbStoreError) || cause.code !== 'store-lmdb/locked') throw cause
    throw new CliError('dev/locked', `the process ${cause.pid} has this chain open`, {
      where: directory,
      cause,
      advice: 'end that one first, or name another directory with --dir',
    })
  }
}

/** A chain is of this machine: whoever commits a project does not mean it. */
function keepOutOfGit(directory: string): void {
  if (existsSync(directory)) return
  makeDirectory(directory)
  writeFileSync(join(directory, '.gitignore'), '*\n')
}

function readFork({ fork }: Setup, crypto: CryptoProvider): CarState | undefined {
  return fork === undefined ? undefined : readStateCar(readBounded(fork, MAX_CAR_BYTES), crypto)
}

/** The rules of a state: those of local networks where its init actor installs users' code, and otherwise Filecoin's newest. */
function rulesOfState({ blocks, root }: CarState, crypto: CryptoProvider): ChainSettings['network'] {
  const store = new MemoryBlockstore()
  for (const [cid, block] of blocks) store.put(cid, block)
  const { code } =
    StateTree.load(new CborStore(store, crypto), root, networks.local.rules).getActor(INIT_ID) ?? {}
  return code !== undefined && cidEquals(code, nativeCode(crypto, userInitActor)) ? 'local' : NEWEST_VERSION
}

const NEWEST_VERSION = 28

function networkOf({ chainId, network }: ChainSettings): Network {
  return { ...(network === 'local' ? networks.local : networks.filecoin(network)), chainId }
}
