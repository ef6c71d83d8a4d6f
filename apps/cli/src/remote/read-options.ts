/** @module What options say of a chain that runs somewhere, and of who calls it. */
import { resolve } from 'node:path'
import type { CryptoProvider } from '@troupe/crypto'
import { AddressProtocol, formatAddress, parseAddress } from '@troupe/hypervisor'
import type { SourceMaps } from 'troupe/trace'
import type { CommandArguments, CommandContext } from '../command.ts'
import { CliError } from '../errors.ts'
import { findSourceMaps } from '../find-source-maps.ts'
import { readAddress, shown } from './read-word.ts'
import { RemoteChain } from './remote-chain.ts'
import { DEFAULT_URL } from './remote-options.ts'

/** What gas there is in a block, at most: 10,000,000,000. */
const MAX_GAS_DIGITS = 11

/** The chain that the options name. @throws {CliError} usage/bad-option */
export function readChain({ env }: CommandContext, { values }: CommandArguments): RemoteChain {
  const text = values.get('rpc') ?? DEFAULT_URL
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url === undefined || !isHttp || url.username !== '' || url.password !== '')
    throw new CliError(
      'usage/bad-option',
      `--rpc takes a URL of HTTP, such as ${DEFAULT_URL}, not ${shown(text)}`,
      { advice: 'a token is given with --token, or in TROUPE_TOKEN' },
    )
  return new RemoteChain({ url, token: values.get('token') ?? (env['TROUPE_TOKEN'] || undefined) })
}

/** The gas limit that is given. @throws {CliError} usage/bad-option */
export function readGasLimit({ values }: CommandArguments): bigint | undefined {
  const text = values.get('gas-limit')
  if (text === undefined) return undefined
  if (/^\d+$/u.test(text) && text.length <= MAX_GAS_DIGITS && BigInt(text) > 0n) return BigInt(text)
  throw new CliError('usage/bad-option', `--gas-limit takes a whole number from 1, not ${shown(text)}`)
}

/** The sender, as text. @throws {CliError} chain/no-accounts, usage/bad-option, usage/bad-argument */
export async function readSender(
  chain: RemoteChain,
  crypto: CryptoProvider,
  { values }: CommandArguments,
): Promise<string> {
  const text = values.get('from') ?? '0'
  if (!/^\d{1,9}$/u.test(text)) return formatAddress(readAddress(crypto, text), crypto, 'testnet')
  const all = (await chain.call('Filecoin.WalletList', [])).list().map((one) => one.text())
  // Each account is there twice. By its f4 address it signs transactions of Ethereum, which call contracts only.
  const accounts = all.filter(
    (one) => parseAddress(one, crypto).address.protocol !== AddressProtocol.DELEGATED,
  )
  const found = accounts[Number(text)]
  if (found !== undefined) return found
  if (accounts.length === 0)
    throw new CliError('chain/no-accounts', 'the chain has no accounts of its own, which it would sign for', {
      advice: 'start it with some: troupe dev --accounts 10',
    })
  throw new CliError('usage/bad-option', `--from takes 0 to ${accounts.length - 1}, not ${text}`)
}

/** The sources that `--maps` leads to. @throws {CliError} file/unreadable, file/too-large */
export async function readSources(
  { directory }: CommandContext,
  crypto: CryptoProvider,
  { values }: CommandArguments,
): Promise<SourceMaps | undefined> {
  const maps = values.get('maps')
  return maps === undefined ? undefined : findSourceMaps(resolve(directory, maps), crypto)
}
