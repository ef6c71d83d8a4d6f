import type { CryptoProvider } from '@troupe/crypto'
import type { ActorState, Address, TokenAmount } from '@troupe/hypervisor'
import { type Cid, cidOf, isCid, RAW } from '@troupe/ipld'
import type { GivenSourceMap } from '../trace/given-source-map.ts'
import { ActorHandle } from './actor-handle.ts'
import { type AddressLike, formatLocal, toAddress } from './address-like.ts'
import { checkCid } from './check-options.ts'
import {
  ContractHandle,
  createContractRequest,
  createdContract,
  type DeployContractOptions,
} from './contract-handle.ts'
import {
  type CodeSource,
  createdActor,
  type DeployOptions,
  execRequest,
  type InstallOptions,
  readCode,
} from './deploy.ts'
import type { MessageOutcome, Outcome } from './outcome.ts'
import { readSourceMap, type SourceMapSource } from './read-source-map.ts'
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
  /** @internal Installs code that has been read. */
  abstract installBytes(code: Uint8Array, options: Pick<MessageRequest, 'from'> & SendOptions): Promise<Cid>
  /** @internal Takes a source map that has been read. @throws {TroupeError} source-map/… */
  abstract keepSourceMap(code: Cid, map: GivenSourceMap): Promise<void>
  abstract getActor(address: AddressLike): Promise<ActorState | undefined>
  abstract close(): Promise<void>

  /** An actor, to be called. Whether it exists is found out with the first call. */
  actor(address: AddressLike): ActorHandle {
    return new ActorHandle(this, toAddress(this.crypto, address, 'actor'))
  }

  /**
   * Installs code and gives its CID. Code that is installed already costs no message.
   * @throws {ActorError} where no runtime takes the code, or the network does not let users install any
   * @throws {TroupeError} code/unreadable; source-map/… where one is given that is none of the code's
   */
  async install(code: CodeSource, { sourceMap, ...options }: InstallOptions = {}): Promise<Cid> {
    const bytes = await readCode(code)
    const map = await readSourceMap(sourceMap, code)
    if (map !== undefined) await this.keepSourceMap(cidOf(this.crypto, RAW, bytes), map)
    return this.installBytes(bytes, options)
  }

  /**
   * Takes the source map of code that is installed, or is going to be: from then on traces and errors show the places of what was written.
   * @throws {TroupeError} source-map/… where it is none of the code's; option/malformed where that is no CID
   */
  async addSourceMap(code: Cid, sourceMap: Exclude<SourceMapSource, false>): Promise<void> {
    checkCid('code', code)
    const map = await readSourceMap(sourceMap)
    if (map !== undefined) await this.keepSourceMap(code, map)
  }

  /**
   * Installs code, has the init actor create an actor of it, and gives the actor.
   * @param options.params what its constructor is called with
   * @throws {ActorError} where the code is refused, or the constructor fails
   */
  async deploy(code: CodeSource | Cid, options: DeployOptions = {}): Promise<ActorHandle> {
    const { sourceMap, ...rest } = options
    if (isCid(code) && sourceMap !== undefined && sourceMap !== false)
      await this.addSourceMap(code, sourceMap)
    const cid = isCid(code) ? code : await this.install(code, options)
    const { value } = await this.send(execRequest(cid, rest), rest)
    return this.actor(createdActor(value).id)
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
