import {
  addSignerParametersCodec,
  changeNumApprovalsThresholdParametersCodec,
  MAX_SIGNERS,
  MultisigMethod,
  multisigConstructorParametersCodec,
  multisigStateCodec,
  type PendingTransaction,
  proposalHashInput,
  removeSignerParametersCodec,
} from '@troupe/actors'
import { type ActorState, actorAddress, blsAddress, idAddress } from '@troupe/hypervisor'
import { cidOf, DAG_CBOR, encodeValue } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import {
  ANNE,
  approved,
  BOB,
  BOBS_KEY,
  CHUCK,
  DARLENE,
  ECHO,
  INIT,
  MULTISIG,
  MultisigHarness,
  NOTHING,
  returned,
} from './support/multisig-harness.ts'

const { ADD_SIGNER, REMOVE_SIGNER } = MultisigMethod

describe('Constructor', () => {
  it('keeps signers, threshold and lock', async () => {
    const harness = await MultisigHarness.create()
    harness.fund(INIT, 100n)
    expect(harness.construct([ANNE, BOB, CHUCK], 2, 200n, 100n, 100n)).toBe('OK')
    expect(harness.state).toMatchObject({
      ...{
        numApprovalsThreshold: 2n,
        nextTxId: 0n,
        initialBalance: 100n,
        startEpoch: 100n,
        unlockDuration: 200n,
      },
      signers: [{ id: 100n }, { id: 101n }, { id: 102n }],
    })
    expect(harness.pending).toEqual([])
    expect(harness.construct([ANNE], 1)).toBe('USR_ILLEGAL_STATE')
  })

  it('resolves signers to ids, and forgets the start where nothing is locked', async () => {
    const harness = await MultisigHarness.create()
    const stranger = blsAddress(new Uint8Array(48).fill(7))
    expect(harness.construct([BOBS_KEY, stranger], 2, 0n, 55n)).toBe('OK')
    expect(harness.state).toMatchObject({ signers: [{ id: 101n }, { id: 1000n }], startEpoch: 0n })
  })

  it.each([
    ['no signer', [], 1, 1n, 'USR_ILLEGAL_ARGUMENT'],
    ['more approvals than signers', [ANNE], 2, 0n, 'USR_ILLEGAL_ARGUMENT'],
    ['no approval', [ANNE], 0, 0n, 'USR_ILLEGAL_ARGUMENT'],
    ['a negative duration', [ANNE], 1, -1n, 'USR_ILLEGAL_ARGUMENT'],
    ['a signer twice', [ANNE, BOB, BOB], 2, 0n, 'USR_ILLEGAL_ARGUMENT'],
    ['a signer in two forms', [ANNE, BOBS_KEY, BOB], 2, 0n, 'USR_ILLEGAL_ARGUMENT'],
    ['a signer that does not exist', [ANNE, idAddress(999n)], 1, 0n, 'USR_NOT_FOUND'],
  ] as const)('refuses %s', async (_, signers, threshold, duration, exit) => {
    const harness = await MultisigHarness.create()
    expect(harness.construct(signers, threshold, duration)).toBe(exit)
  })

  it('refuses an address that nothing can be made of, more signers than there may be, and strangers', async () => {
    const harness = await MultisigHarness.create()
    const nobody = actorAddress(harness.stage.crypto, Uint8Array.of(1))
    expect(harness.construct([nobody, BOB], 1)).toBe('USR_UNSPECIFIED')
    const signers = Array.from({ length: MAX_SIGNERS + 1 }, () => ANNE)
    expect(harness.construct(signers, 1)).toBe('USR_ILLEGAL_ARGUMENT')
    const params = encodeValue(multisigConstructorParametersCodec, {
      ...{ signers: [ANNE], numApprovalsThreshold: 1n, unlockDuration: 0n, startEpoch: 0n },
    })
    expect(harness.send(ANNE, MULTISIG, 1n, params).exit).toBe('USR_FORBIDDEN')
  })

  it('takes as many signers as there may be', async () => {
    const harness = await MultisigHarness.create()
    const signers = Array.from({ length: MAX_SIGNERS }, (_, i) =>
      blsAddress(new Uint8Array(48).fill(1).with(0, i)),
    )
    expect(harness.construct(signers, MAX_SIGNERS)).toBe('OK')
    const from = MULTISIG
    expect(
      harness.call(from, ADD_SIGNER, addSignerParametersCodec, { signer: DARLENE, increase: false }).exit,
    ).toBe('USR_FORBIDDEN')
  })
})

describe('Propose', () => {
  it('keeps a transaction that needs more approvals', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 2, { balance: 30n })
    const { exit, data } = harness.propose(ANNE, CHUCK, 10n, 2n ** 30n, Uint8Array.of(1, 2, 3, 4))
    expect(exit).toBe('OK')
    expect(returned(data)).toEqual({ txnId: 0n, applied: false, code: 0, ret: NOTHING })
    expect(harness.pending).toMatchObject([
      { value: 10n, params: Uint8Array.of(1, 2, 3, 4), approved: [{ id: 100n }] },
    ])
    expect(harness.state.nextTxId).toBe(1n)
  })

  it('executes one that needs no more, and gives what it returned', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 1, { balance: 20n })
    const { data } = harness.propose(ANNE, ECHO, 10n, 2n, Uint8Array.of(0x42, 9, 9))
    expect(returned(data)).toEqual({ txnId: 0n, applied: true, code: 0, ret: Uint8Array.of(0x42, 9, 9) })
    expect(harness.balance).toBe(10n)
    expect(harness.pending).toEqual([])
  })

  it('says how one ended that failed, and keeps its number', async () => {
    const harness = await MultisigHarness.constructed([ANNE], 1, { balance: 20n })
    expect(returned(harness.propose(ANNE, ECHO, 10n, 3n, Uint8Array.of(0x41, 7)).data)).toEqual({
      ...{ txnId: 0n, applied: true, code: 77, ret: Uint8Array.of(0x41, 7) },
    })
    expect(harness.balance).toBe(20n)
    expect(returned(harness.propose(ANNE, idAddress(999n), 1n).data)).toMatchObject({ txnId: 1n, code: 23 })
    expect(harness.pending).toEqual([])
  })

  it('refuses strangers, negative values, and what there is no money for', async () => {
    const harness = await MultisigHarness.constructed([ANNE], 1)
    expect(harness.propose(CHUCK, BOB, 0n).exit).toBe('USR_FORBIDDEN')
    expect(harness.propose(ANNE, BOB, -1n).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.propose(ANNE, BOB, 10n).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(harness.pending).toEqual([])
  })
})

describe('the number of a transaction', () => {
  it('has a last one but one: there the multisig panics', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 2)
    const { machine, store } = harness.stage
    const skipTo = (nextTxId: bigint): void => {
      const head = store.putBlock(DAG_CBOR, encodeValue(multisigStateCodec, { ...harness.state, nextTxId }))
      machine.state.setActor(200n, { ...(harness.stage.actor(200n) as ActorState), head })
    }
    skipTo(2n ** 63n - 2n)
    expect(returned(harness.propose(ANNE, BOB, 0n).data).txnId).toBe(2n ** 63n - 2n)
    expect(approved(harness.approve(BOB, 2n ** 63n - 2n).data)).toMatchObject({ applied: true })
    expect(harness.propose(ANNE, BOB, 0n).exit).toBe('USR_ASSERTION_FAILED')
  })
})

describe('Approve', () => {
  it('executes a transaction whose hash is right', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 2, { balance: 10n })
    harness.propose(ANNE, CHUCK, 10n)
    const hash = harness.hash(harness.pending[0] as PendingTransaction)
    expect(harness.approve(BOB, 0n, new Uint8Array(32)).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(approved(harness.approve(BOB, 0n, hash).data)).toEqual({ applied: true, code: 0, ret: NOTHING })
    expect(harness.balance).toBe(0n)
  })

  it('hashes the proposer, where there is one', () => {
    const transaction = { to: BOB, value: 0n, method: 0n, params: NOTHING, approved: [ANNE] }
    expect(proposalHashInput(transaction).toHex()).toBe('8542006442006540' + '0040')
    expect(proposalHashInput({ ...transaction, approved: [] }).toHex()).toBe('85f642006540' + '0040')
  })

  it('refuses strangers, approvals given before, transactions that do not exist, and those without money', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 2)
    harness.propose(ANNE, CHUCK, 10n)
    expect(harness.approve(CHUCK, 0n).exit).toBe('USR_FORBIDDEN')
    expect(harness.approve(ANNE, 0n).exit).toBe('USR_FORBIDDEN')
    expect(harness.approve(BOB, 1n).exit).toBe('USR_NOT_FOUND')
    expect(harness.approve(BOB, 0n).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(harness.pending).toHaveLength(1)
  })

  it('gives what a transaction returned that failed', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 2)
    harness.propose(ANNE, ECHO, 0n, 3n, Uint8Array.of(0x41, 1))
    expect(approved(harness.approve(BOB, 0n).data)).toEqual({
      applied: true,
      code: 77,
      ret: Uint8Array.of(0x41, 1),
    })
  })

  it('executes one that has enough approvals since the threshold was lowered, even for who approved before', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB, CHUCK], 2, { balance: 10n })
    harness.propose(ANNE, DARLENE, 10n)
    const lower = { newThreshold: 1n }
    const { CHANGE_NUM_APPROVALS_THRESHOLD: method } = MultisigMethod
    expect(harness.call(MULTISIG, method, changeNumApprovalsThresholdParametersCodec, lower).exit).toBe('OK')
    expect(harness.approve(DARLENE, 0n).exit).toBe('USR_FORBIDDEN')
    expect(approved(harness.approve(ANNE, 0n).data)).toMatchObject({ applied: true })
    expect(harness.balance).toBe(0n)
  })
})

describe('Cancel', () => {
  it('is for the proposer, and for whoever follows one that was removed', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB, CHUCK], 3)
    harness.propose(ANNE, DARLENE, 10n)
    harness.approve(BOB, 0n)
    expect(harness.cancel(BOB, 0n)).toBe('USR_FORBIDDEN')
    expect(harness.cancel(DARLENE, 0n)).toBe('USR_FORBIDDEN')
    expect(harness.cancel(ANNE, 1n)).toBe('USR_NOT_FOUND')
    expect(harness.cancel(ANNE, 0n, new Uint8Array(32))).toBe('USR_ILLEGAL_STATE')
    const removed = { signer: ANNE, decrease: true }
    expect(harness.call(MULTISIG, REMOVE_SIGNER, removeSignerParametersCodec, removed).exit).toBe('OK')
    expect(harness.cancel(ANNE, 0n)).toBe('USR_FORBIDDEN')
    expect(harness.cancel(BOB, 0n, harness.hash(harness.pending[0] as PendingTransaction))).toBe('OK')
    expect(harness.pending).toEqual([])
  })
})

describe('other methods', () => {
  it('takes what it receives, and does nothing at exported numbers', async () => {
    const harness = await MultisigHarness.constructed([ANNE], 1)
    const receive = BigInt(MultisigMethod.RECEIVE)
    expect(harness.send(BOB, MULTISIG, receive, Uint8Array.of(0x82, 1, 0x41, 5)).exit).toBe('OK')
    expect(harness.send(BOB, MULTISIG, receive, Uint8Array.of(0x81, 1)).exit).toBe('USR_SERIALIZATION')
    expect(harness.send(BOB, MULTISIG, receive, NOTHING).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.send(BOB, MULTISIG, 2n ** 24n, NOTHING).exit).toBe('OK')
    expect(harness.send(BOB, MULTISIG, 2n ** 24n - 1n, NOTHING).exit).toBe('USR_UNHANDLED_MESSAGE')
  })
})

describe('the state', () => {
  it('is a tuple in the order of its fields', async () => {
    const { stage } = await MultisigHarness.constructed([ANNE], 1)
    const empty = cidOf(stage.crypto, DAG_CBOR, Uint8Array.of(0x82, 0x40, 0x80))
    expect(stage.stateOf(200n).toHex()).toBe(`87814200640100400000d82a582700${empty.bytes.toHex()}`)
  })
})
