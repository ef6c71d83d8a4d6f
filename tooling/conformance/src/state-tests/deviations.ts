/** @module What Filecoin has otherwise than Ethereum besides gas, and how one sees that a transaction on Ethereum came across it. */
import type { CryptoProvider } from '@troupe/crypto'
import type { PairTransaction } from '@troupe/differential'
import type { StepListener } from '@troupe/runtime-evm'
import { createdAddress, type EthereumHost, type EthereumState } from '@troupe/runtime-evm/ethereum'

const EXTCODEHASH = 0x3f
const LOG0 = 0xa0
const LOG4 = 0xa4
const RETURN = 0xf3
const SELFDESTRUCT = 0xff
const LAST_PRECOMPILE = 10n
const INITCODE_LIMIT = 49_152
/** What events and blocks hold. */
const MAX_EVENT = 8_192n
const MAX_BLOCK = 1_048_576n
/** A creation is three calls on Filecoin, of 1,024 that there may be in each other. */
const SAFE_DEPTH = 339

/** Looks at a transaction while Ethereum executes it. */
export class Deviations {
  readonly #found = new Set<string>()

  constructor({ data, sender, to }: PairTransaction, state: EthereumState, crypto: CryptoProvider) {
    if (to !== undefined && to > 0n && to <= LAST_PRECOMPILE)
      this.#found.add('a precompile that is the receiver of a transaction is an account')
    const keccak256 = (bytes: Uint8Array): Uint8Array => crypto.keccak256(bytes)
    const created = createdAddress(keccak256, sender, state.account(sender).nonce)
    if (to === undefined && state.account(created).nonce > 0n)
      this.#found.add('a contract that cannot be made where an account is costs what it has used')
    if (to === undefined && data.length === 0) this.#found.add('a contract is not made of nothing')
    if (to === undefined && data.length > INITCODE_LIMIT)
      this.#found.add('a constructor of more than 49,152 bytes makes a transaction fail, not invalid')
  }

  /** Why the chain may have come to something else. */
  get found(): readonly string[] {
    return [...this.#found]
  }

  /** Hand this to whoever executes. */
  readonly listener: StepListener<EthereumHost> = (frame, opcode) => {
    if (frame.depth > SAFE_DEPTH) this.#found.add('calls nest less deep where contracts are made')
    if (opcode === EXTCODEHASH && frame.host.codeSize(BigInt.asUintN(160, frame.peek(0))) === 0)
      this.#found.add('EXTCODEHASH of an account is that of no code, whether it is empty or not')
    if (opcode === SELFDESTRUCT && BigInt.asUintN(160, frame.peek(0)) === frame.address)
      this.#found.add('SELFDESTRUCT for the benefit of the contract itself burns nothing')
    if (opcode >= LOG0 && opcode <= LOG4 && frame.peek(1) > MAX_EVENT)
      this.#found.add('an event has at most 8,192 bytes')
    if (opcode === RETURN && frame.peek(1) > MAX_BLOCK) this.#found.add('a block has at most 1 MiB')
  }
}
