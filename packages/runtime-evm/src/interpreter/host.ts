/** @module What a frame asks of the world around it. Ethereum's rules and Filecoin's actor each answer in their own way. */

/** Which instruction calls. */
export type CallKind = 'call' | 'callcode' | 'delegatecall' | 'staticcall'

/** A call that a frame makes. */
export interface CallRequest {
  readonly kind: CallKind
  /**
   * Gas for the callee. Where the schedule has {@link GasSchedule.callGas} that is what it gave, stipend included, and the caller's counter has
   * lost what is not stipend already; otherwise it is what the code asked for, or 2^53-1 where that is more, and nothing is taken.
   */
  readonly gas: number
  /** Whose code runs. */
  readonly address: bigint
  /** Attached value; 0 for `staticcall`; for `delegatecall` too, which shows the callee the caller's own value. */
  readonly value: bigint
  /** The callee's input. Fresh: the host may keep it. */
  readonly input: Uint8Array
}

/** What came of a call. */
export interface CallOutcome {
  readonly isSuccess: boolean
  /** What the callee returned, or reverted with; becomes the return data of the frame. Nothing may change it later. */
  readonly output: Uint8Array
}

/** A contract that a frame creates. */
export interface CreateRequest {
  /** The salt of CREATE2; `undefined` for CREATE. */
  readonly salt: bigint | undefined
  /** As in {@link CallRequest.gas}; all gas there is, where the schedule has no {@link GasSchedule.createGas}. */
  readonly gas: number
  readonly value: bigint
  /** Code of the constructor. Fresh: the host may keep it. */
  readonly code: Uint8Array
}

/** What came of a creation. */
export interface CreateOutcome {
  /** The address of the new contract, 160 bits, or 0 where there is none. */
  readonly address: bigint
  /** What the constructor reverted with; empty otherwise. Becomes the return data of the frame. */
  readonly output: Uint8Array
}

/**
 * The world as one frame sees it: the storage of the contract that executes, other accounts, the block, and calls.
 *
 * Words are unsigned bigints below 2^256, addresses unsigned bigints below 2^160: of a word on the stack the lowest 160 bits. While a method runs, the frame's {@link GasCounter} holds the exact
 * gas of the frame, and the interpreter goes on with what the method leaves there: a host may take gas, give some back, or
 * set it to what another meter says. A count below zero halts the frame as out of gas.
 *
 * A frame is never asked twice for the right to change something: the interpreter itself refuses changes in static frames. What a method throws
 * passes through the interpreter unchanged, and ends all frames.
 */
export interface Host {
  /** Balance of an account; 0 where there is none. */
  balance(address: bigint): bigint
  /** Balance of the contract that executes. */
  selfBalance(): bigint
  /** Length of an account's code in bytes. */
  codeSize(address: bigint): number
  /** Code of an account. Nothing may change it later. */
  code(address: bigint): Uint8Array
  /** Hash of an account's code as EXTCODEHASH tells it: 0 where there is no account. */
  codeHash(address: bigint): bigint

  /** Keccak-256, where that is the host's to charge for; otherwise it is the interpreter's. The host may not keep `data`. */
  keccak256?(data: Uint8Array): Uint8Array

  /** Reads a slot of the contract that executes. */
  load(key: bigint): bigint
  /** Writes a slot of the contract that executes. */
  store(key: bigint, value: bigint): void
  loadTransient(key: bigint): bigint
  storeTransient(key: bigint, value: bigint): void

  /** Emits an event with up to four topics. `data` is fresh. */
  log(topics: readonly bigint[], data: Uint8Array): void
  call(request: CallRequest): CallOutcome
  create(request: CreateRequest): CreateOutcome
  /** Gives everything to the beneficiary and marks the contract. The frame halts with `self-destruct` right after. */
  selfDestruct(beneficiary: bigint): void

  /** What GAS pushes. The counter is the frame's; Filecoin answers from the tracker of the message. */
  gasLeft(): bigint
  origin(): bigint
  gasPrice(): bigint
  /** Hash of a recent block, or 0. Any word may be asked for. */
  blockHash(number: bigint): bigint
  coinbase(): bigint
  timestamp(): bigint
  blockNumber(): bigint
  prevRandao(): bigint
  blockGasLimit(): bigint
  chainId(): bigint
  baseFee(): bigint
  blobBaseFee(): bigint
  /** Versioned hash of a blob of the transaction, or 0. Any word may be asked for. */
  blobHash(index: bigint): bigint
}
