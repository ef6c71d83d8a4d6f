import type { CryptoProvider } from '@troupe/crypto'
import {
  type ActorState,
  type Address,
  AddressProtocol,
  formatAddress,
  type Manifest,
  readAddress,
  SignatureType,
  type SignedMessage,
  verifyMessageSignature,
} from '@troupe/hypervisor'
import { CborReader, type CborStore } from '@troupe/ipld'
import type { ChainRules } from '../chain/chain-rules.ts'
import { TroupeError } from '../errors.ts'
import { recoverSender, type TransactionKind } from '../ethereum/transaction.ts'
import { toTransaction } from '../ethereum/transaction-message.ts'

/** What a signature is judged with. */
interface Setting {
  readonly blocks: CborStore
  readonly rules: ChainRules
  readonly manifest: Manifest
  readonly known?: KnownTransaction | undefined
}

/** The transaction that a message was made from, where whoever has made it knows: to find that out again takes longer than all other tests. */
export interface KnownTransaction {
  readonly kind: TransactionKind
  /** Who has signed it. */
  readonly signer: Address
  /** 32 bytes. */
  readonly hash: Uint8Array
}

/**
 * Tests that a message is signed by its sender: by the key of an account, or, where that is Ethereum's, as the transaction that the message was made from.
 * Source: lotus chain/consensus/signatures.go `AuthenticateMessage`.
 * @param actor the sender's record
 * @throws {TroupeError} message/signature; message/… for another field by which the message is no transaction
 */
export function checkSignature(signed: SignedMessage, actor: ActorState, setting: Setting): void {
  if (signed.signature.type === SignatureType.DELEGATED) {
    checkTransaction(signed, actor, setting)
    return
  }
  const { crypto } = setting.blocks
  const key = keyOf(signed.message.from, actor, setting)
  if (key !== undefined && verifyMessageSignature(crypto, signed, key)) return
  refuse(`is not that of ${formatAddress(signed.message.from, crypto)}`)
}

function checkTransaction(signed: SignedMessage, actor: ActorState, { blocks, known, rules }: Setting): void {
  const { crypto } = blocks
  const { kind, signer } = known ?? readTransaction(signed, crypto, rules.chainId)
  if (!rules.transactionKinds.includes(kind))
    refuse(`is of a transaction of kind ${kind}, which ${rules.rules.name} does not have`)
  const { from } = signed.message
  const sender = from.protocol === AddressProtocol.DELEGATED ? from : actor.delegatedAddress
  if (signer !== undefined && signer.key === sender?.key) return
  const name = signer === undefined ? 'nobody' : formatAddress(signer, crypto)
  refuse(`is that of ${name}, and not of ${formatAddress(from, crypto)}`)
}

function readTransaction(
  signed: SignedMessage,
  crypto: CryptoProvider,
  chainId: bigint,
): { readonly kind: TransactionKind; readonly signer: Address | undefined } {
  const transaction = toTransaction(signed, chainId)
  return { kind: transaction.transaction.kind, signer: recoverSender(crypto, transaction) }
}

/** The key address of an account; `undefined` for what is no account of a key. It stands in its state, CBOR `[address]`. */
function keyOf(
  from: Address,
  { code, head }: ActorState,
  { blocks, manifest }: Setting,
): Address | undefined {
  if (from.protocol === AddressProtocol.SECP256K1 || from.protocol === AddressProtocol.BLS) return from
  if (!manifest.is('account', code)) return undefined
  const reader = new CborReader(blocks.getBlock(head))
  reader.tuple(1)
  return readAddress(reader)
}

function refuse(what: string): never {
  throw new TroupeError('message/signature', `the signature ${what}`)
}
