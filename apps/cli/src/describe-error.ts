import { CodedError } from '@troupe/crypto'
import { CliError } from './errors.ts'
import { ReportedError } from './reported-error.ts'

/** What to do about errors of packages that know nothing of options. */
const ADVICE: Readonly<Record<string, string>> = {
  'server/token-required': 'choose a token, and give it with --token or in TROUPE_TOKEN',
  'server/address': 'choose another port with --port, or any that is free with --port 0',
}

/** How many causes of an error are told. */
const MAX_CAUSES = 4

/** An error as data: what happened, where, why, and what to do. It can be cloned. */
export interface ErrorReport {
  /** The code of a coded error; `internal` for one that nobody foresaw, whose message then is its stack. */
  readonly code: string
  readonly message: string
  readonly where?: string
  readonly advice?: string
  readonly causes: readonly { readonly code: string; readonly message: string }[]
}

/** Describes whatever was thrown. */
export function describeError(error: unknown): ErrorReport {
  if (error instanceof ReportedError) return error.report
  if (!(error instanceof CodedError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { code: 'internal', message, causes: [] }
  }
  const {
    where,
    advice = ADVICE[error.code],
    reasons,
  }: Partial<CliError> = error instanceof CliError ? error : {}
  return {
    code: error.code,
    message: error.message,
    ...(where === undefined ? {} : { where }),
    ...(advice === undefined ? {} : { advice }),
    causes: reasons ?? causesOf(error),
  }
}

function causesOf(error: Error): { code: string; message: string }[] {
  const causes: { code: string; message: string }[] = []
  for (let cause = error.cause; cause instanceof Error && causes.length < MAX_CAUSES; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
    // Node begins such messages with their code.
    const prefix = `${code}: `
    const { message } = cause
    causes.push({ code, message: message.startsWith(prefix) ? message.slice(prefix.length) : message })
  }
  return causes
}
