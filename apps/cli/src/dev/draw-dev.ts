import { paint } from '../render/paint.ts'
import { grouped } from '../render/plain.ts'
import type { ChainReport, DevAccount } from './chain-setup.ts'

/** What is served, and where. */
export interface ReadyServer {
  readonly url: string
  readonly version: string
  /** From the start of the process on. */
  readonly milliseconds: number
  /** Directory of the chain; `undefined` where it is in memory. */
  readonly directory: string | undefined
  readonly hasToken: boolean
}

const ATTO_DIGITS = 18
const FRACTION_DIGITS = 4
const KEY_COLUMNS = 66

/** The lines that `troupe dev` starts with. */
export function drawDev(report: ChainReport, server: ReadyServer, colours: boolean): string[] {
  const { accounts, epoch, settings } = report
  const { directory, hasToken, milliseconds, url, version } = server
  const rules = settings.network === 'local' ? 'local rules' : `network version ${settings.network}`
  const gas = settings.gas === 'ethereum' ? ", Ethereum's gas" : ''
  const actors = settings.actors === 'native' ? '' : `, actors: ${settings.actors}`
  const socket = url.replace('http', 'ws')
  return [
    paint('bold', `troupe ${version}, ready in ${Math.round(milliseconds)} ms`, colours),
    '',
    ...drawAccounts(accounts, colours),
    `RPC     ${paint('cyan', `${url}  ${socket}`, colours)}${hasToken ? '  (changes need the token)' : ''}`,
    `Chain   id ${settings.chainId}, ${rules}${actors}${gas}, at epoch ${epoch}`,
    `State   ${directory ?? 'in memory: gone with this process'}`,
  ]
}

/** Two lines an account: what Ethereum's tools call it, with its balance there, and its key; beside them Filecoin's names of both. */
function drawAccounts(accounts: readonly DevAccount[], colours: boolean): string[] {
  if (accounts.length === 0) return []
  const width = String(accounts.length - 1).length
  const lines = accounts.flatMap(({ balance, delegated, ethereum, filecoin, privateKey }, index) => {
    const fil = `${formatFil(balance)} FIL`
    return [
      `${String(index).padStart(width)}  ${ethereum}${fil.padStart(KEY_COLUMNS - ethereum.length)}  ${delegated}`,
      paint('dim', `${' '.repeat(width)}  ${privateKey}  ${filecoin}`, colours),
    ]
  })
  const warning = 'Everybody knows these accounts and their keys. Never send anything of value to them.'
  return [...lines, '', paint('yellow', warning, colours), '']
}

/** An amount in FIL, without what is less than a ten thousandth. */
function formatFil(atto: bigint): string {
  const digits = String(atto).padStart(ATTO_DIGITS + 1, '0')
  const fraction = digits.slice(-ATTO_DIGITS).slice(0, FRACTION_DIGITS).replace(/0+$/u, '')
  return `${grouped(BigInt(digits.slice(0, -ATTO_DIGITS)))}${fraction === '' ? '' : `.${fraction}`}`
}
