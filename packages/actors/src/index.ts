export {
  AccountMethod,
  type AccountState,
  accountActor,
  accountStateCodec,
  authenticateMessageParametersCodec,
} from './builtin/account.ts'
export { type CronEntry, CronMethod, type CronState, cronActor, cronStateCodec } from './builtin/cron.ts'
export {
  type CreateReturn,
  create2ParametersCodec,
  createParametersCodec,
  createReturnCodec,
  EamMethod,
  eamActor,
  evmConstructorParametersCodec,
} from './builtin/eam.ts'
export {
  ED25519_ACTORS,
  ED25519_MANAGER_ACTOR_ID,
  ED25519_NAMESPACES,
  ED25519_PUBLIC_KEY_LENGTH,
  Ed25519ManagerMethod,
  ed25519AccountActor,
  ed25519Actor,
  ed25519Address,
  ed25519CreateReturnCodec,
  ed25519KeyParametersCodec,
  ed25519VerifyParametersCodec,
} from './builtin/ed25519.ts'
export { ethaccountActor } from './builtin/ethaccount.ts'
export { initActor } from './builtin/init.ts'
export {
  exec4ParametersCodec,
  execParametersCodec,
  execReturnCodec,
  type InitActorState,
  InitMethod,
  initStateCodec,
} from './builtin/init-types.ts'
export { KNOWN_ACTORS, NATIVE_ACTORS } from './builtin/native-actors.ts'
export { placeholderActor } from './builtin/placeholder.ts'
export {
  type AwardBlockRewardParameters,
  awardBlockRewardParametersCodec,
  RewardMethod,
  rewardActor,
  thisEpochRewardCodec,
} from './builtin/reward.ts'
export { type SystemState, systemActor, systemStateCodec } from './builtin/system.ts'
export { SYSTEM_ACTORS } from './builtin/system-actors.ts'
export {
  installParametersCodec,
  installReturnCodec,
  type UserInitState,
  userInitActor,
  userInitStateCodec,
} from './builtin/user-init.ts'
export { ACTORS_VERSION } from './builtin/version.ts'
export {
  DatacapMethod,
  datacapActor,
} from './datacap/actor.ts'
export {
  DATACAP_GRANULARITY,
  INFINITE_ALLOWANCE,
} from './datacap/datacap.ts'
export {
  type DestroyParameters,
  destroyParametersCodec,
  type MintParameters,
  mintParametersCodec,
} from './datacap/parameters.ts'
export {
  type DatacapState,
  datacapStateCodec,
} from './datacap/state.ts'
export { ActorsError, type ActorsErrorCode } from './errors.ts'
export {
  type BurnFromParameters,
  type BurnFromReturn,
  type BurnParameters,
  type BurnReturn,
  burnFromParametersCodec,
  burnFromReturnCodec,
  burnParametersCodec,
  burnReturnCodec,
  type DecreaseAllowanceParameters,
  decreaseAllowanceParametersCodec,
  FRC46_TOKEN_TYPE,
  type Frc46TokenReceived,
  frc46TokenReceivedCodec,
  type GetAllowanceParameters,
  getAllowanceParametersCodec,
  type IncreaseAllowanceParameters,
  increaseAllowanceParametersCodec,
  type MintReturn,
  mintReturnCodec,
  RECEIVE_METHOD,
  type RevokeAllowanceParameters,
  revokeAllowanceParametersCodec,
  type TransferFromParameters,
  type TransferFromReturn,
  type TransferParameters,
  type TransferReturn,
  transferFromParametersCodec,
  transferFromReturnCodec,
  transferParametersCodec,
  transferReturnCodec,
  type UniversalReceiverParameters,
  universalReceiverParametersCodec,
} from './frc46/parameters.ts'
export {
  TOKEN_HAMT_BIT_WIDTH,
  type TokenState,
  tokenStateCodec,
} from './frc46/token-state.ts'
export { createGenesis, type GenesisAccount, type GenesisOptions } from './genesis/create-genesis.ts'
export {
  constructStorageActors,
  STORAGE_ACTOR_IDS,
  type StorageActor,
  storageCron,
} from './genesis/storage-actors.ts'
export { MESSAGE_QUEUE_ACTORS, MessageQueueMethod, messageQueueActor } from './message-queue/actor.ts'
export { MessageQueueExitCode } from './message-queue/message-queue.ts'
export {
  type ContinuationParameters,
  continuationParametersCodec,
  type EnqueueParameters,
  enqueueParametersCodec,
  enqueueReturnCodec,
  forgetParametersCodec,
  type SettleParameters,
  settleParametersCodec,
  type TakenMessage,
  takenMessageCodec,
  type WhenParameters,
  whenParametersCodec,
} from './message-queue/parameters.ts'
export {
  type Continuation,
  type Delivery,
  type Future,
  type FutureResult,
  futureCodec,
  MESSAGE_QUEUE_ACTOR_ID,
  type MessageQueueState,
  messageQueueStateCodec,
  type QueuedMessage,
  queuedMessageCodec,
  storeEmptyQueue,
} from './message-queue/state.ts'
export {
  MultisigMethod,
  multisigActor,
} from './multisig/actor.ts'
export {
  type AddSignerParameters,
  type ApproveReturn,
  addSignerParametersCodec,
  approveReturnCodec,
  type ChangeNumApprovalsThresholdParameters,
  changeNumApprovalsThresholdParametersCodec,
  type LockBalanceParameters,
  lockBalanceParametersCodec,
  type MultisigConstructorParameters,
  multisigConstructorParametersCodec,
  type ProposeParameters,
  type ProposeReturn,
  proposeParametersCodec,
  proposeReturnCodec,
  type RemoveSignerParameters,
  removeSignerParametersCodec,
  type SwapSignerParameters,
  swapSignerParametersCodec,
  type TransactionIdParameters,
  transactionIdParametersCodec,
} from './multisig/parameters.ts'
export {
  amountLocked,
  MAX_SIGNERS,
  type MultisigState,
  multisigStateCodec,
  type PendingTransaction,
  pendingTransactionCodec,
  proposalHashInput,
} from './multisig/state.ts'
export {
  PaymentChannelMethod,
  paymentChannelActor,
} from './payment-channel/actor.ts'
export {
  type LaneMerge,
  type PaymentChannelConstructorParameters,
  paymentChannelConstructorParametersCodec,
  type SignedVoucher,
  signedVoucherCodec,
  type UpdateChannelStateParameters,
  updateChannelStateParametersCodec,
  type VoucherCondition,
  voucherSigningBytes,
} from './payment-channel/parameters.ts'
export {
  CHANNEL_SETTLED,
  MAX_SECRET_LENGTH,
  SETTLE_DELAY,
} from './payment-channel/payment-channel.ts'
export {
  type LaneState,
  laneStateCodec,
  MAX_LANE,
  type PaymentChannelState,
  paymentChannelStateCodec,
} from './payment-channel/state.ts'
export { type FilterEstimate, filterEstimateCodec, nextEstimate } from './reward/filter.ts'
export {
  BASELINE_TOTAL,
  computeReward,
  computeTheta,
  nextBaselinePower,
  SIMPLE_TOTAL,
} from './reward/minting.ts'
export {
  advanceReward,
  type EpochListener,
  initialRewardState,
  type RewardState,
  rewardStateCodec,
} from './reward/reward-state.ts'
