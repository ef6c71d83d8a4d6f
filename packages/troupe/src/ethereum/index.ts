export { CREATE_EXTERNAL, INVOKE_CONTRACT } from '@troupe/hypervisor'
export { ConsoleReader, MAX_CONSOLE_LINE_LENGTH } from './console-log.ts'
export { formatHash, parseHash } from './hex.ts'
export { messageHash } from './message-hash.ts'
export { parseTransaction } from './parse-transaction.ts'
export {
  EVM_CONTRACT_REVERTED,
  MAX_REASON_LENGTH,
  type Revert,
  readRevert,
  revertOfReceipt,
} from './revert.ts'
export {
  decodeRlp,
  encodeRlp,
  MAX_RLP_DEPTH,
  MAX_RLP_ITEMS,
  MAX_RLP_LENGTH,
  type RlpValue,
} from './rlp.ts'
export {
  type EthereumSigner,
  personalMessageDigest,
  signatureBytes,
  signMessageAsTransaction,
  signTransaction,
} from './sign-transaction.ts'
export {
  addressOfPublicKey,
  type Eip155Transaction,
  type Eip1559Transaction,
  encodeTransaction,
  type HomesteadTransaction,
  recoverSender,
  type SignedTransaction,
  signatureV,
  signingBytes,
  signingDigest,
  type Transaction,
  type TransactionKind,
  type TransactionSignature,
  transactionHash,
} from './transaction.ts'
export {
  delegatedSignature,
  toSignedMessage,
  toTransaction,
  transactionMessage,
  unsignedTransaction,
  verifyTransactionMessage,
} from './transaction-message.ts'
