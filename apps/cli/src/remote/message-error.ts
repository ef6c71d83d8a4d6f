import { ExitCode, exitCodeName } from '@troupe/hypervisor'
import { explainExitCode } from 'troupe/trace'
import { CliError, type CliErrorOptions, type CliErrorReason } from '../errors.ts'
import { grouped } from '../render/plain.ts'
import { type Refusal, refused } from './remote-chain.ts'
import type { RemoteOutcome } from './remote-message.ts'

/** Lines of a backtrace that an error tells. A message can make 1,024 calls within each other. */
const MAX_LINES = 40
const FUNDS_ADVICE =
  'send less, choose another account with --from, or ask the chain for some: its method troupe_faucet gives to any address'
/** What to do about what the chain says. */
const ADVICE: Readonly<Record<string, string>> = {
  'message/gasLimit': 'leave --gas-limit out, and the chain estimates it',
  'message/method':
    'by its 0x or f410 address an account calls contracts: send with --from N, or from its f1 address',
}

/** An actor, or the system, said no to a message or call. */
export class MessageError extends CliError {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options: CliErrorOptions) {
    super(exitCode === ExitCode.SYS_INSUFFICIENT_FUNDS ? 'message/funds' : 'message/failed', message, options)
    this.exitCode = exitCode
  }
}

/** The error of a message or call whose exit code is not 0. @param what its label */
export function messageFailed({ backtrace, exit, gas }: RemoteOutcome, what: string): MessageError {
  const amounts = `${grouped(gas.used)} of ${grouped(gas.limit)} gas used`
  return failure(
    `${what} failed with ${exit.name} (exit code ${exit.code}), ${amounts}`,
    exit.code,
    backtrace,
  )
}

/** The error of a message that the chain does not take, or whose gas it could not estimate because it fails. */
export function messageRefused(refusal: Refusal, what: string): CliError {
  const { backtrace, code, exitCode, message } = refusal
  if (code === 'message/balance')
    return new CliError('message/funds', `the sender cannot pay for ${what}`, {
      reasons: [{ code, message }],
      advice: FUNDS_ADVICE,
    })
  if (exitCode !== undefined) {
    const name = exitCodeName(exitCode as ExitCode)
    return failure(
      `${what} would fail with ${name} (exit code ${exitCode}), and is not sent`,
      exitCode as ExitCode,
      backtrace === '' ? message : backtrace,
    )
  }
  if (message.startsWith('execution reverted'))
    return new CliError('message/failed', `${what} would fail, and is not sent`, {
      reasons: [{ code: 'reverted', message }],
    })
  return refused(refusal, code === undefined ? undefined : ADVICE[code])
}

function failure(message: string, exitCode: ExitCode, backtrace: string): MessageError {
  const meaning = { code: exitCodeName(exitCode), message: explainExitCode(exitCode) }
  return new MessageError(exitCode, message, {
    reasons: [meaning, ...linesOf(backtrace)],
    advice: exitCode === ExitCode.SYS_INSUFFICIENT_FUNDS ? FUNDS_ADVICE : undefined,
  })
}

function linesOf(backtrace: string): CliErrorReason[] {
  const lines = backtrace.split('\n').filter((line) => line !== '')
  const hidden = lines.length - MAX_LINES
  const shown = hidden > 0 ? [...lines.slice(0, MAX_LINES), `${hidden} more lines`] : lines
  return shown.map((line) => ({ code: 'backtrace', message: line.trim() }))
}
