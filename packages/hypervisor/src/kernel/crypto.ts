/** @module Syscalls of the module `crypto`. Inputs that do not decode are illegal arguments. */
import { type CryptoProvider, computeUnsealedSectorCommitment } from '@troupe/crypto'
import type { Cid } from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import {
  decodeAggregateSealVerifyProofAndInfos,
  decodePieceInfos,
  decodeReplicaUpdateInfo,
  decodeSealVerifyInfo,
  decodeSealVerifyInfos,
  decodeWindowPostVerifyInfo,
  type WindowPostVerifyInfo,
} from '../actor/proof-inputs.ts'
import { sealProofSectorSize } from '../actor/registered-proofs.ts'
import { dataCommitmentCid, dataCommitmentOf } from '../actor/sector-commitment.ts'
import { SignatureType, verifySignature as verify } from '../actor/signature.ts'
import type { Address } from '../address/address.ts'
import { AddressProtocol, BLS_PUBLIC_KEY_LENGTH } from '../address/address.ts'
import type { ProofVerifier } from '../externs/proofs.ts'
import { ChargeName } from '../gas/prices/charge-names.ts'
import { MILLIGAS_PER_GAS, type SupportedHash } from '../gas/prices/price-list.ts'
import { keyAddress } from './actor.ts'
import { askExterns, askProofs } from './ask.ts'
import { orSyscall, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'

const HASHES: Readonly<Record<SupportedHash, (crypto: CryptoProvider, data: Uint8Array) => Uint8Array>> = {
  18: (crypto, data) => crypto.sha256(data),
  27: (crypto, data) => crypto.keccak256(data),
  4179: (crypto, data) => crypto.ripemd160(data),
  45600: (crypto, data) => crypto.blake2b(data, 32),
  45632: (crypto, data) => crypto.blake2b(data, 64),
}

const MAX_UINT32 = 2 ** 32 - 1
/** The keys of more signers have a length that is no unsigned 32-bit integer. */
const MAX_SIGNERS = Math.floor(MAX_UINT32 / BLS_PUBLIC_KEY_LENGTH)

/** Charged for an unknown hash function where the rules charge first; generation 2 charges the same for all. */
const ANY_HASH: SupportedHash = 0x12

/** `crypto.hash`: the digest. @throws {SyscallError} IllegalArgument for an unknown hash function */
export function hash(kernel: Kernel, hashFunction: bigint, data: Uint8Array): Uint8Array {
  const code = Number(hashFunction) as SupportedHash
  const digest = HASHES[code]
  if (digest === undefined && !kernel.rules.hashChargedFirst) throw unknownHash(hashFunction)
  kernel.calls.charge(
    'OnHashing',
    kernel.rules.prices.onHash(digest === undefined ? ANY_HASH : code, data.length),
  )
  if (digest === undefined) throw unknownHash(hashFunction)
  return digest(kernel.calls.machine.crypto, data)
}

/** `crypto.verify_signature`. @throws {SyscallError} IllegalArgument for an unknown type, or a signer that has no key; NotFound */
export function verifySignature(
  kernel: Kernel,
  type: number,
  data: Uint8Array,
  signer: Address,
  plaintext: Uint8Array,
): boolean {
  if (type !== SignatureType.SECP256K1 && type !== SignatureType.BLS)
    throw new SyscallError(ErrorNumber.IllegalArgument, `unknown signature type ${type}`)
  kernel.calls.charge('OnVerifySignature', kernel.rules.prices.onVerifySignature(type, plaintext.length))
  return verify(kernel.calls.machine.crypto, { type, data }, signingAddress(kernel, signer), plaintext)
}

/**
 * `crypto.verify_bls_aggregate` (generation 4): whether a signature is the sum of the signers' signatures of their plaintexts. Of no signers, any
 * is. Points that are none, and plaintexts that occur twice, make an invalid signature.
 *
 * The lengths are summed with 32 bits that wrap, as by the reference as it is released; only their exact sum passes.
 *
 * Source: ref-fvm master fvm/src/syscalls/crypto.rs; FIP-0079.
 * @throws {SyscallError} IllegalArgument
 */
export function verifyBlsAggregate(
  kernel: Kernel,
  signers: number,
  signature: Uint8Array,
  publicKeysOf: (length: number) => Uint8Array,
  plaintextsOf: (length: number) => Uint8Array,
  lengthsOf: (length: number) => Uint8Array,
): boolean {
  if (signers > MAX_SIGNERS)
    throw new SyscallError(ErrorNumber.IllegalArgument, `${signers} signers are too many`)
  const publicKeys = publicKeysOf(signers * BLS_PUBLIC_KEY_LENGTH)
  const encodedLengths = lengthsOf(signers * 4)
  const view = new DataView(encodedLengths.buffer, encodedLengths.byteOffset, encodedLengths.byteLength)
  let total = 0
  let wraps = false
  for (let i = 0; i < signers; i++) {
    total += view.getUint32(i * 4, true)
    wraps ||= total > MAX_UINT32
    total %= MAX_UINT32 + 1
  }
  const plaintexts = plaintextsOf(total)
  kernel.gas.chargeWide(
    ChargeName.ON_VERIFY_BLS_AGGREGATE_SIGNATURE,
    kernel.rules.prices.onVerifyBlsAggregate(signers, total),
  )
  if (wraps) throw new SyscallError(ErrorNumber.IllegalArgument, 'the plaintexts are out of bounds')
  if (signers === 0) return true
  const keys: Uint8Array[] = []
  const messages: Uint8Array[] = []
  for (let i = 0, start = 0; i < signers; i++) {
    const end = start + view.getUint32(i * 4, true)
    messages.push(plaintexts.subarray(start, end))
    keys.push(publicKeys.subarray(i * BLS_PUBLIC_KEY_LENGTH, (i + 1) * BLS_PUBLIC_KEY_LENGTH))
    start = end
  }
  return kernel.calls.machine.crypto.blsVerify(signature, messages, keys)
}

/** The address of the key that signs for `signer`. What the state of an account has for it is not looked at: no signature fits a bad one. */
function signingAddress(kernel: Kernel, signer: Address): Address {
  if (kernel.rules.resolvesSigners) return keyAddress(kernel, signer, true)
  if (signer.protocol !== AddressProtocol.SECP256K1 && signer.protocol !== AddressProtocol.BLS)
    throw new SyscallError(ErrorNumber.IllegalArgument, `an f${signer.protocol} address has no key`)
  return signer
}

/** `crypto.recover_secp_public_key`. @throws {SyscallError} IllegalArgument where no key can have signed */
export function recoverSecpPublicKey(kernel: Kernel, digest: Uint8Array, signature: Uint8Array): Uint8Array {
  kernel.calls.charge('OnRecoverSecpPublicKey', kernel.rules.prices.onRecoverSecpPublicKey())
  const key = kernel.calls.machine.crypto.secp256k1Recover(digest, signature)
  if (key === undefined) throw new SyscallError(ErrorNumber.IllegalArgument, 'no public key can be recovered')
  return key
}

/** `crypto.compute_unsealed_sector_cid`: CommD of a sector with these pieces. @throws {SyscallError} IllegalArgument */
export function computeUnsealedSectorCid(kernel: Kernel, proofType: bigint, encodedPieces: Uint8Array): Cid {
  const { crypto } = kernel.calls.machine
  const sectorSize = sealProofSectorSize(proofType, kernel.rules.generation)
  if (sectorSize === undefined)
    throw new SyscallError(ErrorNumber.IllegalArgument, `unknown seal proof type ${proofType}`)
  const pieces = decoded(() => decodePieceInfos(encodedPieces))
  kernel.calls.charge('OnComputeUnsealedSectorCid', kernel.rules.prices.onComputeUnsealedSectorCid())
  return decoded(() => {
    const commitments = pieces.map(({ size, cid }) => ({ size, commitment: dataCommitmentOf(cid) }))
    return dataCommitmentCid(computeUnsealedSectorCommitment(crypto, sectorSize, commitments))
  })
}

/** `crypto.verify_seal` (generation 2). @throws {SyscallError} IllegalArgument */
export function verifySeal(kernel: Kernel, encoded: Uint8Array): boolean {
  const info = decoded(() => decodeSealVerifyInfo(encoded))
  kernel.calls.charge('OnVerifySeal', kernel.rules.prices.onVerifySeal())
  return askProofs(kernel, (proofs) => proofs.verifySeal(info))
}

/** `crypto.verify_post`. @throws {SyscallError} IllegalArgument */
export function verifyPost(kernel: Kernel, encoded: Uint8Array): boolean {
  const info = decoded(() => decodeWindowPostVerifyInfo(encoded))
  kernel.calls.charge('OnVerifyPost', kernel.rules.prices.onVerifyPost(info.challengedSectors.length))
  const judged = misjudged(kernel, info)
  return askProofs(kernel, (proofs) => proofs.verifyPost(judged))
}

/** A proof as it was judged once, by mistake, on the network where that happened. */
function misjudged(kernel: Kernel, info: WindowPostVerifyInfo): WindowPostVerifyInfo {
  const mistake = kernel.rules.misjudgedPost
  const { chainId, epoch } = kernel.calls.machine.context
  const [first, ...others] = info.proofs
  const applies =
    mistake !== undefined &&
    chainId === mistake.chainId &&
    epoch <= mistake.lastEpoch &&
    first?.postProof === mistake.postProof
  return applies ? { ...info, proofs: [{ ...first, postProof: mistake.takenFor }, ...others] } : info
}

/** `crypto.verify_aggregate_seals`. @throws {SyscallError} IllegalArgument */
export function verifyAggregateSeals(kernel: Kernel, encoded: Uint8Array): boolean {
  const aggregate = decoded(() => decodeAggregateSealVerifyProofAndInfos(encoded))
  const price = kernel.rules.prices.onVerifyAggregateSeals(aggregate.sealProof, aggregate.infos.length)
  kernel.calls.charge('OnVerifyAggregateSeals', price)
  return askProofs(kernel, (proofs) => proofs.verifyAggregateSeals(aggregate))
}

/** `crypto.verify_replica_update`. @throws {SyscallError} IllegalArgument */
export function verifyReplicaUpdate(kernel: Kernel, encoded: Uint8Array): boolean {
  const update = decoded(() => decodeReplicaUpdateInfo(encoded))
  kernel.calls.charge('OnVerifyReplicaUpdate', kernel.rules.prices.onVerifyReplicaUpdate())
  return askProofs(kernel, (proofs) => proofs.verifyReplicaUpdate(update))
}

/** `crypto.batch_verify_seals`: writes one byte for each seal, 1 for a valid one. A seal that cannot be checked is an invalid one. */
export function batchVerifySeals(
  kernel: Kernel,
  encoded: Uint8Array,
  results: (length: number) => Uint8Array,
): void {
  const batch = decoded(() => decodeSealVerifyInfos(encoded))
  const output = results(batch.length)
  if (kernel.rules.chargesBatchedSeals)
    for (const _ of batch) kernel.calls.charge('OnVerifySeal', kernel.rules.prices.onVerifySeal())
  batch.forEach((info, index) => {
    output[index] = isValidSeal(kernel, info) ? 1 : 0
  })
}

/** `crypto.verify_consensus_fault`: all zero for none. @throws {SyscallError} IllegalArgument */
export function verifyConsensusFault(
  kernel: Kernel,
  header1: Uint8Array,
  header2: Uint8Array,
  extra: Uint8Array,
): { epoch: bigint; target: bigint; fault: number } {
  const { calls, rules } = kernel
  calls.charge('OnVerifyConsensusFault', rules.prices.onVerifyConsensusFault())
  const { fault, gasUsed } = askExterns(kernel, (externs) =>
    externs.verifyConsensusFault(header1, header2, extra),
  )
  if (rules.chargesConsensusFaultExtern)
    calls.charge('verify_consensus_fault_accesses', gasUsed * MILLIGAS_PER_GAS)
  return { epoch: fault?.epoch ?? 0n, target: fault?.target ?? 0n, fault: fault?.type ?? 0 }
}

function isValidSeal(kernel: Kernel, info: Parameters<ProofVerifier['verifySeal']>[0]): boolean {
  try {
    return askProofs(kernel, (proofs) => proofs.verifySeal(info))
  } catch (error) {
    if (error instanceof SyscallError) return false
    throw error
  }
}

function decoded<T>(decode: () => T): T {
  return orSyscall(ErrorNumber.IllegalArgument, decode)
}

function unknownHash(hashFunction: bigint): SyscallError {
  return new SyscallError(ErrorNumber.IllegalArgument, `unknown hash function 0x${hashFunction.toString(16)}`)
}
