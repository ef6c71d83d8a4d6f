/**
 * @module What a contract sees of the code of others.
 *
 * Source: builtin-actors v18 actors/evm/src/interpreter/instructions/ext.rs.
 */
import { type Address, ExitCode, idAddress } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import {
  type ActorContext,
  ActorError,
  cidCodec,
  decodeReturn,
  fixedBytesCodec,
  optionalCodec,
} from '@troupe/runtime-native'
import type { Contract } from './contract.ts'
import { addressOfContract, reservedPrecompile } from './contract-address.ts'
import { EvmMethod } from './evm-method.ts'
import { CONTRACT_WORK } from './fvm-gas.ts'
import { wordOfBytes } from './word-bytes.ts'

/** The one byte of code that every actor seems to have that is no contract: INVALID. */
const NATIVE_CODE = Uint8Array.of(0xfe)
/** Keccak-256 of that byte. */
const NATIVE_HASH = 0xbcc90f2d6dada5b18e155c17a1c0a55920aae94f39857d39d0d8ed07ae8f228bn
/** Keccak-256 of nothing. */
const EMPTY_HASH = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470n
const EMPTY = new Uint8Array()

const codeReturnCodec = optionalCodec(cidCodec)
const hashReturnCodec = fixedBytesCodec(32)

/** What stands at an address. */
export type ForeignKind =
  | { readonly kind: 'contract'; readonly address: Address }
  | { readonly kind: 'precompile' | 'native' | 'account' | 'nothing' }

/** Finds out what stands at an address. @param isPrecompile whether there is a precompile by a number */
export function foreignKind(
  { actors, gas }: ActorContext,
  address: bigint,
  isPrecompile: (precompile: { isNative: boolean; number: number }) => boolean,
): ForeignKind {
  const reserved = reservedPrecompile(address)
  if (reserved !== undefined && isPrecompile(reserved)) return { kind: 'precompile' }
  gas.work(CONTRACT_WORK.foreignKind)
  const id = actors.resolve(addressOfContract(address))
  const code = id === undefined ? undefined : actors.code(id)
  if (id === undefined || code === undefined) return { kind: 'nothing' }
  switch (actors.builtin(code)) {
    case 'account':
    case 'placeholder':
    case 'ethaccount':
      return { kind: 'account' }
    case 'evm':
      return { kind: 'contract', address: idAddress(id) }
    default:
      return { kind: 'native' }
  }
}

/** CID of a contract's code; `undefined` where it is dead. @throws {ActorError} where the contract does not answer */
export function foreignCodeCid(contract: Contract, address: Address): Cid | undefined {
  contract.context.gas.work(CONTRACT_WORK.foreignCode)
  const returned = contract.send({ to: address, method: BigInt(EvmMethod.GET_BYTECODE), readOnly: true })
  return decodeReturn(codeReturnCodec, returned)
}

/** The code that a contract sees. @throws {ActorError} where the other does not answer */
export function foreignCode(contract: Contract, found: ForeignKind): Uint8Array {
  if (found.kind === 'native') return NATIVE_CODE
  if (found.kind !== 'contract') return EMPTY
  const cid = foreignCodeCid(contract, found.address)
  if (cid === undefined) return EMPTY
  try {
    return contract.context.state.blocks.get(cid)
  } catch (error) {
    if (error instanceof ActorError) throw new ActorError(ExitCode.USR_ILLEGAL_STATE, error.message)
    throw error
  }
}

/** The hash of code that a contract sees. @throws {ActorError} where the other does not answer */
export function foreignCodeHash(contract: Contract, found: ForeignKind): bigint {
  switch (found.kind) {
    case 'native':
      return NATIVE_HASH
    case 'precompile':
    case 'account':
      return EMPTY_HASH
    case 'nothing':
      return 0n
    case 'contract': {
      contract.context.gas.work(CONTRACT_WORK.foreignCode)
      const method = BigInt(EvmMethod.GET_BYTECODE_HASH)
      const returned = contract.send({ to: found.address, method, readOnly: true })
      return wordOfBytes(decodeReturn(hashReturnCodec, returned))
    }
  }
}
