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
export { NATIVE_ACTORS } from './builtin/native-actors.ts'
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
export { ActorContext } from './native/actor-context.ts'
export { ActorCrypto, type VerifiedFault } from './native/actor-crypto.ts'
export {
  ActorError,
  fail,
  failureOfSend,
  isDataError,
  withDefaultExitCode,
  withExitCode,
} from './native/actor-error.ts'
export { ActorMap, type ActorMapOptions, MAP_BIT_WIDTH } from './native/actor-map.ts'
export { ActorQueries } from './native/actor-queries.ts'
export {
  BUILTIN_ACTORS,
  type BuiltinActor,
  builtinActorOfType,
  typeOfBuiltinActor,
} from './native/builtin-actors.ts'
export {
  arrayCodec,
  bigIntCodec,
  boolCodec,
  bytesCodec,
  type CodecValue,
  cidCodec,
  fixedBytesCodec,
  i64Codec,
  optionalCodec,
  type TupleFields,
  textCodec,
  tupleCodec,
  u32Codec,
  u64Codec,
} from './native/codecs.ts'
export {
  type ActorEvent,
  type ActorEventEntry,
  type EncodedEvent,
  EventBuilder,
  encodeEvent,
} from './native/events.ts'
export { type ActorGas, ExecutionGas, type MethodGas } from './native/execution-gas.ts'
export { MessageInfo, NetworkInfo } from './native/message-info.ts'
export {
  decodeBlock,
  decodeReturn,
  encodeBlock,
  encodedBlock,
  type MethodOptions,
  method,
  type NativeMethod,
} from './native/method.ts'
export {
  acceptExportedMethods,
  DESCRIPTOR_TAG,
  defineActor,
  describeActor,
  type Fallback,
  type NativeActor,
  type NativeActorOptions,
  restrictInternalMethods,
} from './native/native-actor.ts'
export {
  ABSENT_VERSION,
  type StoredManifest,
  storeManifest,
  storeNativeManifest,
} from './native/native-manifest.ts'
export {
  NativeRuntime,
  type NativeRuntimeOptions,
  nativeCode,
  nativeRuntime,
} from './native/native-runtime.ts'
export { Panic } from './native/panic.ts'
export { DomainSeparationTag, Randomness } from './native/randomness.ts'
export { resolveToId } from './native/resolve-to-id.ts'
export {
  expectSuccess,
  failureOfError,
  type Send,
  type SendResult,
  Sends,
  type SentBlock,
} from './native/sends.ts'
export { StateAccess } from './native/state-access.ts'
export { type KeyHashing, SyscallBlockstore, stateStore } from './native/syscall-blockstore.ts'
export { type SyscallRows, Syscalls, syscallRows } from './native/syscalls.ts'
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
