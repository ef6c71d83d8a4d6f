import type { CryptoProvider } from '@troupe/crypto'
import { Code } from '../interpreter/code.ts'
import { Frame, type StepListener } from '../interpreter/frame.ts'
import { Interpreter } from '../interpreter/interpreter.ts'
import { fromWord } from '../interpreter/word.ts'
import { wordOf } from '../interpreter/word-bytes.ts'
import { createPrecompiles, rowsOfFork } from '../precompiles/ethereum.ts'
import type { PrecompileCrypto, Precompiles } from '../precompiles/precompile.ts'
import { type Account, NO_CODE } from './account.ts'
import { blobBaseFeeOf, type EthereumBlock } from './block.ts'
import { createdAddress, saltedAddress } from './created-address.ts'
import { EthereumHost } from './ethereum-host.ts'
import type { EthereumFork } from './fork.ts'
import { type EthereumGas, NO_GAS, spend } from './gas.ts'
import { CODE_BYTE } from './schedule.ts'
import type { EthereumState } from './state.ts'

/** The cryptography that contracts of Ethereum need. */
export type EthereumCrypto = PrecompileCrypto & Pick<CryptoProvider, 'keccak256'>

/** What all frames of a transaction share. */
export interface TransactionContext {
  readonly origin: bigint
  readonly gasPrice: bigint
  readonly blobHashes: readonly bigint[]
}

/** A call from one account to another, or of a transaction. */
export interface Message {
  /** Whose storage it is. */
  readonly account: Account
  /** Whose code runs, and where precompiles are looked for. */
  readonly codeAccount: Account
  readonly caller: bigint
  readonly value: bigint
  /** Who pays the value; `undefined` where it only seems to be given. */
  readonly payer: Account | undefined
  readonly input: Uint8Array
  readonly gas: EthereumGas
  readonly isStatic: boolean
  readonly depth: number
}

/** How a message ended. */
export interface MessageOutcome {
  readonly halt: 'success' | 'revert' | 'failure'
  readonly output: Uint8Array
  readonly gasLeft: EthereumGas
}

/** The largest address of a precompile and one. */
const PRECOMPILE_LIMIT = 0x200n
const MAX_CODE_SIZE = 24_576
const MAX_NONCE = (1n << 64n) - 1n
const NO_OUTPUT = new Uint8Array(0)

/** Ethereum's rules for calls and creations at one block, on a state. */
export class EthereumMachine {
  readonly fork: EthereumFork
  readonly state: EthereumState
  readonly block: EthereumBlock
  readonly blobBaseFee: bigint
  readonly precompiles: Precompiles
  readonly #crypto: EthereumCrypto
  readonly #interpreter: Interpreter<EthereumHost>
  /** Of the transaction that runs. */
  context: TransactionContext = { origin: 0n, gasPrice: 0n, blobHashes: [] }

  constructor(options: {
    fork: EthereumFork
    state: EthereumState
    block: EthereumBlock
    crypto: EthereumCrypto
    listener?: StepListener<EthereumHost> | undefined
  }) {
    const { fork, state, block, crypto, listener } = options
    this.fork = fork
    this.state = state
    this.block = block
    this.#crypto = crypto
    this.blobBaseFee =
      fork.blobs === undefined ? 0n : blobBaseFeeOf(block.excessBlobGas, fork.blobs.updateFraction)
    this.precompiles = createPrecompiles(rowsOfFork(fork.name), crypto)
    const { instructions, schedule } = fork
    this.#interpreter = new Interpreter<EthereumHost>({ instructions, schedule, crypto, listener })
  }

  /** The hash of code as EXTCODEHASH tells it. */
  hashOf(code: Uint8Array): bigint {
    return fromWord(wordOf(this.#crypto.keccak256(code)))
  }

  /** The address of a contract that an account creates with CREATE or a transaction, by the nonce it has. */
  addressOf({ address, nonce }: Account): bigint {
    return createdAddress((data) => this.#crypto.keccak256(data), address, nonce)
  }

  /** The address of a contract that an account creates with CREATE2. */
  saltedAddressOf({ address }: Account, salt: bigint, code: Uint8Array): bigint {
    return saltedAddress((data) => this.#crypto.keccak256(data), address, salt, code)
  }

  /** Runs a message. What it changed is taken back where it does not succeed. */
  call(message: Message): MessageOutcome {
    const { state } = this
    const snapshot = state.snapshot()
    const { account, codeAccount, payer, gas } = message
    if (payer !== undefined) this.#transfer(payer, account, message.value)
    const precompile =
      codeAccount.address < PRECOMPILE_LIMIT ? this.precompiles.get(Number(codeAccount.address)) : undefined
    let outcome: MessageOutcome
    if (precompile !== undefined) {
      const left = spend(gas, precompile.gas(message.input))
      const output = left === undefined ? 'gas' : precompile.run(message.input)
      outcome =
        left === undefined || typeof output === 'string'
          ? failure()
          : { halt: 'success', output, gasLeft: left }
    } else if (codeAccount.code === NO_CODE || codeAccount.code.bytes.length === 0) {
      return { halt: 'success', output: NO_OUTPUT, gasLeft: gas }
    } else {
      outcome = this.#run(message, codeAccount.code)
    }
    if (outcome.halt !== 'success') state.revert(snapshot)
    return outcome
  }

  /**
   * Runs a constructor at an address, and makes a contract of what it returns.
   *
   * @returns the outcome, with the code of the contract as its output where it is a success
   */
  create(message: Omit<Message, 'codeAccount' | 'isStatic'>, code: Uint8Array): MessageOutcome {
    const { state } = this
    const { account, payer } = message
    if (account.nonce !== 0n || account.code.bytes.length > 0 || account.hasStorage) return failure()
    const snapshot = state.snapshot()
    state.markCreated(account)
    state.setNonce(account, 1n)
    if (payer !== undefined) this.#transfer(payer, account, message.value)
    let outcome = this.#run({ ...message, codeAccount: account, isStatic: false }, new Code(code))
    if (outcome.halt === 'success') outcome = this.#deposit(account, outcome)
    if (outcome.halt !== 'success') state.revert(snapshot)
    return outcome
  }

  #deposit(account: Account, outcome: MessageOutcome): MessageOutcome {
    const { output } = outcome
    const gasLeft = spend(outcome.gasLeft, output.length * CODE_BYTE)
    const isRefused = this.fork.refusesEf && output[0] === 0xef
    if (isRefused || output.length > MAX_CODE_SIZE || gasLeft === undefined) return failure()
    this.state.setCode(account, new Code(output))
    return { halt: 'success', output, gasLeft }
  }

  #transfer(payer: Account, account: Account, value: bigint): void {
    this.state.touch(account)
    if (value === 0n) return
    this.state.setBalance(payer, payer.balance - value)
    this.state.setBalance(account, account.balance + value)
  }

  #run(message: Message, code: Code): MessageOutcome {
    const gas = { left: message.gas.counted }
    const host = new EthereumHost(this, message, gas)
    const { input, caller, value, isStatic, depth, account } = message
    const frame = new Frame({
      code,
      input,
      address: account.address,
      caller,
      value,
      isStatic,
      depth,
      gas,
      host,
    })
    const { halt, output } = this.#interpreter.run(frame)
    switch (halt) {
      case 'stop':
      case 'return':
      case 'self-destruct':
        return { halt: 'success', output, gasLeft: host.remaining() }
      case 'revert':
        return { halt: 'revert', output, gasLeft: host.remaining() }
      default:
        return failure()
    }
  }

  /** Whether an account has no nonce left for one more creation. */
  isExhausted(account: Account): boolean {
    return account.nonce === MAX_NONCE
  }
}

/** An error takes all gas. */
function failure(): MessageOutcome {
  return { halt: 'failure', output: NO_OUTPUT, gasLeft: NO_GAS }
}
