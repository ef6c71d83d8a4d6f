/** @module What stands on a command line for an actor, a method or a value. */
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import { type Address, METHOD_SEND, methodNumber } from '@troupe/hypervisor'
import { type Cid, parseCid } from '@troupe/ipld'
import { toAddress } from 'troupe'
import { CliError } from '../errors.ts'

/** A method as the user called it. */
export interface NamedMethod {
  readonly number: bigint
  readonly text: string
}

const NUMBER = /^\d{1,20}$/u
const HEX = /^0x(?:[0-9a-f]{2})*$/iu
const MAX_METHOD = 2n ** 64n - 1n
/** What an error repeats of an argument. */
const MAX_SHOWN = 80

/** The address of an actor: `t01000`, `f1…`, `t410f…`, `0x…`, or the number of an id. @throws {CliError} usage/bad-argument */
export function readAddress(crypto: CryptoProvider, text: string): Address {
  return read(
    () => toAddress(crypto, NUMBER.test(text) ? BigInt(text) : text, 'address'),
    `${shown(text)} is no address`,
    'an address is t01000, t1…, t2…, t410f…, 0x…, or the number of an id',
  )
}

/** A method: its number, or the name by which it is exported (FRC-42). Default: a transfer. @throws {CliError} usage/bad-argument */
export function readMethod(crypto: CryptoProvider, text: string | undefined): NamedMethod {
  if (text === undefined) return { number: METHOD_SEND, text: 'Send' }
  if (/^\d+$/u.test(text)) {
    const number = NUMBER.test(text) ? BigInt(text) : MAX_METHOD + 1n
    if (number <= MAX_METHOD) return { number, text: `method ${number}` }
    throw new CliError('usage/bad-argument', `${shown(text)} is no method number: those end with 2^64-1`)
  }
  const capital = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
  const isSmall = text !== capital && /^\w+$/u.test(text)
  const number = read(
    () => methodNumber(crypto, text),
    `${shown(text)} is no method`,
    isSmall
      ? `exported methods begin with a capital letter: ${capital}`
      : 'a method is a number, or the name that it is exported by, such as Add',
  )
  return { number, text }
}

/** Bytes of hexadecimal digits behind `0x`; `undefined` where these are none. */
export function readHex(text: string): Uint8Array | undefined {
  return HEX.test(text) ? Uint8Array.from(Buffer.from(text.slice(2), 'hex')) : undefined
}

/**
 * What stands for itself where a value does: `0x…` for bytes, `t…`, `f…` and `@0x…` for the bytes of an address, `bafy…` for a link. `undefined` for what looks like none of them.
 * @throws {CliError} usage/bad-argument for what looks like one, and is not
 */
export function readWord(crypto: CryptoProvider, text: string): Uint8Array | Cid | undefined {
  if (/^0x/iu.test(text)) {
    const bytes = readHex(text)
    if (bytes !== undefined) return bytes
    throw new CliError('usage/bad-argument', `${shown(text)} is not 0x and pairs of hexadecimal digits`)
  }
  if (text.startsWith('@')) return readAddress(crypto, text.slice(1)).bytes
  if (/^[ft][0-4]/u.test(text)) return readAddress(crypto, text).bytes
  if (!/^b[a-z2-7]{20,}$/u.test(text)) return undefined
  return read(() => parseCid(text), `${shown(text)} is no CID`, 'text stands in quotation marks')
}

/** An argument in an error: short, and on one line. */
export function shown(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)
}

function read<T>(parse: () => T, message: string, advice: string): T {
  try {
    return parse()
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new CliError('usage/bad-argument', message, { advice, cause })
  }
}
