import type { CryptoProvider } from '@troupe/crypto'
import { Abort, ExitCode } from '@troupe/hypervisor'
import type { ActorContext } from '@troupe/runtime-native'
import type { CallRequest } from '../interpreter/host.ts'
import { createFilecoinPrecompiles } from '../precompiles/filecoin.ts'
import { createEcRecover, createRipemd160, createSha256 } from '../precompiles/hashes.ts'
import type {
  Precompile,
  PrecompileCrypto,
  PrecompileFunction,
  PrecompileResult,
} from '../precompiles/precompile.ts'
import type { Contract } from './contract.ts'
import { SYSCALL_PRECOMPILE_WORK } from './fvm-gas.ts'
import { NATIVE_PRECOMPILES } from './native-precompiles.ts'
import { wordOfBytes } from './word-bytes.ts'

/** The release of the official actors whose precompiles there are. */
const RELEASE = 18
const MILLIGAS = 1000
const SHA2_256 = 0x12
const RIPEMD_160 = 0x1053
const KECCAK_256 = 0x1b
/** Order of the group of secp256k1. */
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** Those that are made of syscalls, whose prices are not among their own. */
const BY_SYSCALL: ReadonlyMap<number, (crypto: PrecompileCrypto) => PrecompileFunction> = new Map([
  [0x01, createEcRecover],
  [0x02, createSha256],
  [0x03, createRipemd160],
])

/** Which address is kept for precompiles: Ethereum's or Filecoin's own, by number. */
export interface ReservedAddress {
  readonly isNative: boolean
  readonly number: number
}

/** Precompiles that a contract can call. */
export interface PrecompileSet {
  /** Whether there is a precompile by a number. */
  has(reserved: ReservedAddress): boolean
  /**
   * Calls what is at an address that is kept for precompiles, and takes what that costs; where there is none, that gives nothing.
   * @returns `undefined` where it fails
   */
  call(contract: Contract, reserved: ReservedAddress, request: CallRequest): Uint8Array | undefined
}

/** Ethereum's precompiles, of which Filecoin has most, and Filecoin's own, with the gas of Filecoin's actor. */
export class ContractPrecompiles implements PrecompileSet {
  readonly #ethereum: ReadonlyMap<number, Precompile> = createFilecoinPrecompiles(RELEASE, NO_CRYPTO)
  /** The same, with the curves of a provider. */
  readonly #known = new WeakMap<CryptoProvider, ReadonlyMap<number, Precompile>>()

  has({ isNative, number }: ReservedAddress): boolean {
    return isNative ? NATIVE_PRECOMPILES.has(number) : this.#ethereum.has(number)
  }

  call(
    contract: Contract,
    { isNative, number }: ReservedAddress,
    request: CallRequest,
  ): Uint8Array | undefined {
    if (isNative) {
      const native = NATIVE_PRECOMPILES.get(number)
      return native === undefined ? new Uint8Array() : native(contract, request)
    }
    const precompile = this.#with(contract.context.syscalls.kernel.calls.machine.crypto).get(number)
    if (precompile === undefined) return new Uint8Array()
    const result = run(contract.context, precompile, request.input)
    if (result === 'actor-panic') return contract.context.panic('a precompile cannot read its input')
    if (result === 'actor-memory')
      throw new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, 'there is not as much memory')
    return typeof result === 'string' ? undefined : result
  }

  #with(crypto: CryptoProvider): ReadonlyMap<number, Precompile> {
    let known = this.#known.get(crypto)
    if (known === undefined) {
      known = createFilecoinPrecompiles(RELEASE, {
        ...NO_CRYPTO,
        bn254: () => crypto.bn254?.(),
        bls12381: () => crypto.bls12381?.(),
      })
      this.#known.set(crypto, known)
    }
    return known
  }
}

function run({ crypto, gas }: ActorContext, precompile: Precompile, input: Uint8Array): PrecompileResult {
  const { address } = precompile
  const bySyscall = BY_SYSCALL.get(address)
  if (bySyscall !== undefined) {
    gas.work(SYSCALL_PRECOMPILE_WORK[address] ?? 0)
    return bySyscall(syscallCrypto(crypto))(input)
  }
  gas.work(Math.min(Number.MAX_SAFE_INTEGER, precompile.gas(input) * MILLIGAS))
  return precompile.run(input)
}

/** Hashes and keys by syscalls, which are charged. */
function syscallCrypto(crypto: ActorContext['crypto']): PrecompileCrypto {
  return {
    sha256: (data) => crypto.hash(SHA2_256, data),
    keccak256: (data) => crypto.hash(KECCAK_256, data),
    ripemd160: (data) => crypto.hash(RIPEMD_160, data),
    secp256k1Recover: (digest, signature) => {
      // The official actor asks for no key where there can be none.
      if (!isScalar(signature.subarray(0, 32)) || !isScalar(signature.subarray(32, 64))) return undefined
      return crypto.recoverPublicKey(digest, signature)
    },
  }
}

function isScalar(bytes: Uint8Array): boolean {
  const scalar = wordOfBytes(bytes)
  return scalar > 0n && scalar < SECP256K1_ORDER
}

/** For those that are not made of syscalls. */
const NO_CRYPTO: PrecompileCrypto = {
  sha256: noCrypto,
  keccak256: noCrypto,
  ripemd160: noCrypto,
  secp256k1Recover: noCrypto,
}

function noCrypto(): never {
  throw new Error('this precompile is made of syscalls')
}
