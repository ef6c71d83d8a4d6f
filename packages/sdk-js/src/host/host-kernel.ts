/**
 * @module What the SDK has of the host: the syscalls of the FVM (generation 4) that an actor of a user can make, one function each, with the meaning that they have
 * there. The runtime implements it inside the image; actors never see it.
 *
 * Everything is synchronous. Addresses and CIDs are their bytes, whole numbers beyond 32 bits are `bigint`, text is a string. Arrays that go in are not kept, and those
 * that come out are the receiver's own.
 *
 * Every function but {@link HostKernel.abort} and {@link HostKernel.log} throws a {@link HostFailure} where the kernel answers with an
 * error number. Out of gas, and whatever else ends an invocation, is a trap: no code in the image sees it.
 *
 * Left out: what only the init actor may call (`actor.create_actor`, `actor.install_actor`), proofs of storage, consensus faults, `debug.store_artifact`, `gas.charge`.
 */

/** What the functions of a {@link HostKernel} throw where a syscall fails: any object with this property. */
export interface HostFailure {
  /** The error number of the FVM: 1 IllegalArgument, 2 IllegalOperation, 3 LimitExceeded, ... 13 ReadOnly. */
  readonly errorNumber: number
}

/** A block that comes from the kernel or goes to it. */
export interface HostBlock {
  /** Multicodec number: 0x55 raw, 0x51 CBOR, 0x71 DAG-CBOR. */
  readonly codec: number
  readonly data: Uint8Array
}

/** `vm.message_context`. */
export interface HostMessage {
  /** Actor ids. */
  readonly origin: bigint
  readonly caller: bigint
  readonly receiver: bigint
  /** Sequence number of the message. */
  readonly nonce: bigint
  readonly method: bigint
  /** attoFIL; part of the balance already. */
  readonly value: bigint
  /** attoFIL for one gas. */
  readonly gasPremium: bigint
  /** Bit 0: the call is read-only. */
  readonly flags: bigint
}

/** `network.context`. */
export interface HostNetwork {
  readonly epoch: bigint
  /** Seconds since 1970. */
  readonly timestamp: bigint
  /** attoFIL for one gas. */
  readonly baseFee: bigint
  /** EIP-155 chain id. */
  readonly chainId: bigint
  readonly networkVersion: number
}

/** What `send.send` takes. */
export interface HostSend {
  /** Address. */
  readonly to: Uint8Array
  readonly method: bigint
  readonly parameters: HostBlock | undefined
  /** attoFIL. */
  readonly value: bigint
  /** Gas; `undefined` for all that is left, as the kernel allows. */
  readonly gasLimit: bigint | undefined
  /** Whether neither the callee nor whom it calls may change anything. */
  readonly readOnly: boolean
  /** Whether the sender cannot be called until the call ends. On networks without locks the kernel refuses it with IllegalArgument. */
  readonly locksSender: boolean
}

/** What `send.send` gives for a call that took place. */
export interface HostSendResult {
  /** 0 for success. */
  readonly exitCode: number
  readonly block: HostBlock | undefined
}

/** One entry of an event. */
export interface EventEntry {
  /** Bit 0: the key is indexed; bit 1: the value is. */
  readonly flags: bigint
  readonly key: string
  /** Multicodec number of the value. */
  readonly codec: number
  readonly value: Uint8Array
}

/** How urgent a line of a log is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What the SDK has of the host during one invocation. */
export interface HostKernel {
  /** `vm.message_context`. */
  message(): HostMessage
  /** `network.context`. */
  network(): HostNetwork

  /** `ipld.block_open`, `ipld.block_read`: the block of a CID that the invocation can reach. */
  openBlock(cid: Uint8Array): HostBlock
  /** `ipld.block_create`, `ipld.block_link`: makes a block and gives its CID (version 1, blake2b-256). */
  putBlock(codec: number, data: Uint8Array): Uint8Array
  /** `self.root`: CID of the state. */
  root(): Uint8Array
  /** `self.set_root`. */
  setRoot(cid: Uint8Array): void

  /** `self.current_balance`: attoFIL. */
  balance(): bigint
  /** `self.self_destruct`. @param burnUnspent whether what the actor has is burnt; otherwise it must have nothing */
  selfDestruct(burnUnspent: boolean): void
  /** `actor.upgrade_actor`, where the network has it; it returns only where the upgrade failed. */
  upgrade(codeCid: Uint8Array, parameters: HostBlock | undefined): HostSendResult

  /** `send.send`. */
  send(send: HostSend): HostSendResult

  /** `actor.resolve_address`: the actor's id. */
  resolveAddress(address: Uint8Array): bigint
  /** `actor.lookup_delegated_address`: the f4 address, or `undefined` where the actor has none. */
  delegatedAddress(id: bigint): Uint8Array | undefined
  /** `actor.get_actor_code_cid`. */
  codeCid(id: bigint): Uint8Array
  /** `actor.get_builtin_actor_type`: 0 for code that is not built in. */
  builtinType(codeCid: Uint8Array): number
  /** `actor.get_code_cid_for_type`. */
  builtinCode(type: number): Uint8Array
  /** `actor.next_actor_address`: the f2 address of what would be created next. */
  nextActorAddress(): Uint8Array
  /** `actor.balance_of`: attoFIL. */
  balanceOf(id: bigint): bigint

  /** `event.emit_event`. */
  emitEvent(entries: readonly EventEntry[]): void

  /** `crypto.hash`. @param hashFunction multihash number */
  hash(hashFunction: number, data: Uint8Array): Uint8Array
  /** `crypto.verify_signature`. @param type 1 secp256k1, 2 BLS */
  verifySignature(type: number, signature: Uint8Array, signer: Uint8Array, plaintext: Uint8Array): boolean
  /** `crypto.verify_bls_aggregate`. @param signature 96 bytes @param publicKeys 48 bytes each, as many as plaintexts */
  verifyBlsAggregate(
    signature: Uint8Array,
    publicKeys: readonly Uint8Array[],
    plaintexts: readonly Uint8Array[],
  ): boolean
  /** `crypto.recover_secp_public_key`. @param digest 32 bytes @param signature 65 bytes @returns 65 bytes */
  recoverPublicKey(digest: Uint8Array, signature: Uint8Array): Uint8Array

  /** `rand.get_chain_randomness`: 32 bytes. */
  chainRandomness(epoch: bigint): Uint8Array
  /** `rand.get_beacon_randomness`: 32 bytes. */
  beaconRandomness(epoch: bigint): Uint8Array
  /** `network.tipset_cid`. */
  tipsetCid(epoch: bigint): Uint8Array
  /** `network.total_fil_circ_supply`: attoFIL. */
  circulatingSupply(): bigint

  /** `gas.available`. */
  gasAvailable(): bigint

  /** `debug.log`: goes nowhere where actors are not being debugged, and costs the same. No actor is told whether they are. */
  log(level: LogLevel, text: string): void

  /**
   * `vm.exit` with an exit code from 16 up. Ends the invocation as a trap does: no `catch`, no `finally` and no promise sees it.
   * @param error what was thrown, where something was: a host that traces the execution can tell where that came from
   */
  abort(exitCode: number, message: string, block: HostBlock | undefined, error?: unknown): never
}
