/** @module Tables of precompiles as go-ethereum, EIP-2537 and builtin-actors have them: a file of JSON for each, a list of inputs with what comes of them. */
import { type PrecompileFork, type PrecompileRow, RIP_7212_P256VERIFY, rowsOfFork } from '@troupe/runtime-evm'
import { CliError } from '../../errors.ts'

/** An input, and what comes of it. */
export interface PrecompileCase {
  readonly name: string
  readonly input: Uint8Array
  /** `undefined` where the precompile fails. */
  readonly output: Uint8Array | undefined
  /** What Ethereum charges, where the table says it. */
  readonly gas: number | undefined
}

/** Of which precompile a table is, and with what prices. */
export interface TableSubject {
  readonly address: number
  readonly rows: readonly PrecompileRow[]
}

/** Most bytes of a file; the largest there is has half a megabyte. */
export const MAX_TABLE_LENGTH: number = 16 * 1024 * 1024

/** Which precompile a table is of, by words in the name of its file; the first that fits counts. */
const SUBJECTS: readonly (readonly [name: RegExp, address: number, fork: PrecompileFork])[] = [
  [/ecrecover/, 0x01, 'osaka'],
  [/modexp_eip7883/, 0x05, 'osaka'],
  [/modexp_eip2565/, 0x05, 'prague'],
  [/modexp/, 0x05, 'istanbul'],
  [/bn256add/, 0x06, 'osaka'],
  [/bn256scalarmul/, 0x07, 'osaka'],
  [/bn256pairing/, 0x08, 'osaka'],
  [/blake2f/, 0x09, 'osaka'],
  [/pointevaluation/, 0x0a, 'osaka'],
  [/blsg1add|add_g1_bls/, 0x0b, 'osaka'],
  [/blsg1m|(msm|mul|multiexp)_g1_bls/, 0x0c, 'osaka'],
  [/blsg2add|add_g2_bls/, 0x0d, 'osaka'],
  [/blsg2m|(msm|mul|multiexp)_g2_bls/, 0x0e, 'osaka'],
  [/blspairing|pairing_check_bls/, 0x0f, 'osaka'],
  [/blsmapg1|map_fp_to_g1_bls/, 0x10, 'osaka'],
  [/blsmapg2|map_fp2_to_g2_bls/, 0x11, 'osaka'],
]

/** Of builtin-actors, with the price of RIP-7212. */
const P256_TABLE = /eip7951_p256verify/
const P256VERIFY = /p256verify/

/** Which precompile a table is of, by the name of its file; `undefined` where nobody knows. */
export function subjectOf(file: string): TableSubject | undefined {
  const name = file.toLowerCase()
  if (P256_TABLE.test(name)) return { address: RIP_7212_P256VERIFY.address, rows: [RIP_7212_P256VERIFY] }
  if (P256VERIFY.test(name)) return { address: RIP_7212_P256VERIFY.address, rows: rowsOfFork('osaka') }
  const found = SUBJECTS.find(([pattern]) => pattern.test(name))
  return found && { address: found[1], rows: rowsOfFork(found[2]) }
}

/**
 * Reads the cases of a table.
 * @throws {CliError} vector/malformed
 */
export function parsePrecompileTable(text: string): PrecompileCase[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new CliError('vector/malformed', 'the file is not JSON', { cause })
  }
  if (!Array.isArray(json)) throw malformed('the file', 'a list')
  return json.map(parseCase)
}

function parseCase(json: unknown, index: number): PrecompileCase {
  const where = `case ${index}`
  if (typeof json !== 'object' || json === null) throw malformed(where, 'an object')
  const { Name, Input, Expected, ExpectedError, Gas } = json as Readonly<Record<string, unknown>>
  if (typeof Name !== 'string') throw malformed(`${where}: Name`, 'text')
  if (Gas !== undefined && !Number.isSafeInteger(Gas)) throw malformed(`${where}: Gas`, 'a whole number')
  if ((Expected === undefined) === (ExpectedError === undefined))
    throw malformed(where, 'an object with either Expected or ExpectedError')
  return {
    name: Name,
    input: parseBytes(Input, `${where}: Input`),
    output: Expected === undefined ? undefined : parseBytes(Expected, `${where}: Expected`),
    gas: Gas as number | undefined,
  }
}

function parseBytes(json: unknown, where: string): Uint8Array {
  if (typeof json !== 'string' || json.length % 2 !== 0 || !/^[0-9a-f]*$/iu.test(json))
    throw malformed(where, 'hexadecimal digits, two a byte')
  return Uint8Array.from(Buffer.from(json, 'hex'))
}

function malformed(where: string, expected: string): CliError {
  return new CliError('vector/malformed', `${where} is not ${expected}`)
}
