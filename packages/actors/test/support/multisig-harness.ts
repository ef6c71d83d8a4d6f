import {
  approveReturnCodec,
  MultisigMethod,
  type MultisigState,
  multisigActor,
  multisigConstructorParametersCodec,
  multisigStateCodec,
  type PendingTransaction,
  pendingTransactionCodec,
  proposalHashInput,
  proposeParametersCodec,
  proposeReturnCodec,
  SYSTEM_ACTORS,
  transactionIdParametersCodec,
} from '@troupe/actors'
import { type Address, blsAddress, exitCodeName, idAddress } from '@troupe/hypervisor'
import { decodeValue, encodeValue, type ValueCodec } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { expect } from 'vitest'
import { echo } from './echo.ts'
import { createStage, type Stage, type StagedActor } from './stage.ts'

export const INIT = idAddress(1n)
export const MULTISIG = idAddress(200n)
export const [ANNE, BOB, CHUCK, DARLENE] = [100n, 101n, 102n, 103n].map(idAddress) as [
  Address,
  Address,
  Address,
  Address,
]
export const ECHO = idAddress(300n)
/** A key address that the stage knows to be Bob's. */
export const BOBS_KEY = blsAddress(new Uint8Array(48).fill(101))
export const NOTHING = new Uint8Array()
const { APPROVE, CANCEL, PROPOSE } = MultisigMethod

interface Ended {
  readonly exit: string
  readonly data: Uint8Array
}

/** A multisig on a stage. Expectations are those of builtin-actors v18 actors/multisig/tests/multisig_actor_test.rs. */
export class MultisigHarness {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  static async create(): Promise<MultisigHarness> {
    const actors = new Map<bigint, StagedActor>([
      [200n, { code: 'multisig' }],
      [300n, { code: 'echo' }],
    ])
    for (const id of [100n, 101n, 102n, 103n]) {
      const key = blsAddress(new Uint8Array(48).fill(Number(id)))
      actors.set(id, { code: 'account', balance: 10n ** 18n, key })
    }
    return new MultisigHarness(await createStage([...SYSTEM_ACTORS, multisigActor], [echo], actors))
  }

  /** One that is constructed, at epoch 0. */
  static async constructed(
    signers: readonly Address[],
    threshold: number,
    lock: { duration?: bigint; start?: bigint; balance?: bigint } = {},
  ): Promise<MultisigHarness> {
    const harness = await MultisigHarness.create()
    harness.stage.enter(0n)
    harness.fund(INIT, lock.balance ?? 0n)
    expect(harness.construct(signers, threshold, lock.duration, lock.start, lock.balance)).toBe('OK')
    return harness
  }

  get state(): MultisigState {
    return decodeValue(multisigStateCodec, this.stage.stateOf(200n))
  }

  get balance(): bigint {
    return this.stage.actor(200n)?.balance ?? 0n
  }

  get pending(): PendingTransaction[] {
    const options = { bitWidth: 5, value: pendingTransactionCodec }
    return [...Hamt.load(this.stage.store, this.state.pendingTxs, options).entries()].map(
      ([, value]) => value,
    )
  }

  fund(to: Address, value: bigint): void {
    if (value > 0n) this.send(ANNE, to, 0n, NOTHING, value)
  }

  send(from: Address, to: Address, method: bigint, params: Uint8Array, value = 0n): Ended {
    const { receipt } = this.stage.apply({ from, to, method, params, value, kind: 'implicit' })
    return { exit: exitCodeName(receipt.exitCode), data: receipt.returnData }
  }

  call<P>(from: Address, method: number, codec: ValueCodec<P>, parameters: P): Ended {
    return this.send(from, MULTISIG, BigInt(method), encodeValue(codec, parameters))
  }

  construct(signers: readonly Address[], threshold: number, duration = 0n, start = 0n, value = 0n): string {
    const params = encodeValue(multisigConstructorParametersCodec, {
      signers,
      numApprovalsThreshold: BigInt(threshold),
      unlockDuration: duration,
      startEpoch: start,
    })
    return this.send(INIT, MULTISIG, 1n, params, value).exit
  }

  propose(from: Address, to: Address, value: bigint, method = 0n, params: Uint8Array = NOTHING): Ended {
    return this.call(from, PROPOSE, proposeParametersCodec, { to, value, method, params })
  }

  approve(from: Address, id: bigint, proposalHash: Uint8Array = NOTHING): Ended {
    return this.call(from, APPROVE, transactionIdParametersCodec, { id, proposalHash })
  }

  cancel(from: Address, id: bigint, proposalHash: Uint8Array = NOTHING): string {
    return this.call(from, CANCEL, transactionIdParametersCodec, { id, proposalHash }).exit
  }

  hash(transaction: PendingTransaction): Uint8Array {
    return this.stage.crypto.blake2b(proposalHashInput(transaction), 32)
  }
}

/** What became of a proposal. */
export const returned = (data: Uint8Array) => decodeValue(proposeReturnCodec, data)
/** What became of an approval. */
export const approved = (data: Uint8Array) => decodeValue(approveReturnCodec, data)
