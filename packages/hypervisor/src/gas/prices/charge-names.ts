/**
 * Names of charges in traces: those of the reference, so that traces can be compared. Some name charges that are zero in every price list.
 *
 * Source: ref-fvm release/v2 and release/v3 fvm/src/gas/price_list.rs, fvm/src/call_manager/default.rs, fvm/src/syscalls/mod.rs.
 */
export const ChargeName = {
  ON_CHAIN_MESSAGE: 'OnChainMessage',
  ON_CHAIN_RETURN_VALUE: 'OnChainReturnValue',
  ON_VALUE_TRANSFER: 'OnValueTransfer',
  ON_METHOD_INVOCATION: 'OnMethodInvocation',
  ON_ACTOR_LOOKUP: 'OnActorLookup',
  ON_ACTOR_UPDATE: 'OnActorUpdate',
  ON_CREATE_ACTOR: 'OnCreateActor',
  ON_DELETE_ACTOR: 'OnDeleteActor',
  ON_SYSCALL: 'OnSyscall',
  ON_BLOCK_OPEN_BASE: 'OnBlockOpenBase',
  ON_BLOCK_OPEN_PER_BYTE: 'OnBlockOpenPerByte',
  ON_BLOCK_CREATE: 'OnBlockCreate',
  ON_BLOCK_READ: 'OnBlockRead',
  ON_BLOCK_LINK: 'OnBlockLink',
  ON_BLOCK_STAT: 'OnBlockStat',
  ON_HASHING: 'OnHashing',
  ON_VERIFY_SIGNATURE: 'OnVerifySignature',
  ON_RECOVER_SECP_PUBLIC_KEY: 'OnRecoverSecpPublicKey',
  ON_COMPUTE_UNSEALED_SECTOR_CID: 'OnComputeUnsealedSectorCid',
  ON_VERIFY_SEAL: 'OnVerifySeal',
  ON_VERIFY_AGGREGATE_SEALS: 'OnVerifyAggregateSeals',
  ON_VERIFY_REPLICA_UPDATE: 'OnVerifyReplicaUpdate',
  ON_VERIFY_POST: 'OnVerifyPost',
  ON_VERIFY_CONSENSUS_FAULT: 'OnVerifyConsensusFault',
  ON_GET_RANDOMNESS: 'OnGetRandomness',
  ON_TIPSET_CID: 'OnTipsetCid',
  ON_SELF_BALANCE: 'OnSelfBalance',
  ON_BALANCE_OF: 'OnBalanceOf',
  ON_RESOLVE_ADDRESS: 'OnResolveAddress',
  ON_LOOKUP_ADDRESS: 'OnLookupAddress',
  ON_GET_ACTOR_CODE_CID: 'OnGetActorCodeCid',
  ON_GET_BUILTIN_ACTOR_TYPE: 'OnGetBuiltinActorType',
  ON_GET_CODE_CID_FOR_TYPE: 'OnGetCodeCidForType',
  ON_NETWORK_CONTEXT: 'OnNetworkContext',
  ON_MESSAGE_CONTEXT: 'OnMessageContext',
  ON_ACTOR_EVENT_VALIDATE: 'OnActorEventValidate',
  ON_ACTOR_EVENT_ACCEPT: 'OnActorEventAccept',
  WASM_EXEC: 'wasm_exec',
  WASM_MEMORY_INIT: 'wasm_memory_init',
  WASM_MEMORY_GROW: 'wasm_memory_grow',
  WASM_TABLE_INIT: 'wasm_table_init',
  /** What the node reports for a consensus fault; network version 15 only. */
  VERIFY_CONSENSUS_FAULT_ACCESSES: 'verify_consensus_fault_accesses',
} as const

/** One of the {@link ChargeName}s. */
export type ChargeName = (typeof ChargeName)[keyof typeof ChargeName]
