export {
  EVENT_ENTRY,
  FIELD_SIZE,
  I32,
  INVOCATION_CONTEXT,
  IPLD_OPEN,
  IPLD_STAT,
  MESSAGE_CONTEXT,
  NETWORK_CONTEXT,
  SEND,
  TOKEN_AMOUNT,
  U32,
  U64,
  VERIFY_CONSENSUS_FAULT,
} from './abi/structs.ts'
export { INSTALL_ACTOR, SYSCALLS_2, SYSCALLS_3, SYSCALLS_4, UPGRADE_ACTOR } from './abi/table.ts'
export type { FieldType, ParameterKind, ResultKind, StructLayout, Syscall } from './abi/types.ts'
export {
  type ActorState,
  type ActorStateArity,
  actorStateCodec,
  decodeActorState,
  encodeActorState,
} from './actor/actor-state.ts'
export { ErrorNumber, errorNumberName } from './actor/error-number.ts'
export {
  ExitCode,
  exitCodeName,
  FIRST_ACTOR_EXIT_CODE,
  FIRST_USER_EXIT_CODE,
  isSystemExitCode,
} from './actor/exit-code.ts'
export {
  decodeMessage,
  encodeMessage,
  MESSAGE_VERSION,
  type Message,
  messageCid,
  messageCodec,
  readMessage,
  writeMessage,
} from './actor/message.ts'
export {
  FIRST_EXPORTED_METHOD_NUMBER,
  METHOD_CONSTRUCTOR,
  METHOD_SEND,
  type MethodNumber,
  methodNumber,
} from './actor/method-number.ts'
export {
  type AggregateSealVerifyInfo,
  type AggregateSealVerifyProofAndInfos,
  decodeAggregateSealVerifyProofAndInfos,
  decodePieceInfos,
  decodeReplicaUpdateInfo,
  decodeSealVerifyInfo,
  decodeSealVerifyInfos,
  decodeWindowPostVerifyInfo,
  type PieceInfo,
  type PostProof,
  type ReplicaUpdateInfo,
  type SealVerifyInfo,
  type SectorInfo,
  type WindowPostVerifyInfo,
} from './actor/proof-inputs.ts'
export {
  decodeReceipt,
  encodeReceipt,
  type Receipt,
  type ReceiptArity,
  receiptCodec,
} from './actor/receipt.ts'
export {
  AGGREGATE_PROOF_NAMES,
  findProof,
  POST_PROOFS,
  type ProofGeneration,
  type RegisteredProof,
  SEAL_PROOFS,
  sealProofSectorSize,
  UPDATE_PROOFS,
} from './actor/registered-proofs.ts'
export { dataCommitmentCid, dataCommitmentOf } from './actor/sector-commitment.ts'
export {
  BLS_SIGNATURE_LENGTH,
  isSignatureType,
  readSignature,
  SECP256K1_SIGNATURE_LENGTH,
  type Signature,
  SignatureType,
  signatureCodec,
  verifySignature,
  writeSignature,
} from './actor/signature.ts'
export {
  chainLength,
  decodeSignedMessage,
  encodeSignedMessage,
  type SignedMessage,
  signedMessageCid,
  signedMessageCodec,
  verifyMessageSignature,
} from './actor/signed-message.ts'
export {
  ATTO_PER_FIL,
  FIL_DECIMALS,
  formatFil,
  MAX_FIL_TEXT_LENGTH,
  parseFil,
  type TokenAmount,
  tokenAmountCodec,
} from './actor/token-amount.ts'
export {
  type ActorId,
  Address,
  type AddressOptions,
  AddressProtocol,
  actorAddress,
  addressCodec,
  addressEquals,
  BLS_PUBLIC_KEY_LENGTH,
  blsAddress,
  decodeAddress,
  delegatedAddress,
  HASH_PAYLOAD_LENGTH,
  idAddress,
  isBlsZeroAddress,
  MAX_ADDRESS_LENGTH,
  MAX_SUBADDRESS_LENGTH,
  readAddress,
  SECP256K1_PUBLIC_KEY_LENGTH,
  secp256k1Address,
  writeAddress,
} from './address/address.ts'
export {
  ETHEREUM_ADDRESS_LENGTH,
  ethereumAddress,
  ethereumAddressBytes,
  parseEthereumHex,
  toEthereumAddress,
} from './address/ethereum.ts'
export {
  BURNT_FUNDS_ACTOR_ID,
  CRON_ACTOR_ID,
  DATACAP_ACTOR_ID,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  FIRST_NON_SINGLETON_ACTOR_ID,
  INIT_ACTOR_ID,
  REWARD_ACTOR_ID,
  STORAGE_MARKET_ACTOR_ID,
  STORAGE_POWER_ACTOR_ID,
  SYSTEM_ACTOR_ID,
  TEST_CREATOR_ACTOR_ID,
  VERIFIED_REGISTRY_ACTOR_ID,
} from './address/singletons.ts'
export {
  type AddressNetwork,
  formatAddress,
  MAX_ADDRESS_TEXT_LENGTH,
  MIN_ADDRESS_TEXT_LENGTH,
  parseAddress,
} from './address/text.ts'
export {
  Backtrace,
  type BacktraceCause,
  type BacktraceFrame,
  formatBacktrace,
} from './call-manager/backtrace.ts'
export { type Call, CallManager, type CallResult, type MessageOrigin } from './call-manager/call-manager.ts'
export {
  decodeEventEntries,
  type EventEntry,
  EventLog,
  type StampedEvent,
  stampedEventCodec,
} from './call-manager/events.ts'
export type { Journal } from './call-manager/journals.ts'
export { HypervisorError, type HypervisorErrorCode, type HypervisorErrorDetails } from './errors.ts'
export {
  type ConsensusFault,
  type ConsensusFaultType,
  ExternRefusal,
  type Externs,
} from './externs/externs.ts'
export { LocalExterns } from './externs/local-externs.ts'
export { AbsentProofs, ProofRefusal, type ProofVerifier } from './externs/proofs.ts'
export { computeFeeOutputs, type FeeInputs, type FeeOutputs } from './gas/fee-outputs.ts'
export { ChargeName } from './gas/prices/charge-names.ts'
export { HYGGE } from './gas/prices/hygge.ts'
export { OH_SNAP } from './gas/prices/oh-snap.ts'
export {
  MILLIGAS_PER_GAS,
  type PriceList,
  type SupportedHash,
  type VerifiableSignatureType,
} from './gas/prices/price-list.ts'
export { SKYR } from './gas/prices/skyr.ts'
export { TEEP } from './gas/prices/teep.ts'
export { type WasmLinearPrices, type WasmPrices, ZERO_COST_OPS } from './gas/prices/wasm-prices.ts'
export { WATERMELON } from './gas/prices/watermelon.ts'
export { type ChargeListener, GasTracker } from './gas/tracker.ts'
export { type Block, BlockRegistry, NO_BLOCK } from './kernel/block-registry.ts'
export { log as debugLog } from './kernel/debug.ts'
export { Abort, OutOfGas, ProtocolFatal, SyscallError } from './kernel/errors.ts'
export { type InvocationContext, Kernel } from './kernel/kernel.ts'
export { OPERATIONS } from './kernel/operations.ts'
export { type ExecuteOptions, Executor, type MessageResult } from './machine/executor.ts'
export { type Inclusion, inclusionOf } from './machine/inclusion.ts'
export { type DebugOutput, Machine, type MachineContext, type MachineOptions } from './machine/machine.ts'
export { MemoryBudget } from './machine/memory-budget.ts'
export { type Admission, type MessageKind, preflight, type Refusal } from './machine/preflight.ts'
export { checkFidelity, type FidelityParts } from './machine/required-fidelity.ts'
export { type Sender, senderOf } from './machine/sender.ts'
export {
  ABSTRACT_ACCOUNT_RULES,
  type AbstractAccountRules,
  type AddressNamespace,
  AUTHENTICATE_MESSAGE,
  withAbstractAccounts,
} from './network/abstract-accounts.ts'
export {
  CREATE_EXTERNAL,
  type EthereumGasRules,
  INVOKE_CONTRACT,
  withEthereumGas,
} from './network/ethereum-gas.ts'
export { NV15, NV16, NV17 } from './network/generation-2.ts'
export { NV18, NV19, NV20 } from './network/generation-3.ts'
export { NV21, NV22, NV23, NV24, NV25, NV26, NV27, NV28, withActorUpgrades } from './network/generation-4.ts'
export { Manifest } from './network/manifest.ts'
export {
  MESSAGE_QUEUE_ACTOR,
  MESSAGE_QUEUE_RULES,
  type MessageQueueRules,
  withMessageQueue,
} from './network/message-queue.ts'
export { rulesOf, SUPPORTED_NETWORK_VERSIONS } from './network/networks.ts'
export { withReentrancyLocks } from './network/reentrancy-locks.ts'
export {
  describeRules,
  isDescribed,
  type RuleDescription,
  rulesOfDescription,
} from './network/rule-description.ts'
export type { MisjudgedPost, RuleSet } from './network/rule-set.ts'
export {
  type LibraryRules,
  USER_ACTOR_RULES,
  type UserActorRules,
  withUserActors,
} from './network/user-actors.ts'
export type { WasmRules } from './network/wasm-rules.ts'
export type { CodeRefusal, Program, Runtime } from './runtime/runtime.ts'
export { HistoryMap } from './state/history-map.ts'
export {
  assignId,
  type InitState,
  loadInitState,
  loadInstalledActors,
  storeInitState,
  storeInstalledActors,
} from './state/init-actor.ts'
export { loadStateRoot, type StateRoot, storeEmptyTuple, storeStateRoot } from './state/state-root.ts'
export { StateTree } from './state/state-tree.ts'
export { type CacheUse, cacheUseBetween } from './trace/cache-use.ts'
export { type CallFrame, CallTree, ownGas, totalGas } from './trace/call-tree.ts'
export {
  type CodeFrame,
  type CodePosition,
  type CodeStack,
  formatCodeStack,
  type SourceLookup,
  type SourcePosition,
} from './trace/code-stack.ts'
export type { TraceEvent, TraceListener } from './trace/events.ts'
export {
  type Fidelity,
  type FidelityLevel,
  FidelityTally,
  isBelow,
  type MessageFidelity,
  type RequiredFidelity,
} from './trace/fidelity.ts'
export type { ExecutionStep, StepListener } from './trace/steps.ts'
