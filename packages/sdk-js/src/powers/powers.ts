/** @module What an actor may ask for besides its state. A definition lists the powers, so that everyone can see them; a method hands on what it likes. */
import type { LogLevel } from '../host/host-kernel.ts'
import type { Ref } from '../refs/ref.ts'
import type { Passable } from '../values/passable.ts'

/** Writes to the log of a chain on which actors are being debugged; it is nowhere else, and changes nothing. */
export type Log = Readonly<Record<LogLevel, (text: string) => void>>

/** Emits events, which receipts have. */
export interface Events {
  /**
   * @param type what happened: the entry `$type`
   * @param fields the other entries, as CBOR; references cannot be among them
   * @throws {SdkError} value/..., host/refused
   */
  emit(type: string, fields?: Readonly<Record<string, Passable>>): void
}

declare const PAYMENT: unique symbol

/** An amount on its way to another actor. It can be used once. */
export interface Payment {
  readonly [PAYMENT]?: true
}

/** The actor's money. */
export interface Funds {
  /** attoFIL of the actor. */
  balance(): bigint
  /** An amount to go with one call. Nothing moves before that. @throws {SdkError} payment/refused for less than nothing */
  pay(value: bigint): Payment
}

/** Where in time the call takes place. */
export interface Clock {
  epoch(): bigint
  /** Seconds since 1970. */
  timestamp(): bigint
}

/** What the network says of itself. */
export interface Network {
  chainId(): bigint
  version(): number
  /** attoFIL for one gas. */
  baseFee(): bigint
  /** attoFIL. */
  circulatingSupply(): bigint
  /** A link to a past tipset. @throws {SdkError} host/refused */
  tipset(epoch: bigint): Passable
}

/** Randomness that everybody can check. 32 bytes, the same for everyone who asks. */
export interface Randomness {
  /** From the beacon. @throws {SdkError} host/refused for an epoch that has none */
  beacon(epoch: bigint): ArrayBuffer
  /** From the chain's tickets. @throws {SdkError} host/refused for an epoch that has none */
  tickets(epoch: bigint): ArrayBuffer
}

/** Hashes and signatures. */
export interface Crypto {
  hash(name: HashName, data: ArrayBuffer): ArrayBuffer
  /** Whether an address has signed. @param signer bytes of an f1 or f3 address */
  verify(
    type: 'secp256k1' | 'bls',
    signature: ArrayBuffer,
    signer: ArrayBuffer,
    plaintext: ArrayBuffer,
  ): boolean
  /** Whether an aggregate of BLS signatures is one of these texts by these keys, in order. */
  verifyAggregate(
    signature: ArrayBuffer,
    publicKeys: readonly ArrayBuffer[],
    plaintexts: readonly ArrayBuffer[],
  ): boolean
  /** The public key (65 bytes) behind a signature (65 bytes) of a digest (32 bytes). @throws {SdkError} host/refused */
  recover(digest: ArrayBuffer, signature: ArrayBuffer): ArrayBuffer
}

/** The hash functions of the FVM. */
export type HashName = 'sha2-256' | 'blake2b-256' | 'blake2b-512' | 'keccak-256' | 'ripemd-160'

/** Makes references of addresses: whoever has it can call anyone. */
export interface Directory {
  /** The public facet of the actor with an address. @param address its bytes @throws {SdkError} host/refused where there is none */
  resolve(address: ArrayBuffer): Ref
  /** The public facet of the actor with an id. */
  actor(id: bigint): Ref
  /** The id of the actor that a reference is to. */
  id(ref: Ref): bigint
  /** The bytes of the actor's f4 address, or `undefined`. @throws {SdkError} host/refused */
  delegatedAddress(ref: Ref): ArrayBuffer | undefined
  /** A link to the actor's code. @throws {SdkError} host/refused */
  code(ref: Ref): Passable
  /** attoFIL of the actor. @throws {SdkError} host/refused */
  balance(ref: Ref): bigint
}

/** The message that everything is a part of. */
export interface MessageInfo {
  /** Whoever signed it, by the facet that everyone may call. */
  origin(): Ref
  /** Its sequence number. */
  nonce(): bigint
  /** attoFIL for one gas. */
  gasPremium(): bigint
  /** Whether the call may change nothing. */
  isReadOnly(): boolean
  gasAvailable(): bigint
}

/** The actor's life. */
export interface Lifecycle {
  /** Deletes the actor; the state that has not been written is lost. @param burn whether what it has is burnt; otherwise it must have nothing @throws {SdkError} host/refused */
  destroy(burn: boolean): void
}

/** All powers by name. */
export interface Powers {
  readonly clock: Clock
  readonly crypto: Crypto
  readonly directory: Directory
  readonly events: Events
  readonly funds: Funds
  readonly lifecycle: Lifecycle
  readonly log: Log
  readonly message: MessageInfo
  readonly network: Network
  readonly randomness: Randomness
}

/** The name of a power. */
export type PowerName = keyof Powers

/** All of them. */
export const POWER_NAMES: readonly PowerName[] = [
  'clock',
  'crypto',
  'directory',
  'events',
  'funds',
  'lifecycle',
  'log',
  'message',
  'network',
  'randomness',
]
