import type { CryptoProvider } from '@troupe/crypto'
import type { ActorState, Address, TokenAmount } from '@troupe/hypervisor'
import { type Cid, isCid } from '@troupe/ipld'
import { ActorHandle } from './actor-handle.ts'
import { type AddressLike, formatLocal, toAddress } from './address-like.ts'
import {
  ContractHandle,
  createContractRequest,
  createdContract,
  type DeployContractOptions,
} from './contract-handle.ts'
import { type CodeSource, createdActor, type DeployOptions, execRequest } from './deploy.ts'
import type { MessageOutcome, Outcome } from './outcome.ts'
import type { CallRequest, MessageRequest } from './request.ts'
import type { SendOptions } from './send-options.ts'

/** What calls of actors stand on. */
export interface CallableChain {
  readonly crypto: CryptoProvider
  send(request: MessageRequest, options?: SendOptions): Promise<MessageOutcome>
  trySend(request: MessageRequest, options?: SendOptions): Promise<MessageOutcome>
  view(request: CallRequest): Promise<Outcome>
  balanceOf(address: AddressLike): Promise<TokenAmount>
  format(address: Address): string
}

/** What a chain offers that follows from the rest of it, and is the same wherever it lives. */
export abstract class ChainShortcuts implements CallableChain, AsyncDisposable {
  abstract readonly crypto: CryptoProvider
  abstract send(request: MessageRequest, options?: SendOptions): Promise<MessageOutcome>
  abstract trySend(request: MessageRequest, options?: SendOptions): Promise<MessageOutcome>
  abstract view(request: CallRequest): Promise<Outcome>
  abstract install(code: CodeSource, options?: Pick<MessageRequest, 'from'> & SendOptions): Promise<Cid>
  abstract getActor(address: AddressLike): Promise<ActorState | undefined>
  abstract close(): Promise<void>

  /** An actor, to be called. Whether it exists is found out with the first call. */
  actor(address: AddressLike): ActorHandle {
    return new ActorHandle(this, toAddress(this.crypto, address, 'actor'))
  }

  /**
   * Installs code, has the init actor create an actor of it, and gives the actor.
   * @param options.params what its constructor is called with
   * @throws {ActorError} where the code is refused, or the constructor fails
   */
  async deploy(code: CodeSource | Cid, options: DeployOptions = {}): Promise<ActorHandle> {
    const cid = isCid(code) ? code : await this.install(code, options)
    const { value } = await this.send(execRequest(cid, options), options)
    return this.actor(createdActor(value))
  }

  /** A contract of the EVM, to be called. Whether it exists is found out with the first call. @throws {TroupeError} address/malformed */
  contract(address: AddressLike): ContractHandle {
    return new ContractHandle(this, toAddress(this.crypto, address, 'contract'))
  }

  /**
   * Has the Ethereum address manager create a contract, and gives the contract. There has to be a runtime for those.
   * @param options.args what the constructor is called with, encoded
   * @throws {ActorError} where the constructor fails
   */
  async deployContract(initcode: Uint8Array, options: DeployContractOptions = {}): Promise<ContractHandle> {
    const { value } = await this.send(createContractRequest(initcode, options), options)
    return this.contract(createdContract(value))
  }

  /** attoFIL of an actor; 0 where there is none. */
  async balanceOf(address: AddressLike): Promise<TokenAmount> {
    return (await this.getActor(address))?.balance ?? 0n
  }

  /** An address as text. */
  format(address: Address): string {
    return formatLocal(address, this.crypto)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
