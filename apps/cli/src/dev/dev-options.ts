import { join, resolve } from 'node:path'
import type { RequiredFidelity } from '@troupe/hypervisor'
import { integerOption } from '../arguments.ts'
import type { CommandArguments, CommandContext } from '../command.ts'
import { CliError } from '../errors.ts'
import { readFil } from '../read-fil.ts'
import { requiredFidelity } from '../required-fidelity.ts'

/** How what happens is told: a line to read, an object of JSON, or not at all. */
export type LogFormat = 'text' | 'json' | 'none'

/** What a new chain is like. What is not said is left to the chain that is there, or to what is usual. */
export interface WantedChain {
  readonly chainId: bigint | undefined
  /** `native`, or the name of a bundle. */
  readonly actors: string | undefined
  readonly network: 'local' | number | undefined
  readonly gas: 'fvm' | 'ethereum' | undefined
}

/** The options of `troupe dev`. */
export interface DevOptions {
  readonly host: string
  readonly port: number
  readonly token: string | undefined
  readonly origins: readonly string[]
  /** Directory of the chain; `undefined` where it is in memory. */
  readonly directory: string | undefined
  readonly isFresh: boolean
  /** Milliseconds between blocks; `undefined` where they come with messages. */
  readonly blockMs: number | undefined
  readonly wanted: WantedChain
  readonly accounts: number
  /** attoFIL. */
  readonly balance: bigint
  /** A CAR. */
  readonly fork: string | undefined
  /** How good the results of messages have to be. */
  readonly requireFidelity: RequiredFidelity | undefined
  readonly log: LogFormat
  /** Whether what actors log is shown. */
  readonly showsLogs: boolean
}

const DEFAULT_HOST = '127.0.0.1'
const DEFAULT_PORT = 8545
const DEFAULT_DIRECTORY = '.troupe'
const DEFAULT_ACCOUNTS = 10
const DEFAULT_BALANCE = '10000'
const MAX_PORT = 65_535
/** Accounts that are printed, and for which a screen has room. */
const MAX_ACCOUNTS = 1_000
/** Ethereum's tools take no greater chain id for sure: 2^53-1. */
const MAX_CHAIN_ID = BigInt(Number.MAX_SAFE_INTEGER)
const MAX_BLOCK_SECONDS = 86_400
const MIN_BLOCK_MS = 10
const OLDEST_VERSION = 15
const NEWEST_VERSION = 28
const FORMATS: readonly string[] = ['text', 'json', 'none'] satisfies LogFormat[]

/**
 * Reads the options of `troupe dev`.
 * @throws {CliError} usage/bad-option
 */
export function readDevOptions({ directory, env }: CommandContext, args: CommandArguments): DevOptions {
  const { flags, values } = args
  const isInMemory = flags.has('in-memory')
  for (const [option, isGiven] of [
    ['dir', values.has('dir')],
    ['fresh', flags.has('fresh')],
  ] as const)
    if (isInMemory && isGiven)
      throw new CliError('usage/bad-option', `--in-memory and --${option} do not go together`)
  const fork = values.get('fork')
  const log = flags.has('quiet') ? 'none' : (values.get('log') ?? 'text')
  if (!isLogFormat(log)) throw badOption('log', `one of ${FORMATS.join(', ')}`, log)
  return {
    host: values.get('host') ?? DEFAULT_HOST,
    port: integerOption(args, 'port', { min: 0, max: MAX_PORT }) ?? DEFAULT_PORT,
    token: values.get('token') ?? (env['TROUPE_TOKEN'] || undefined),
    origins: (values.get('cors') ?? '').split(',').filter((origin) => origin !== ''),
    directory: isInMemory
      ? undefined
      : join(resolve(directory, values.get('dir') ?? DEFAULT_DIRECTORY), 'chain'),
    isFresh: flags.has('fresh'),
    blockMs: blockTime(values.get('block-time')),
    wanted: {
      chainId: chainId(values.get('chain-id')),
      actors: values.get('actors'),
      network: network(values.get('network')),
      gas: gas(values.get('gas'), values.get('actors')),
    },
    accounts: integerOption(args, 'accounts', { min: 0, max: MAX_ACCOUNTS }) ?? DEFAULT_ACCOUNTS,
    balance: readFil('balance', values.get('balance') ?? DEFAULT_BALANCE),
    fork: fork === undefined ? undefined : resolve(directory, fork),
    requireFidelity: requiredFidelity(args),
    log,
    showsLogs: flags.has('logs'),
  }
}

function isLogFormat(text: string): text is LogFormat {
  return FORMATS.includes(text)
}

function blockTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const milliseconds = /^\d{1,5}(\.\d{1,3})?$/u.test(text) ? Math.round(Number(text) * 1000) : Number.NaN
  if (milliseconds >= MIN_BLOCK_MS && milliseconds <= MAX_BLOCK_SECONDS * 1000) return milliseconds
  throw badOption('block-time', `seconds from ${MIN_BLOCK_MS / 1000} to ${MAX_BLOCK_SECONDS}`, text)
}

function chainId(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const value = /^\d{1,16}$/u.test(text) ? BigInt(text) : 0n
  if (value >= 1n && value <= MAX_CHAIN_ID) return value
  throw badOption('chain-id', `a whole number from 1 to ${MAX_CHAIN_ID}`, text)
}

function network(text: string | undefined): 'local' | number | undefined {
  if (text === undefined || text === 'local') return text
  const version = /^(nv)?\d{2}$/u.test(text) ? Number(text.replace('nv', '')) : 0
  if (version >= OLDEST_VERSION && version <= NEWEST_VERSION) return version
  throw badOption('network', `local, or a network version from ${OLDEST_VERSION} to ${NEWEST_VERSION}`, text)
}

/** Official actors have gas of their own. */
function gas(text: string | undefined, actors: string | undefined): 'fvm' | 'ethereum' | undefined {
  if (text === undefined || text === 'fvm') return text
  if (text !== 'ethereum') throw badOption('gas', 'fvm or ethereum', text)
  if (actors === undefined || actors === 'native') return text
  throw new CliError('usage/bad-option', '--gas ethereum goes with native actors only')
}

function badOption(option: string, takes: string, text: string): CliError {
  return new CliError('usage/bad-option', `--${option} takes ${takes}, not ${JSON.stringify(text)}`)
}
