import { IpldError } from '@troupe/ipld'
import { CborReader, CborWriter } from '@troupe/ipld/cbor'
import { CallError, SdkError } from '../errors.ts'
import { askHost } from '../host/ask-host.ts'
import { expectCurrent } from '../invocation/current.ts'
import type { CallOptions } from '../invocation/invocation.ts'
import type { Ref } from '../refs/ref.ts'
import { bytes, toUint8Array } from '../values/bytes.ts'
import { invokeAs } from './call.ts'

/** The method `InvokeEVM` of contracts. Its parameters are bytes in CBOR, and so is what it returns. */
const INVOKE_EVM = 3_844_450_837n
const CBOR = 0x51
const KECCAK_256 = 0x1b
/** How contracts end that revert. */
const REVERTED = 33

/** A contract that reverted. */
export class ContractRevert extends CallError {
  /** What it reverted with, as Solidity encodes it. */
  readonly data: ArrayBuffer

  constructor(what: string, returned: CallError['returned'], data: ArrayBuffer) {
    super(what, REVERTED, returned)
    this.data = data
  }
}

/**
 * Calls a contract of the EVM: `callContract(ref, calldata)`. Encoders for calldata come with packages such as viem, and are bundled like any other.
 * @param calldata selector and arguments as Solidity encodes them
 * @returns what the contract returned, encoded likewise
 * @throws {ContractRevert} where it reverted; {@link SdkError} abi/malformed where what came back is from no contract; {@link CallError}, {@link SdkError} as for other calls
 */
export function callContract(ref: Ref, calldata: ArrayBuffer, options: CallOptions = {}): ArrayBuffer {
  const parameters = bytes(new CborWriter().bytes(toUint8Array(calldata)).finish())
  let returned: CallError['returned']
  try {
    returned = invokeAs('InvokeEVM', ref, { ...options, method: INVOKE_EVM, parameters, codec: CBOR })
  } catch (error) {
    if (!(error instanceof CallError) || error.calleeExitCode !== REVERTED) throw error
    const data = decode(error.returned)
    throw data === undefined ? error : new ContractRevert('a contract', error.returned, data)
  }
  // Accounts, and addresses that nobody has yet, take any call, and return nothing.
  if (returned === undefined && calldata.byteLength > 0)
    throw new SdkError('abi/malformed', 'nothing came back: there is no contract')
  return decode(returned) ?? refuse()
}

function refuse(): never {
  throw new SdkError('abi/malformed', 'what came back is not bytes in CBOR, as of contracts')
}

/**
 * What calldata begins with for a function: of the hash of its signature the first four bytes, big-endian. The kernel hashes, because that takes an actor fifty million gas.
 * @param signature `transfer(address,uint256)`
 */
export function selectorOf(signature: string): number {
  const data = new Uint8Array(signature.length)
  for (let i = 0; i < data.length; i++) data[i] = signature.charCodeAt(i)
  const { host } = expectCurrent()
  const digest = askHost('hashing a signature', () => host.hash(KECCAK_256, data))
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0)
}

/** What contracts return: bytes in CBOR, and nothing else. `undefined` for whatever is none. */
function decode(returned: CallError['returned']): ArrayBuffer | undefined {
  if (returned === undefined) return bytes(new Uint8Array())
  try {
    const reader = new CborReader(toUint8Array(returned.data))
    const data = bytes(reader.bytes())
    reader.end()
    return data
  } catch (error) {
    if (error instanceof IpldError) return undefined
    throw error
  }
}
