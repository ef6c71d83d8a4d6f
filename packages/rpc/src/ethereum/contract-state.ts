import { CborReader, type CborStore, type Cid, type KamtOptions, u256Codec, u256Keys } from '@troupe/ipld'

/** Form of a contract's storage. Source: builtin-actors v18 actors/evm/src/interpreter/system.rs `KAMT_CONFIG`. */
export const STORAGE_FORM: KamtOptions<bigint, bigint> = {
  keys: u256Keys,
  value: u256Codec,
  bitWidth: 5,
  minDataDepth: 0,
  maxArrayWidth: 1,
}

/** Fields of a contract's state. */
export const CONTRACT_STATE_FIELDS = 6

/** What the state of a contract says; see `@troupe/runtime-evm`. */
export interface ContractState {
  readonly bytecode: Cid
  readonly bytecodeHash: Uint8Array
  readonly storage: Cid
  readonly nonce: bigint
  /** Whether it has destroyed itself, and is dead once the message is over. */
  readonly isDestroyed: boolean
}

/** Reads the state of a contract. What is transient in it is of messages that are over. */
export function readContractState(store: CborStore, head: Cid): ContractState {
  const reader = new CborReader(store.getBlock(head))
  reader.tuple(CONTRACT_STATE_FIELDS)
  const [bytecode, bytecodeHash, storage] = [reader.cid(), reader.bytes().slice(), reader.cid()]
  reader.skip()
  return { bytecode, bytecodeHash, storage, nonce: reader.uint64(), isDestroyed: !reader.tryNull() }
}
