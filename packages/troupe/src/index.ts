export { Account, type AccountsOptions, deriveAccounts, MAX_ACCOUNTS } from './accounts/account.ts'
export { DEVELOPMENT_MNEMONIC, DEVELOPMENT_PATH } from './accounts/development-keys.ts'
export { blsSigner, ed25519Signer, type Signer, secp256k1Signer, signMessage } from './accounts/signer.ts'
export {
  type BaseFeeRule,
  BLOCK_GAS_LIMIT,
  BLOCK_GAS_TARGET,
  baseFeeRuleOf,
  effectivePremium,
  INITIAL_BASE_FEE,
  MINIMUM_BASE_FEE,
  nextBaseFee,
  type PricedMessage,
} from './chain/base-fee.ts'
export {
  type BeaconEntry,
  type BlockHeader,
  blockCid,
  decodeBlockHeader,
  type ElectionProof,
  encodeBlockHeader,
  type HeaderProof,
} from './chain/block-header.ts'
export type { BlockMessage, EncodedMessage, HashedMessage } from './chain/block-message.ts'
export {
  type BlockMessages,
  type ChainedMessage,
  chained,
  type EventLimits,
  inOrder,
  loadBlockMessages,
  loadEvents,
  loadEventsWithin,
  loadReceipts,
  storeBlockMessages,
  storeEvents,
  storeReceipts,
  toBlockMessages,
} from './chain/block-messages.ts'
export {
  networkOfWitness,
  type ReplayedBlock,
  type ReplayedMessage,
  type ReplayedQueuedMessage,
  readWitnessClaim,
  replayWitness,
  type WitnessClaim,
} from './chain/block-witness.ts'
export {
  type BlockContext,
  Chain,
  type ChainOptions,
  type ExecutedMessage,
  type ProducedBlock,
  type ProduceOptions,
  type ReplayOptions,
} from './chain/chain.ts'
export type { ChainHistory } from './chain/chain-externs.ts'
export { type ChainRules, timestampOf } from './chain/chain-rules.ts'
export { type ActorEdit, MAX_EDITS } from './chain/edits.ts'
export type { TipsetObserver } from './chain/execute-tipset.ts'
export { FIRST_QUEUED_SEQUENCE, type QueuedResult, queuedCount } from './chain/queue-run.ts'
export type { QueuedMessage } from './chain/queued-messages.ts'
export { RefusedMessages } from './chain/refused-messages.ts'
export type { EditedHead, Tipset } from './chain/tipset.ts'
export { tipsetKeyBlock, tipsetKeyCid } from './chain/tipset-key.ts'
export { TroupeError, type TroupeErrorCode } from './errors.ts'
export { POOL_LIMITS, type PoolLimits } from './pool/message-limits.ts'
export {
  MessagePool,
  type PendingMessage,
  type RefusedMessage,
  type WaitReason,
} from './pool/message-pool.ts'
export { type DiffOptions, diffStates } from './state/diff.ts'
export { type CarState, readStateCar } from './state/state-car.ts'
export { type DiffRendering, renderDiff, StateChange } from './state/state-change.ts'
export type { AsyncStore } from './store/async-store.ts'
export { OverlayStore } from './store/overlay-store.ts'
export type { CryptoSource, Descriptor, RuntimeSource, StoreSource } from './thread/descriptor.ts'
export { ThreadedTroupe } from './thread/threaded-troupe.ts'
export { ActorHandle, type CallOptions } from './vm/actor-handle.ts'
export { fromActorValue, toActorValue } from './vm/actor-values.ts'
export { type AddressLike, toAddress } from './vm/address-like.ts'
export type { BlockName, BlockRecord } from './vm/block-record.ts'
export { type ActorsBundle, bundle } from './vm/bundle.ts'
export { ContractHandle, type DeployContractOptions } from './vm/contract-handle.ts'
export { createTroupe, type InitialState, type TroupeOptions } from './vm/create-troupe.ts'
export {
  type CodeSource,
  type CreatedActor,
  createdActor,
  type DeployOptions,
  execRequest,
  type InstallOptions,
  installedCode,
  installRequest,
} from './vm/deploy.ts'
export { EventFeed } from './vm/event-feed.ts'
export type { ChainEvent, Head } from './vm/head.ts'
export type { Identity } from './vm/identity.ts'
export type { LocalChain } from './vm/local-chain.ts'
export type { MiningMode } from './vm/mining.ts'
export { type Network, networks } from './vm/network.ts'
export {
  ActorError,
  type Failure,
  isSuccess,
  type MessageOutcome,
  type Outcome,
  type QueuedOutcome,
  toOutcome,
} from './vm/outcome.ts'
export { type ParsedSourceMap, readSourceMap, type SourceMapSource } from './vm/read-source-map.ts'
export type { Repro } from './vm/repro.ts'
export type { CallRequest, EditRequest, MessageRequest } from './vm/request.ts'
export type { SendOptions } from './vm/send-options.ts'
export { type Distance, MAX_EPOCHS, Time } from './vm/time.ts'
export type { MessageName, TransactionPlace, TransactionRecord } from './vm/transaction-record.ts'
export { Troupe } from './vm/troupe.ts'
export { type Methods, type Outside, type Typed, TypedActor } from './vm/typed-actor.ts'
