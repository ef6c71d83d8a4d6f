/** Method numbers of contracts. What has another number, and one above 1023, is put to the contract's own code. */
export const EvmMethod = {
  CONSTRUCTOR: 1,
  /** For the Ethereum address manager: a contract is made where one has destroyed itself. */
  RESURRECT: 2,
  GET_BYTECODE: 3,
  GET_BYTECODE_HASH: 4,
  /** For queries from outside: only f00 may. */
  GET_STORAGE_AT: 5,
  /** For the contract itself, by DELEGATECALL. */
  INVOKE_CONTRACT_DELEGATE: 6,
  /** `InvokeEVM`. */
  INVOKE_CONTRACT: 3_844_450_837,
} as const

/** Up to here, numbers that no method has are never put to the contract's code, nor may it call them by a precompile. */
export const MAX_RESERVED_METHOD = 1023n
