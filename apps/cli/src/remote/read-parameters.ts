/** @module Parameters on a command line: an argument of the method each, as JSON. */
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import { encodeIpld, type IpldValue } from '@troupe/ipld'
import { toActorValue } from 'troupe'
import { CliError } from '../errors.ts'
import { exactInteger } from '../exact-integer.ts'
import { readHex, readWord, shown } from './read-word.ts'

/** Levels of lists and records that an argument may have: with the list of all, one more than actors take. */
const MAX_DEPTH = 64
/** The key that DAG-JSON keeps for what JSON has no form for. */
const SPECIAL = '/'

/**
 * The parameters of a method: its arguments as a list of CBOR, or what `--params` says.
 * @throws {CliError} usage/bad-argument, usage/bad-option
 */
export function readParameters(
  crypto: CryptoProvider,
  args: readonly string[],
  raw: string | undefined,
): Uint8Array {
  if (raw !== undefined) return readRaw(args, raw)
  if (args.length === 0) return new Uint8Array()
  const values = args.map((text) => readArgument(crypto, text))
  try {
    return encodeIpld(values.map(toActorValue))
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new CliError('usage/bad-argument', 'the arguments cannot be parameters', { cause })
  }
}

function readRaw(args: readonly string[], raw: string): Uint8Array {
  if (args.length > 0) throw new CliError('usage/bad-option', '--params and ARG do not go together')
  const bytes = readHex(/^0x/iu.test(raw) ? raw : `0x${raw}`)
  if (bytes !== undefined) return bytes
  throw new CliError('usage/bad-option', `--params takes pairs of hexadecimal digits, not ${shown(raw)}`)
}

function readArgument(crypto: CryptoProvider, text: string): IpldValue {
  const word = readWord(crypto, text)
  if (word !== undefined) return word
  if (isTooDeep(text))
    throw new CliError('usage/bad-argument', `a value has at most ${MAX_DEPTH} levels of lists and records`)
  try {
    return toValue(crypto, JSON.parse(text, exactInteger))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new CliError('usage/bad-argument', `${shown(text)} is no JSON, and neither bytes nor an address`, {
      advice: /^[\p{L}_][^"[\]{}]*$/u.test(text)
        ? `text stands in quotation marks, which a shell leaves within others: '${JSON.stringify(text)}'`
        : 'quote what a shell would change: \'[1, "two"]\'',
      cause,
    })
  }
}

function toValue(crypto: CryptoProvider, json: unknown): IpldValue {
  if (typeof json === 'number')
    throw new CliError('usage/bad-argument', `${json} is no whole number, or has too many digits`, {
      advice: 'write amounts in their smallest unit, or all of the parameters with --params',
    })
  if (typeof json !== 'object' || json === null) return json as IpldValue
  if (Array.isArray(json)) return json.map((item) => toValue(crypto, item))
  const entries = Object.entries(json)
  if (Object.hasOwn(json, SPECIAL)) return toSpecial(crypto, json as Readonly<Record<string, unknown>>)
  return Object.fromEntries(entries.map(([key, item]) => [key, toValue(crypto, item)]))
}

/** Whether lists and records stand in each other too deep. Looked at before the JSON is parsed, which takes stack for each level. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gu)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > MAX_DEPTH) return true
  }
  return false
}

/** `{"/": "0x…"}` and the like, and DAG-JSON's own `{"/": {"bytes": base64}}`, as results are written. */
function toSpecial(crypto: CryptoProvider, json: Readonly<Record<string, unknown>>): IpldValue {
  const inner = json[SPECIAL]
  if (Object.keys(json).length === 1) {
    if (typeof inner === 'string') {
      const word = readWord(crypto, inner)
      if (word !== undefined) return word
    } else if (typeof inner === 'object' && inner !== null && 'bytes' in inner) {
      const { bytes } = inner
      if (typeof bytes === 'string' && /^[A-Za-z0-9+/]*$/u.test(bytes))
        return Uint8Array.from(Buffer.from(bytes, 'base64'))
    }
  }
  throw new CliError('usage/bad-argument', 'a record with the key "/" is none that is known', {
    advice: 'write {"/": X} with 0x…, an address or a CID for X, or {"/": {"bytes": BASE64}}',
  })
}
