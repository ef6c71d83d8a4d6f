import { type ActorId, ErrorNumber, ExitCode, SyscallError, type TokenAmount } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { fail } from './actor-error.ts'
import type { Syscalls } from './syscalls.ts'

/** What a method is called with. The syscall behind it is made when something of it is asked for, and once. */
export class MessageInfo {
  readonly #syscalls: Syscalls
  #context: Readonly<Record<string, bigint>> | undefined

  constructor(syscalls: Syscalls) {
    this.#syscalls = syscalls
  }

  /** Who called. */
  get caller(): ActorId {
    return this.#field('caller')
  }

  /** Who sent the message. */
  get origin(): ActorId {
    return this.#field('origin')
  }

  /** The actor itself. */
  get receiver(): ActorId {
    return this.#field('receiver')
  }

  get method(): bigint {
    return this.#field('methodNumber')
  }

  /** attoFIL; part of the actor's balance already. */
  get value(): TokenAmount {
    return this.#field('valueReceived')
  }

  /** Sequence number of the message. */
  get nonce(): bigint {
    return this.#field('nonce')
  }

  /** attoFIL for one gas. */
  get gasPremium(): TokenAmount {
    return this.#field('gasPremium')
  }

  /** Whether nothing may be changed. */
  get readOnly(): boolean {
    return this.#field('flags') !== 0n
  }

  #field(name: string): bigint {
    this.#context ??= this.#syscalls.call<Readonly<Record<string, bigint>>>('vm.message_context')
    return this.#context[name] as bigint
  }
}

/** What the network says of the epoch. The syscall behind the getters is made when something of it is asked for, and once. */
export class NetworkInfo {
  readonly #syscalls: Syscalls
  #context: Readonly<Record<string, bigint | number>> | undefined

  constructor(syscalls: Syscalls) {
    this.#syscalls = syscalls
  }

  get epoch(): bigint {
    return this.#field('epoch')
  }

  /** Seconds since 1970. */
  get timestamp(): bigint {
    return this.#field('timestamp')
  }

  /** attoFIL for one gas. */
  get baseFee(): TokenAmount {
    return this.#field('baseFee')
  }

  /** EIP-155 chain id. */
  get chainId(): bigint {
    return this.#field('chainId')
  }

  get version(): number {
    return this.#field('networkVersion')
  }

  /** attoFIL. */
  circulatingSupply(): TokenAmount {
    return this.#syscalls.call<{ value: TokenAmount }>('network.total_fil_circ_supply').value
  }

  /** The CID of a past tipset. @throws {ActorError} USR_ILLEGAL_ARGUMENT where there is none to be had */
  tipsetCid(epoch: bigint): Cid {
    try {
      return this.#syscalls.call<Cid>('network.tipset_cid', epoch)
    } catch (error) {
      if (error instanceof SyscallError && error.number === ErrorNumber.IllegalArgument)
        fail(ExitCode.USR_ILLEGAL_ARGUMENT, `there is no tipset of epoch ${epoch} to be had`)
      throw error
    }
  }

  #field<T extends bigint | number>(name: string): T {
    this.#context ??= this.#syscalls.call<Readonly<Record<string, bigint | number>>>('network.context')
    return this.#context[name] as T
  }
}
