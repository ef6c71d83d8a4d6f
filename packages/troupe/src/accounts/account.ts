import { secp256k1 } from '@noble/curves/secp256k1.js'
import { HDKey } from '@scure/bip32'
import { mnemonicToSeedSync, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import type { CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  ethereumAddress,
  type Signature,
  secp256k1Address,
  toEthereumAddress,
} from '@troupe/hypervisor'
import { TroupeError } from '../errors.ts'
import { type EthereumSigner, toTransactionSignature } from '../ethereum/sign-transaction.ts'
import type { TransactionSignature } from '../ethereum/transaction.ts'
import { DEVELOPMENT_KEYS, DEVELOPMENT_MNEMONIC, DEVELOPMENT_PATH } from './development-keys.ts'
import { type Signer, secp256k1Signer, signDigest } from './signer.ts'

/** Most accounts that a mnemonic is asked for. */
export const MAX_ACCOUNTS = 10_000

/**
 * One key of a local chain, under its three names: a Filecoin account (f1), an Ethereum account (f4) and what wallets call that (0x). The first two are two
 * actors, each with a balance of its own.
 */
export class Account implements Signer, EthereumSigner {
  /** f1: the sender of Filecoin messages. */
  readonly address: Address
  /** f4: the sender of Ethereum transactions. */
  readonly delegated: Address
  /** The same, as Ethereum writes it: 0x and 40 digits, with the checksum of EIP-55. */
  readonly ethereum: string
  /** 32 bytes. */
  readonly secretKey: Uint8Array
  readonly #crypto: CryptoProvider
  readonly #signer: Signer

  /** @param publicKey 65 bytes, uncompressed; the one of the secret key */
  constructor(crypto: CryptoProvider, secretKey: Uint8Array, publicKey: Uint8Array) {
    this.#crypto = crypto
    this.secretKey = secretKey
    this.address = secp256k1Address(crypto, publicKey)
    this.delegated = ethereumAddress(crypto.keccak256(publicKey.subarray(1)).subarray(12))
    this.ethereum = toEthereumAddress(this.delegated, crypto) ?? ''
    this.#signer = secp256k1Signer(crypto, secretKey, this.address)
  }

  sign(data: Uint8Array): Signature {
    return this.#signer.sign(data)
  }

  signDigest(digest: Uint8Array): TransactionSignature {
    return toTransactionSignature(signDigest(this.#crypto, digest, this.secretKey))
  }
}

/** Where accounts come from. */
export interface AccountsOptions {
  /** How many, 0 to {@link MAX_ACCOUNTS}. Default: 10. */
  readonly count?: number
  /** BIP-39, in English. Default: {@link DEVELOPMENT_MNEMONIC}. */
  readonly mnemonic?: string
  /** BIP-32 path above the indexes. Default: {@link DEVELOPMENT_PATH}. */
  readonly path?: string
}

/**
 * The accounts of a mnemonic, the same ones every time.
 * @throws {TroupeError} account/mnemonic, account/count, account/path
 */
export function deriveAccounts(crypto: CryptoProvider, options: AccountsOptions = {}): Account[] {
  const {
    count = DEVELOPMENT_KEYS.length,
    mnemonic = DEVELOPMENT_MNEMONIC,
    path = DEVELOPMENT_PATH,
  } = options
  if (!Number.isInteger(count) || count < 0 || count > MAX_ACCOUNTS)
    throw new TroupeError('account/count', `accounts: ${count} is not a number from 0 to ${MAX_ACCOUNTS}`)
  const isKnown = mnemonic === DEVELOPMENT_MNEMONIC && path === DEVELOPMENT_PATH
  if (isKnown && count <= DEVELOPMENT_KEYS.length)
    return DEVELOPMENT_KEYS.slice(0, count).map(
      ({ secretKey, publicKey }) => new Account(crypto, bytesOf(secretKey), bytesOf(publicKey)),
    )
  const parent = parentKey(mnemonic, path)
  return Array.from({ length: count }, (_, index) => {
    const { privateKey } = parent.deriveChild(index)
    if (privateKey === null) throw new TroupeError('account/path', `${path}/${index} has no key`)
    return new Account(crypto, privateKey, secp256k1.getPublicKey(privateKey, false))
  })
}

function parentKey(mnemonic: string, path: string): HDKey {
  if (!validateMnemonic(mnemonic, wordlist))
    throw new TroupeError(
      'account/mnemonic',
      'these words are no BIP-39 mnemonic: a word is unknown, or the checksum is wrong',
    )
  const master = HDKey.fromMasterSeed(mnemonicToSeedSync(mnemonic))
  try {
    return master.derive(path)
  } catch (cause) {
    throw new TroupeError('account/path', `"${path}" is no BIP-32 path`, { cause })
  }
}

function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16)
  return bytes
}
