/** @module A chain whose contracts have Ethereum's gas, and Ethereum itself: the same accounts, the same transactions, and what comes of them. */
import type { CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  CREATE_EXTERNAL,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  INVOKE_CONTRACT,
  idAddress,
  MESSAGE_VERSION,
  type Message,
  parseEthereumHex,
} from '@troupe/hypervisor'
import { CborReader, CborWriter, type Cid } from '@troupe/ipld'
import { type ChainProvider, createProvider } from '@troupe/rpc'
import { type ContractFork, evmRuntime, type StepListener } from '@troupe/runtime-evm'
import {
  type EthereumBlock,
  type EthereumHost,
  EthereumMachine,
  EthereumState,
  executeTransaction,
  forkOf,
} from '@troupe/runtime-evm/ethereum'
import { BLOCK_GAS_LIMIT, createTroupe, type Troupe, TroupeError } from 'troupe'
import { Assembler, deployCode } from '../evm/assembler.ts'
import {
  addressToHex,
  bytesToHex,
  REFUSED,
  type Seen,
  seenOnChain,
  seenOnEthereum,
  wordToHex,
} from './seen.ts'

/** An account as both begin with it. */
export interface PairAccount {
  readonly address: bigint
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Uint8Array
  readonly storage: readonly (readonly [key: bigint, value: bigint])[]
}

/** A transaction of both. What it pays for gas is the base fee. */
export interface PairTransaction {
  readonly sender: bigint
  /** `undefined` for the creation of a contract. */
  readonly to: bigint | undefined
  readonly value: bigint
  readonly data: Uint8Array
  readonly gasLimit: bigint
}

/** What both gave. */
export interface PairResult {
  readonly chain: Seen
  readonly ethereum: Seen
  /** What differs, in words. */
  readonly differences: readonly string[]
}

const MANAGER = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
const EMPTY = new Uint8Array()

/** Both worlds. */
export class ChainPair {
  readonly vm: Troupe
  /** All accounts of Ethereum. */
  get state(): EthereumState {
    return this.#state
  }
  readonly #provider: ChainProvider
  readonly #probe: Address
  readonly #fork: ContractFork
  #state = new EthereumState()

  private constructor(vm: Troupe, probe: Address, fork: ContractFork) {
    this.vm = vm
    this.#fork = fork
    this.#provider = createProvider(vm)
    this.#probe = probe
  }

  /** Makes a chain with nothing on it but accounts and a contract that tells of its blocks. */
  static async create(crypto: CryptoProvider, fork: ContractFork = 'cancun'): Promise<ChainPair> {
    const vm = await createTroupe({ crypto, runtimes: [evmRuntime({ gas: 'ethereum', fork })] })
    const { address } = await vm.deployContract(deployCode(probeCode()))
    return new ChainPair(vm, address, fork)
  }

  /** Begins again: the chain at a position, and Ethereum with nothing. */
  async restart(position: Cid): Promise<void> {
    await this.vm.checkout(position)
    this.#state = new EthereumState()
  }

  /** Puts accounts into both. Contracts have been made, and so count from 1. */
  async put(accounts: readonly PairAccount[]): Promise<void> {
    for (const account of accounts) {
      const hex = addressToHex(account.address)
      const isContract = account.code.length > 0
      const nonce = isContract && account.nonce === 0n ? 1n : account.nonce
      this.state.put(account.address, { ...account, nonce })
      if (isContract) await this.#request('hardhat_setCode', hex, bytesToHex(account.code))
      const sequence = isContract || nonce === 0n ? {} : { sequence: nonce }
      await this.vm.edit([{ address: hex, balance: account.balance, ...sequence }])
      if (isContract && nonce !== 1n) await this.#request('hardhat_setNonce', hex, `0x${nonce.toString(16)}`)
      for (const [key, value] of account.storage)
        await this.#request('hardhat_setStorageAt', hex, `0x${key.toString(16)}`, wordToHex(value))
    }
  }

  /** Executes a transaction in both, on the chain in a block of its own. @param listener is told of the steps that Ethereum takes */
  async execute(transaction: PairTransaction, listener?: StepListener<EthereumHost>): Promise<PairResult> {
    const ethereum = this.#onEthereum(transaction, listener)
    const chain = await this.#onChain(transaction)
    // What too high a limit costs is burnt on Filecoin.
    const sender = this.state.account(transaction.sender)
    sender.balance = await this.vm.balanceOf(parseEthereumHex(addressToHex(transaction.sender)))
    const differences = (['isSuccess', 'gasUsed', 'output', 'logs'] as const).flatMap((what) => {
      const [ours, theirs] = [String(chain[what]), String(ethereum[what])]
      return ours === theirs ? [] : [`${what}: ${ours} on the chain, ${theirs} on Ethereum`]
    })
    return { chain, ethereum, differences }
  }

  /** In what the accounts of Ethereum are others on the chain: balances, nonces, code, and all slots that were ever looked at. */
  async stateDifferences(): Promise<string[]> {
    const differences: string[] = []
    for (const { address, balance, code, nonce, slots } of this.state.accounts()) {
      const hex = addressToHex(address)
      const compare = async (what: string, theirs: string, ...params: readonly string[]): Promise<void> => {
        const ours = await this.#request(what, hex, ...params, 'latest')
        if (ours !== theirs)
          differences.push(`${what} of ${hex} ${params.join()}: ${ours}, and ${theirs} on Ethereum`)
      }
      await compare('eth_getBalance', `0x${balance.toString(16)}`)
      await compare('eth_getTransactionCount', `0x${nonce.toString(16)}`)
      await compare('eth_getCode', bytesToHex(code.bytes))
      for (const { key, value } of slots.values())
        await compare('eth_getStorageAt', wordToHex(value), `0x${key.toString(16)}`)
    }
    return differences
  }

  #onEthereum(transaction: PairTransaction, listener: StepListener<EthereumHost> | undefined): Seen {
    const { crypto, head } = this.vm
    const options = {
      fork: forkOf(this.#fork),
      state: this.state,
      block: this.#nextBlock(),
      crypto,
      listener,
    }
    return seenOnEthereum(
      executeTransaction(new EthereumMachine(options), {
        ...transaction,
        type: 2,
        nonce: this.state.account(transaction.sender).nonce,
        maxFee: head.baseFee,
        maxPriorityFee: 0n,
        accessList: [],
        blobs: undefined,
      }),
    )
  }

  async #onChain({ data, gasLimit, sender, to, value }: PairTransaction): Promise<Seen> {
    const isCreation = to === undefined
    try {
      const outcome = await this.vm.trySend({
        from: parseEthereumHex(addressToHex(sender)),
        to: isCreation ? MANAGER : parseEthereumHex(addressToHex(to)),
        method: isCreation ? CREATE_EXTERNAL : INVOKE_CONTRACT,
        ...{ params: byteString(data), gasLimit, value },
        ...{ gasFeeCap: this.vm.head.baseFee, gasPremium: 0n },
      })
      return seenOnChain(outcome, isCreation, this.vm.chain.machineAfter().state)
    } catch (error) {
      if (error instanceof TroupeError && error.code.startsWith('message/')) return REFUSED
      throw error
    }
  }

  /** The block that the chain is going to make, as Ethereum has it. */
  #nextBlock(): EthereumBlock {
    const { head } = this.vm
    const { chainId, epochSeconds, genesisTimestamp } = this.vm.chain.rules
    const number = head.epoch + 1n
    return {
      ...{ number, chainId, baseFee: head.baseFee, timestamp: genesisTimestamp + epochSeconds * number },
      // Nobody's, as COINBASE has it.
      coinbase: 0n,
      gasLimit: BLOCK_GAS_LIMIT,
      prevRandao: this.#ask(EMPTY),
      excessBlobGas: 0n,
      blockHash: (asked) => this.#ask(Buffer.from(wordToHex(asked).slice(2), 'hex')),
    }
  }

  /** A word that the chain has for contracts in its next block. */
  #ask(input: Uint8Array): bigint {
    const message: Message = {
      ...{ version: MESSAGE_VERSION, from: idAddress(0n), to: this.#probe, sequence: 0n, value: 0n },
      ...{ method: INVOKE_CONTRACT, params: byteString(input), gasLimit: BLOCK_GAS_LIMIT },
      ...{ gasFeeCap: 0n, gasPremium: 0n },
    }
    const { receipt } = this.vm.chain.simulate(message)
    return BigInt(bytesToHex(new CborReader(receipt.returnData).bytes()))
  }

  #request(method: string, ...params: readonly string[]): Promise<unknown> {
    return this.#provider.request({ method, params })
  }
}

/** Tells the randomness of its block, or the hash of the block whose number it is called with. */
function probeCode(): Uint8Array {
  const code = new Assembler().op('CALLDATASIZE').pushLabel('hash').op('JUMPI')
  code.op('PREVRANDAO').push(0).op('MSTORE').push(32, 0).op('RETURN')
  code.label('hash').push(0).op('CALLDATALOAD', 'BLOCKHASH').push(0).op('MSTORE').push(32, 0).op('RETURN')
  return code.finish()
}

function byteString(data: Uint8Array): Uint8Array {
  return data.length === 0 ? EMPTY : new CborWriter(data.length + 9).bytes(data).finish()
}
