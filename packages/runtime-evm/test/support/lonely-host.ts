import type { CallOutcome, CallRequest, CreateOutcome, CreateRequest, Host } from '@troupe/runtime-evm'

/** A world of one contract: storage is there, nobody else is. What a test needs besides it overrides. */
export class LonelyHost implements Host {
  readonly storage = new Map<bigint, bigint>()
  readonly transient = new Map<bigint, bigint>()
  readonly logs: { topics: readonly bigint[]; data: Uint8Array }[] = []
  readonly calls: CallRequest[] = []
  readonly creations: CreateRequest[] = []
  readonly beneficiaries: bigint[] = []

  balance(address: bigint): bigint {
    return address + 1n
  }
  selfBalance(): bigint {
    return 77n
  }
  codeSize(): number {
    return 3
  }
  code(): Uint8Array {
    return Uint8Array.of(1, 2, 3)
  }
  codeHash(address: bigint): bigint {
    return address << 96n
  }
  load(key: bigint): bigint {
    return this.storage.get(key) ?? 0n
  }
  store(key: bigint, value: bigint): void {
    this.storage.set(key, value)
  }
  loadTransient(key: bigint): bigint {
    return this.transient.get(key) ?? 0n
  }
  storeTransient(key: bigint, value: bigint): void {
    this.transient.set(key, value)
  }
  log(topics: readonly bigint[], data: Uint8Array): void {
    this.logs.push({ topics, data })
  }
  call(request: CallRequest): CallOutcome {
    this.calls.push(request)
    return { isSuccess: true, output: Uint8Array.of(0xaa, 0xbb) }
  }
  create(request: CreateRequest): CreateOutcome {
    this.creations.push(request)
    return { address: 0xc0ffeen, output: new Uint8Array(0) }
  }
  selfDestruct(beneficiary: bigint): void {
    this.beneficiaries.push(beneficiary)
  }
  gasLeft(): bigint {
    return 1234n
  }
  origin(): bigint {
    return 1n
  }
  gasPrice(): bigint {
    return 2n
  }
  blockHash(number: bigint): bigint {
    return number + 1n
  }
  coinbase(): bigint {
    return 3n
  }
  timestamp(): bigint {
    return 4n
  }
  blockNumber(): bigint {
    return 5n
  }
  prevRandao(): bigint {
    return 6n
  }
  blockGasLimit(): bigint {
    return 7n
  }
  chainId(): bigint {
    return 8n
  }
  baseFee(): bigint {
    return 9n
  }
  blobBaseFee(): bigint {
    return 10n
  }
  blobHash(index: bigint): bigint {
    return index + 11n
  }
}
