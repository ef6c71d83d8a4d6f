import { CliError } from '../errors.ts'
import type { ChainSettings } from './chain-setup.ts'
import type { WantedChain } from './dev-options.ts'

const KIND = 'troupe dev'
/** Chain id of Filecoin's own development networks. */
const DEFAULT_CHAIN_ID = 31_415_926n
const NEWEST_VERSION = 28

/** The settings of a new chain. @param recognised the rules of the state that it begins with, where it is a fork */
export function settingsOf(
  { actors, chainId = DEFAULT_CHAIN_ID, gas = 'fvm', network }: WantedChain,
  recognised: ChainSettings['network'] | undefined,
): ChainSettings {
  if (recognised !== undefined) return { chainId, actors: 'fork', network: network ?? recognised, gas }
  const isNative = actors === undefined || actors === 'native'
  return {
    ...{ chainId, gas, actors: actors ?? 'native' },
    network: network ?? (isNative ? 'local' : NEWEST_VERSION),
  }
}

/** The name of a store that says what the chain in it is. */
export function storeName({ actors, chainId, gas, network }: ChainSettings): string {
  return JSON.stringify({ kind: KIND, chainId: String(chainId), actors, network, gas })
}

/**
 * The settings in the name of a store.
 * @throws {CliError} dev/not-a-chain
 */
export function readStoreName(name: string, where: string): ChainSettings {
  const found = parse(name)
  // Chains from before there was a choice have Filecoin's.
  const { actors, chainId, gas = 'fvm', kind, network } = found
  if (
    kind === KIND &&
    typeof actors === 'string' &&
    typeof chainId === 'string' &&
    /^\d{1,16}$/u.test(chainId) &&
    (network === 'local' || typeof network === 'number') &&
    (gas === 'fvm' || gas === 'ethereum')
  )
    return { chainId: BigInt(chainId), actors, network, gas }
  throw new CliError('dev/not-a-chain', 'the store here is of something else', {
    where,
    advice: 'name another directory with --dir',
  })
}

/**
 * Makes sure that a chain is as somebody wants it.
 * @throws {CliError} dev/other-settings
 */
export function checkSettings(found: ChainSettings, wanted: WantedChain, where: string): void {
  for (const name of ['chainId', 'actors', 'network', 'gas'] as const)
    if (wanted[name] !== undefined && wanted[name] !== found[name])
      throw new CliError(
        'dev/other-settings',
        `the chain here has ${OPTION[name]} ${found[name]}, not ${wanted[name]}`,
        {
          where,
          advice: `leave --${OPTION[name]} out, start over with --fresh, or name another directory with --dir`,
        },
      )
}

const OPTION = { chainId: 'chain-id', actors: 'actors', network: 'network', gas: 'gas' } as const

function parse(name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(name)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
