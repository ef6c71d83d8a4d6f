/** @module State tests of ethereum/tests: files of JSON, each with tests, each with transactions on a state and what comes of them by fork. */
import type { EthereumTransaction } from '@troupe/runtime-evm/ethereum'
import { CliError } from '../../errors.ts'

/** An account of the state before. */
export interface PreAccount {
  readonly address: bigint
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Uint8Array
  readonly storage: readonly (readonly [key: bigint, value: bigint])[]
}

/** The block of a test. */
export interface TestBlock {
  readonly coinbase: bigint
  readonly gasLimit: bigint
  readonly number: bigint
  readonly timestamp: bigint
  /** Randomness, or difficulty where there is none. */
  readonly prevRandao: bigint
  readonly baseFee: bigint
  readonly excessBlobGas: bigint
}

/** One transaction on one fork, and what comes of it. */
export interface StateCase {
  /** The test, the fork, and the places of data, gas and value in the test's lists. */
  readonly id: string
  readonly fork: string
  readonly transaction: EthereumTransaction
  readonly stateRoot: string
  readonly logsHash: string
}

/** A test: a state, a block, and transactions that each begin there. */
export interface StateTest {
  readonly block: TestBlock
  readonly pre: readonly PreAccount[]
  readonly cases: readonly StateCase[]
}

/** Most bytes of a file; the largest there is has 2.3 MB. */
export const MAX_STATE_TEST_LENGTH: number = 64 * 1024 * 1024

/**
 * Reads the tests of a file.
 * @throws {CliError} vector/malformed
 */
export function parseStateTests(text: string): StateTest[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new CliError('vector/malformed', 'the file is not JSON', { cause })
  }
  return Object.entries(record(json, 'the file')).map(([name, test]) => parseTest(name, record(test, name)))
}

type Fields = Readonly<Record<string, unknown>>

function parseTest(name: string, test: Fields): StateTest {
  const transaction = record(test['transaction'], `${name}: transaction`)
  const post = record(test['post'], `${name}: post`)
  return {
    block: parseBlock(record(test['env'], `${name}: env`)),
    pre: Object.entries(record(test['pre'], `${name}: pre`)).map(([address, account]) =>
      parseAccount(address, record(account, address)),
    ),
    cases: Object.entries(post).flatMap(([fork, cases]) =>
      list(cases, `${name}: ${fork}`).map((expected) =>
        parseCase(name, fork, transaction, record(expected, name)),
      ),
    ),
  }
}

function parseBlock(env: Fields): TestBlock {
  return {
    coinbase: integer(env['currentCoinbase']),
    gasLimit: integer(env['currentGasLimit']),
    number: integer(env['currentNumber']),
    timestamp: integer(env['currentTimestamp']),
    prevRandao: integer(env['currentRandom'] ?? env['currentDifficulty']),
    baseFee: integer(env['currentBaseFee'] ?? '0x0'),
    excessBlobGas: integer(env['currentExcessBlobGas'] ?? '0x0'),
  }
}

function parseAccount(address: string, account: Fields): PreAccount {
  return {
    address: integer(address),
    nonce: integer(account['nonce']),
    balance: integer(account['balance']),
    code: bytes(account['code']),
    storage: Object.entries(record(account['storage'], address)).map(
      ([key, value]) => [integer(key), integer(value)] as const,
    ),
  }
}

function parseCase(name: string, fork: string, fields: Fields, expected: Fields): StateCase {
  const indexes = record(expected['indexes'], name)
  const [data, gas, value] = ['data', 'gas', 'value'].map((what) => Number(indexes[what])) as [
    number,
    number,
    number,
  ]
  const pick = (field: string, index: number): unknown => list(fields[field], `${name}: ${field}`)[index]
  const accessLists = fields['accessLists'] === undefined ? undefined : pick('accessLists', data)
  const legacyFee = fields['gasPrice']
  const to = fields['to']
  return {
    id: `${name}/${fork}/${data}/${gas}/${value}`,
    fork,
    stateRoot: text(expected['hash']),
    logsHash: text(expected['logs']),
    transaction: {
      type: typeOf(fields, accessLists),
      sender: integer(fields['sender']),
      nonce: integer(fields['nonce']),
      gasLimit: integer(pick('gasLimit', gas)),
      to: to === '' || to === undefined ? undefined : integer(to),
      value: integer(pick('value', value)),
      data: bytes(pick('data', data)),
      maxFee: integer(fields['maxFeePerGas'] ?? legacyFee),
      maxPriorityFee: integer(fields['maxPriorityFeePerGas'] ?? legacyFee),
      accessList: list(accessLists ?? [], 'access list').map((entry) => {
        const { address, storageKeys } = record(entry, 'access list')
        return { address: integer(address), keys: list(storageKeys, 'access list').map(integer) }
      }),
      blobs:
        fields['blobVersionedHashes'] === undefined
          ? undefined
          : {
              maxFee: integer(fields['maxFeePerBlobGas']),
              hashes: list(fields['blobVersionedHashes'], 'blobs').map(integer),
            },
    },
  }
}

/** The oldest type that has all the fields. */
function typeOf(fields: Fields, accessList: unknown): number {
  if (fields['authorizationList'] !== undefined) return 4
  if (fields['blobVersionedHashes'] !== undefined) return 3
  if (fields['maxFeePerGas'] !== undefined) return 2
  return accessList === undefined || accessList === null ? 0 : 1
}

function record(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new CliError('vector/malformed', `not an object: ${where}`)
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new CliError('vector/malformed', `not a list: ${where}`)
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new CliError('vector/malformed', `not a text: ${JSON.stringify(value)}`)
}

/** Numbers are in hexadecimal; one that a transaction cannot hold is marked. */
function integer(value: unknown): bigint {
  const digits = text(value).replace(/^0x:bigint /, '')
  if (digits === '' || digits === '0x') return 0n
  if (/^(0x[0-9a-f]+|[0-9]+)$/i.test(digits)) return BigInt(digits)
  throw new CliError('vector/malformed', `not a number: ${digits}`)
}

function bytes(value: unknown): Uint8Array {
  const digits = text(value).replace(/^0x/, '')
  if (/^([0-9a-f]{2})*$/i.test(digits)) return new Uint8Array(Buffer.from(digits, 'hex'))
  throw new CliError('vector/malformed', `not bytes: ${digits.slice(0, 40)}`)
}
