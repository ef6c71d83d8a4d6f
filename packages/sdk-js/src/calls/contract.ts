import { CborReader, CborWriter } from '@troupe/ipld/cbor'
import { CallError } from '../errors.ts'
import type { CallOptions } from '../invocation/invocation.ts'
import type { Ref } from '../refs/ref.ts'
import { bytes, toUint8Array } from '../values/bytes.ts'
import { invoke } from './call.ts'

/** The method `InvokeEVM` of contracts. Its parameters are bytes in CBOR, and so is what it returns. */
const INVOKE_EVM = 3_844_450_837n
const CBOR = 0x51
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
 * @throws {ContractRevert} where it reverted; {@link CallError}, {@link SdkError} as for other calls
 */
export function callContract(ref: Ref, calldata: ArrayBuffer, options: CallOptions = {}): ArrayBuffer {
  const parameters = bytes(new CborWriter().bytes(toUint8Array(calldata)).finish())
  try {
    return decode(invoke(ref, { ...options, method: INVOKE_EVM, parameters, codec: CBOR }))
  } catch (error) {
    if (!(error instanceof CallError) || error.calleeExitCode !== REVERTED) throw error
    throw new ContractRevert('a contract', error.returned, decode(error.returned))
  }
}

function decode(returned: CallError['returned']): ArrayBuffer {
  const data = toUint8Array(returned?.data ?? new ArrayBuffer(0))
  return bytes(data.length === 0 ? data : new CborReader(data).bytes())
}
