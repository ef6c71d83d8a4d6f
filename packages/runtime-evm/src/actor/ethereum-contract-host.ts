import { ChargeName, MILLIGAS_PER_GAS } from '@troupe/hypervisor'
import { type Cid, cidEquals, decodeValue } from '@troupe/ipld'
import { isDataError } from '@troupe/runtime-native'
import { nameOf } from '../ethereum/account.ts'
import { createdAddress, saltedAddress } from '../ethereum/created-address.ts'
import { mostGranted, type PricedHost } from '../ethereum/schedule.ts'
import type { CallOutcome, CallRequest, CreateOutcome, CreateRequest } from '../interpreter/host.ts'
import type { Word } from '../interpreter/word.ts'
import { type Contract, isDead } from './contract.ts'
import { addressOfContract } from './contract-address.ts'
import { type CodeCaller, createContract } from './contract-calls.ts'
import { ContractHost } from './contract-host.ts'
import type { EthereumContractGas } from './ethereum-contract-gas.ts'
import type { EthereumPrecompiles } from './ethereum-precompiles.ts'
import { evmStateCodec } from './evm-state.ts'
import { EvmExitCode } from './exit-codes.ts'
import { MessageAccess, slotName } from './message-access.ts'
import type { CodeCall } from './run-code.ts'

/** What a blob of which there are none costs: the least price (EIP-4844). */
const LEAST_BLOB_BASE_FEE = 1n
/** Who has no code. */
const ACCOUNTS = ['account', 'ethaccount', 'placeholder']
const REFUSED: CallOutcome = { isSuccess: false, output: new Uint8Array() }

/** The world as a contract's code sees it that runs by Ethereum's prices. Syscalls cost nothing meanwhile. */
export class EthereumContractHost extends ContractHost implements PricedHost {
  readonly #address: bigint
  readonly #name: string
  readonly #access: MessageAccess
  readonly #alwaysWarm: ReadonlySet<string>

  /** @param alwaysWarm names of the accounts that are warm when a message begins, besides its sender */
  constructor(
    contract: Contract,
    gas: EthereumContractGas,
    call: CodeCall,
    precompiles: EthereumPrecompiles,
    alwaysWarm: ReadonlySet<string>,
  ) {
    super(contract, gas, call, precompiles)
    this.#address = call.address
    this.#name = nameOf(call.address)
    this.#access = MessageAccess.of(contract)
    this.#alwaysWarm = alwaysWarm
    // Whoever is called by a contract is warm already; the receiver of a message, or of another actor's call, is so from here on.
    this.#access.warm(this.#name)
  }

  warmAddress(address: bigint): boolean {
    const name = nameOf(address)
    return this.#alwaysWarm.has(name) || this.#access.warm(name)
  }

  warmSlot(key: bigint): boolean {
    return this.#access.warm(slotName(this.#name, key))
  }

  slot(key: bigint): { readonly value: bigint; readonly original: bigint } {
    const value = this.contract.slots.get(key)
    return { value, original: this.#access.originalOf(slotName(this.#name, key), value) }
  }

  addRefund(amount: number): void {
    this.contract.context.syscalls.kernel.calls.refund += amount
  }

  /** Of what is no contract and no account, some code is there. */
  isEmpty(address: bigint): boolean {
    const { context } = this.contract
    const { manifest, state } = context.syscalls.kernel.calls.machine
    const id = context.actors.resolve(addressOfContract(address))
    const balance = id === undefined ? undefined : context.actors.balance(id)
    if (id === undefined || balance === undefined) return true
    // No syscall tells sequence numbers.
    const actor = state.getActor(id)
    if (balance !== 0n || actor === undefined) return false
    const name = manifest.nameOf(actor.code) ?? ''
    return name === 'evm' ? this.#isDead(actor.head) : ACCOUNTS.includes(name) && actor.sequence === 0n
  }

  grant(requested: Word): number {
    const most = mostGranted(this.gas.left)
    const isLess = typeof requested === 'number' && requested >= 0 && requested < most
    const granted = isLess ? requested : most
    this.gas.left -= granted
    return granted
  }

  override call(request: CallRequest): CallOutcome {
    this.#giveBack(request.gas)
    // Precompiles and code that runs in the contract's own name take no value, so that nobody else would look.
    if (request.value > 0n && request.value > this.selfBalance()) return REFUSED
    return super.call(request)
  }

  override create(request: CreateRequest): CreateOutcome {
    this.#giveBack(request.gas)
    return this.ask((contract) => {
      const { context } = contract
      if (request.value <= context.balance()) this.warmAddress(this.#createdAddress(request))
      const tracker = context.syscalls.kernel.gas
      const before = tracker.available
      const { address, exitCode, output } = createContract(contract, request, () => BigInt(request.gas))
      const isFailure = address === 0n && exitCode !== undefined && exitCode !== EvmExitCode.REVERTED
      const used = Number(before - tracker.available)
      if (isFailure) tracker.take(ChargeName.WASM_EXEC, request.gas * MILLIGAS_PER_GAS - used)
      return { address, output }
    })
  }

  /** There are no blobs. */
  override blobBaseFee(): bigint {
    return LEAST_BLOB_BASE_FEE
  }

  protected override gasOfCall(request: CallRequest): bigint {
    return BigInt(request.gas)
  }

  protected override callerOf(request: CallRequest): CodeCaller {
    return request.kind === 'callcode'
      ? { caller: this.#address, value: request.value }
      : super.callerOf(request)
  }

  /** What was granted to a callee, with its stipend, is the limit of its call: of that, what it uses is taken, and no more. */
  #giveBack(granted: number): void {
    this.gas.left += granted
  }

  #createdAddress({ code, salt }: CreateRequest): bigint {
    const { crypto } = this.contract.context.syscalls.kernel.calls.machine
    const keccak256 = (data: Uint8Array): Uint8Array => crypto.keccak256(data)
    return salt === undefined
      ? createdAddress(keccak256, this.#address, this.contract.nonce)
      : saltedAddress(keccak256, this.#address, salt, code)
  }

  /** Whether a contract has ended in a message before; one that is being made has no state yet. */
  #isDead(head: Cid): boolean {
    const { context } = this.contract
    const { emptyTuple, state } = context.syscalls.kernel.calls.machine
    if (cidEquals(head, emptyTuple)) return false
    try {
      return isDead(context, decodeValue(evmStateCodec, state.store.getBlock(head)))
    } catch (error) {
      // What is no state of a contract is something.
      if (isDataError(error)) return false
      throw error
    }
  }
}
