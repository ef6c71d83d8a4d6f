import {
  addSignerParametersCodec,
  changeNumApprovalsThresholdParametersCodec,
  execParametersCodec,
  execReturnCodec,
  lockBalanceParametersCodec,
  type MultisigState,
  multisigActor,
  multisigConstructorParametersCodec,
  multisigStateCodec,
  type PendingTransaction,
  pendingTransactionCodec,
  proposalHashInput,
  proposeParametersCodec,
  removeSignerParametersCodec,
  swapSignerParametersCodec,
  transactionIdParametersCodec,
  universalReceiverParametersCodec,
} from '@troupe/actors'
import { type ActorId, type Address, blsAddress, idAddress, type MessageResult } from '@troupe/hypervisor'
import { decodeValue, encodeValue } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { isExec, type Play, type PlayedMessage, type View } from './play.ts'
import type { Random } from './random.ts'

const ACCOUNTS = [100n, 101n, 102n, 103n, 104n, 105n]
const FIL = 10n ** 18n
const RECEIVE = 3726118371n

/** Random messages to multisigs, most of them sensible. */
class MultisigMessages {
  readonly #view: View
  readonly #random: Random
  readonly #multisigs: ActorId[] = []

  constructor(view: View, random: Random) {
    this.#view = view
    this.#random = random
  }

  next(): PlayedMessage {
    const random = this.#random
    if (this.#multisigs.length === 0 || random.chance(this.#multisigs.length < 6 ? 6 : 1)) return this.#exec()
    const multisig = random.pick(this.#multisigs)
    return random.weighted<() => PlayedMessage>([
      [40, () => this.#propose(multisig)],
      [35, () => this.#decide(multisig)],
      [
        5,
        () => ({
          from: this.#account(),
          to: idAddress(multisig),
          method: 0n,
          value: BigInt(random.below(100)) * FIL,
        }),
      ],
      [14, () => this.#direct(multisig)],
      [3, () => this.#receive(multisig)],
      [3, () => ({ ...this.#propose(multisig), params: random.bytes(random.below(40)) })],
    ])()
  }

  learn({ to }: PlayedMessage, result: MessageResult): void {
    if (!isExec(to, result)) return
    const { id } = decodeValue(execReturnCodec, result.receipt.returnData).idAddress
    if (id !== undefined) this.#multisigs.push(id)
  }

  #account(): Address {
    return idAddress(this.#random.pick(ACCOUNTS))
  }

  /** Somebody who signs, or could, in one form or another. */
  #somebody(): Address {
    const random = this.#random
    return random.weighted<() => Address>([
      [60, () => this.#account()],
      [15, () => keyOf(random.pick(ACCOUNTS))],
      [10, () => blsAddress(new Uint8Array(48).fill(150 + random.below(20)))],
      [5, () => idAddress(900n + BigInt(random.below(5)))],
      [10, () => (this.#multisigs.length > 0 ? idAddress(random.pick(this.#multisigs)) : this.#account())],
    ])()
  }

  #exec(): PlayedMessage {
    const random = this.#random
    const count = random.chance(5) ? 0 : 1 + random.below(random.chance(5) ? 6 : 3)
    const signers = Array.from({ length: count }, () => this.#somebody())
    const params = encodeValue(multisigConstructorParametersCodec, {
      signers,
      numApprovalsThreshold: BigInt(
        random.chance(90) ? 1 + random.below(Math.max(1, count)) : random.below(5),
      ),
      unlockDuration: random.weighted([
        [4, 0n],
        [4, BigInt(1 + random.below(200))],
        [1, -1n],
      ]),
      startEpoch: this.#epoch(),
    })
    return {
      from: this.#account(),
      to: idAddress(1n),
      method: 2n,
      value: BigInt(random.below(1000)) * FIL,
      params: (codeOf) =>
        encodeValue(execParametersCodec, { code: codeOf('multisig'), constructorParameters: params }),
    }
  }

  #epoch(): bigint {
    const random = this.#random
    return random.weighted([
      [20, this.#view.epoch + BigInt(random.below(100)) - 50n],
      [3, 0n],
      [1, -(2n ** 63n)],
      [1, 2n ** 63n - 1n],
    ])
  }

  #state(multisig: ActorId): MultisigState {
    return decodeValue(multisigStateCodec, this.#view.stateOf(multisig) as Uint8Array)
  }

  #signer(multisig: ActorId): Address {
    const random = this.#random
    const { signers } = this.#state(multisig)
    const accounts = signers.filter(({ id }) => id !== undefined && ACCOUNTS.includes(id))
    return accounts.length > 0 && random.chance(92) ? random.pick(accounts) : this.#account()
  }

  #propose(multisig: ActorId): PlayedMessage {
    const random = this.#random
    const isAdministration = random.chance(55)
    const { method, params } = isAdministration
      ? this.#administration(multisig)
      : random.weighted([
          [8, { method: 0n, params: new Uint8Array() }],
          [1, { method: 99n, params: random.bytes(3) }],
          [1, { method: 2n ** 32n, params: random.bytes(3) }],
        ])
    const to = isAdministration && random.chance(95) ? idAddress(multisig) : this.#somebody()
    const value = random.weighted([
      [isAdministration ? 20 : 3, 0n],
      [4, BigInt(random.below(300)) * FIL],
      [1, 10n ** 9n * FIL],
      [1, 2n ** 130n],
      [1, -1n],
    ])
    return {
      from: this.#signer(multisig),
      to: idAddress(multisig),
      method: 2n,
      params: encodeValue(proposeParametersCodec, { to, value, method, params }),
    }
  }

  /** A method that only the multisig itself may call. */
  #administration(multisig: ActorId): { method: bigint; params: Uint8Array } {
    const random = this.#random
    const { signers } = this.#state(multisig)
    const signer = (): Address => (random.chance(80) ? random.pick(signers) : this.#somebody())
    return random.weighted<() => { method: bigint; params: Uint8Array }>([
      [
        30,
        () => ({
          method: 5n,
          params: encodeValue(addSignerParametersCodec, {
            signer: this.#somebody(),
            increase: random.chance(40),
          }),
        }),
      ],
      [
        25,
        () => ({
          method: 6n,
          params: encodeValue(removeSignerParametersCodec, { signer: signer(), decrease: random.chance(50) }),
        }),
      ],
      [
        15,
        () => ({
          method: 7n,
          params: encodeValue(swapSignerParametersCodec, { from: signer(), to: this.#somebody() }),
        }),
      ],
      [
        15,
        () => ({
          method: 8n,
          params: encodeValue(changeNumApprovalsThresholdParametersCodec, {
            newThreshold: BigInt(random.below(4)),
          }),
        }),
      ],
      [
        10,
        () => ({
          method: 9n,
          params: encodeValue(lockBalanceParametersCodec, {
            startEpoch: this.#epoch(),
            unlockDuration: BigInt(random.below(200) - 10),
            amount: BigInt(random.below(500) - 10) * FIL,
          }),
        }),
      ],
      [2, () => ({ method: 5n, params: random.bytes(5) })],
      [2, () => ({ method: BigInt(5 + random.below(5)), params: new Uint8Array() })],
    ])()
  }

  /** An approval or a cancellation. */
  #decide(multisig: ActorId): PlayedMessage {
    const random = this.#random
    const { pendingTxs, nextTxId } = this.#state(multisig)
    const store = this.#view.store
    const pending = [
      ...Hamt.load<PendingTransaction>(store, pendingTxs, {
        bitWidth: 5,
        value: pendingTransactionCodec,
      }).entries(),
    ]
    let id = BigInt(random.below(Number(nextTxId) + 1))
    let hash: Uint8Array = new Uint8Array()
    if (pending.length > 0 && random.chance(93)) {
      const [key, transaction] = random.pick(pending)
      id = unzigzag(key)
      if (random.chance(50)) hash = this.#view.crypto.blake2b(proposalHashInput(transaction), 32)
    }
    if (random.chance(4)) hash = random.bytes(random.pick([1, 32]))
    return {
      from: this.#signer(multisig),
      to: idAddress(multisig),
      method: random.chance(80) ? 3n : 4n,
      params: encodeValue(transactionIdParametersCodec, { id, proposalHash: hash }),
    }
  }

  /** A method that only the multisig itself may call, by itself or a signer; or one that does not exist. */
  #direct(multisig: ActorId): PlayedMessage {
    const random = this.#random
    const { method, params } = this.#administration(multisig)
    const other = random.pick([1n, 10n, 77n, 2n ** 24n - 1n, 2n ** 24n, 2n ** 40n])
    return {
      from: random.chance(60) ? idAddress(multisig) : this.#signer(multisig),
      to: idAddress(multisig),
      method: random.chance(75) ? method : other,
      params,
    }
  }

  #receive(multisig: ActorId): PlayedMessage {
    const random = this.#random
    const params = random.chance(80)
      ? encodeValue(universalReceiverParametersCodec, {
          type: random.below(2 ** 32),
          payload: random.bytes(10),
        })
      : random.bytes(random.below(4))
    return { from: this.#account(), to: idAddress(multisig), method: RECEIVE, params }
  }
}

function keyOf(account: ActorId): Address {
  return blsAddress(new Uint8Array(48).fill(Number(account)))
}

function unzigzag(key: Uint8Array): bigint {
  let value = 0n
  for (const [i, byte] of key.entries()) value |= BigInt(byte & 0x7f) << BigInt(7 * i)
  return (value >> 1n) ^ -(value & 1n)
}

/** Multisigs: made, proposed to, approved by some of a few accounts, over epochs in which their locks end. */
export const multisigPlay: Play = {
  actor: 'multisig',
  native: multisigActor,
  leap: 20,
  world: () => ({
    accounts: ACCOUNTS.map((id) => ({ address: keyOf(id), balance: 10n ** 6n * FIL })),
    actors: [],
  }),
  start: (view, random) => new MultisigMessages(view, random),
}
