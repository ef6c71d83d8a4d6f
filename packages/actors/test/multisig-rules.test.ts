import {
  addSignerParametersCodec,
  amountLocked,
  changeNumApprovalsThresholdParametersCodec,
  lockBalanceParametersCodec,
  MultisigMethod,
  removeSignerParametersCodec,
  swapSignerParametersCodec,
} from '@troupe/actors'
import { idAddress } from '@troupe/hypervisor'
import { encodeValue } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import {
  ANNE,
  approved,
  BOB,
  BOBS_KEY,
  CHUCK,
  DARLENE,
  MULTISIG,
  MultisigHarness,
  NOTHING,
  returned,
} from './support/multisig-harness.ts'

const { ADD_SIGNER, REMOVE_SIGNER, SWAP_SIGNER } = MultisigMethod

describe('a locked balance', () => {
  const lock = { duration: 10n, start: 0n, balance: 100n }

  it('is free in full at its end, and by halves in the middle', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 2, lock)
    expect(returned(harness.propose(ANNE, DARLENE, 100n).data)).toMatchObject({ applied: false })
    expect(returned(harness.propose(ANNE, DARLENE, 50n).data)).toMatchObject({ txnId: 1n })
    harness.stage.enter(5n)
    expect(harness.approve(BOB, 0n).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(approved(harness.approve(BOB, 1n).data)).toMatchObject({ applied: true, code: 0 })
    expect(harness.balance).toBe(50n)
    harness.fund(MULTISIG, 50n)
    harness.stage.enter(10n)
    expect(approved(harness.approve(BOB, 0n).data)).toMatchObject({ applied: true, code: 0 })
    expect(harness.balance).toBe(0n)
    expect(harness.pending).toEqual([])
  })

  it('cannot be spent before', async () => {
    const harness = await MultisigHarness.constructed([ANNE], 1, lock)
    expect(harness.propose(ANNE, BOB, 100n).exit).toBe('USR_INSUFFICIENT_FUNDS')
    harness.stage.enter(1n)
    expect(harness.propose(ANNE, BOB, 11n).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(harness.propose(ANNE, BOB, 10n).exit).toBe('OK')
  })

  it('rounds what is locked up', async () => {
    const harness = await MultisigHarness.constructed([ANNE], 1, { duration: 8n, balance: 7n })
    const expected = [7n, 7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n]
    expect(expected.map((_, elapsed) => amountLocked(harness.state, BigInt(elapsed)))).toEqual(expected)
    harness.stage.enter(1n)
    expect(harness.propose(ANNE, BOB, 1n).exit).toBe('USR_INSUFFICIENT_FUNDS')
    harness.stage.enter(2n)
    expect(harness.propose(ANNE, BOB, 1n).exit).toBe('OK')
  })

  it('does not keep transactions without value from being sent', async () => {
    const harness = await MultisigHarness.constructed([ANNE], 1, { ...lock, balance: 0n })
    expect(harness.propose(ANNE, BOB, 0n).exit).toBe('OK')
    harness.fund(MULTISIG, 10n)
    expect(harness.send(MULTISIG, BOB, 0n, NOTHING, 9n).exit).toBe('OK')
    expect(harness.propose(ANNE, BOB, 0n).exit).toBe('OK')
  })

  it('panics where the epochs since the start do not fit', async () => {
    const harness = await MultisigHarness.constructed([ANNE], 1, {
      duration: 10n,
      start: -(2n ** 63n),
      balance: 5n,
    })
    expect(harness.propose(ANNE, BOB, 1n).exit).toBe('USR_ASSERTION_FAILED')
    expect(harness.propose(ANNE, BOB, 0n).exit).toBe('OK')
  })
})

describe('signers', () => {
  it.each([
    ['a stranger', CHUCK, false, 'OK', 2n],
    ['a stranger, and one approval more', CHUCK, true, 'OK', 3n],
    ['a signer', BOB, false, 'USR_FORBIDDEN', 2n],
    ['a signer by its key', BOBS_KEY, false, 'USR_FORBIDDEN', 2n],
    ['somebody who does not exist', idAddress(999n), false, 'USR_NOT_FOUND', 2n],
  ] as const)('are added: %s', async (_, signer, increase, exit, threshold) => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 2)
    expect(harness.call(MULTISIG, ADD_SIGNER, addSignerParametersCodec, { signer, increase }).exit).toBe(exit)
    expect(harness.state.numApprovalsThreshold).toBe(threshold)
    expect(harness.state.signers).toHaveLength(exit === 'OK' ? 3 : 2)
  })

  it.each([
    [[ANNE, BOB, CHUCK], 2, CHUCK, false, 'OK', 2n],
    [[ANNE, BOB, CHUCK], 3, CHUCK, true, 'OK', 2n],
    [[ANNE, BOB, CHUCK], 3, CHUCK, false, 'USR_ILLEGAL_ARGUMENT', 3n],
    [[ANNE, BOB], 1, DARLENE, false, 'USR_FORBIDDEN', 1n],
    [[ANNE], 1, ANNE, false, 'USR_FORBIDDEN', 1n],
    [[ANNE, BOB], 1, BOB, true, 'USR_ILLEGAL_ARGUMENT', 1n],
    [[ANNE, BOB, CHUCK], 2, BOBS_KEY, true, 'OK', 1n],
  ] as const)('are removed (case %#)', async (signers, before, signer, decrease, exit, threshold) => {
    const harness = await MultisigHarness.constructed(signers, before)
    expect(
      harness.call(MULTISIG, REMOVE_SIGNER, removeSignerParametersCodec, { signer, decrease }).exit,
    ).toBe(exit)
    expect(harness.state.numApprovalsThreshold).toBe(threshold)
    expect(harness.state.signers).toHaveLength(exit === 'OK' ? signers.length - 1 : signers.length)
  })

  it.each([
    [BOB, CHUCK, 'OK', [100n, 102n]],
    [BOBS_KEY, CHUCK, 'OK', [100n, 102n]],
    [DARLENE, CHUCK, 'USR_FORBIDDEN', [100n, 101n]],
    [BOB, ANNE, 'USR_ILLEGAL_ARGUMENT', [100n, 101n]],
    [BOB, idAddress(999n), 'USR_NOT_FOUND', [100n, 101n]],
  ] as const)('are swapped (case %#)', async (from, to, exit, ids) => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 1)
    expect(harness.call(MULTISIG, SWAP_SIGNER, swapSignerParametersCodec, { from, to }).exit).toBe(exit)
    expect(harness.state.signers.map(({ id }) => id)).toEqual(ids)
  })

  it('take their approvals with them, and transactions that nobody else approves', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB, CHUCK], 3)
    harness.propose(ANNE, DARLENE, 1n)
    harness.propose(BOB, DARLENE, 2n)
    harness.approve(ANNE, 1n)
    harness.approve(BOB, 0n)
    harness.propose(ANNE, DARLENE, 3n)
    expect(
      harness.call(MULTISIG, SWAP_SIGNER, swapSignerParametersCodec, { from: ANNE, to: DARLENE }).exit,
    ).toBe('OK')
    expect(harness.pending.map(({ value, approved }) => [value, approved.map(({ id }) => id)])).toEqual(
      expect.arrayContaining([
        [1n, [101n]],
        [2n, [101n]],
      ]),
    )
    expect(harness.pending).toHaveLength(2)
  })

  it('are for the multisig itself to change', async () => {
    const harness = await MultisigHarness.constructed([ANNE, BOB], 1)
    const params = encodeValue(addSignerParametersCodec, { signer: CHUCK, increase: false })
    expect(harness.send(ANNE, MULTISIG, BigInt(ADD_SIGNER), params).exit).toBe('USR_FORBIDDEN')
    expect(returned(harness.propose(ANNE, MULTISIG, 0n, BigInt(ADD_SIGNER), params).data)).toMatchObject({
      ...{ applied: true, code: 0 },
    })
    expect(harness.state.signers.map(({ id }) => id)).toEqual([100n, 101n, 102n])
  })
})

describe('the threshold', () => {
  it.each([
    [0n, 'USR_ILLEGAL_ARGUMENT'],
    [1n, 'OK'],
    [3n, 'OK'],
    [4n, 'USR_ILLEGAL_ARGUMENT'],
  ])('can be one approval up to all: %s', async (newThreshold, exit) => {
    const harness = await MultisigHarness.constructed([ANNE, BOB, CHUCK], 2)
    const { CHANGE_NUM_APPROVALS_THRESHOLD: method } = MultisigMethod
    expect(
      harness.call(MULTISIG, method, changeNumApprovalsThresholdParametersCodec, { newThreshold }).exit,
    ).toBe(exit)
  })
})

describe('LockBalance', () => {
  const { LOCK_BALANCE } = MultisigMethod

  it('locks once, from an epoch in the past or the future', async () => {
    const harness = await MultisigHarness.constructed([ANNE], 1, { balance: 15n })
    const lock = { startEpoch: -100n, unlockDuration: 1000n, amount: 10n }
    expect(harness.call(MULTISIG, LOCK_BALANCE, lockBalanceParametersCodec, lock).exit).toBe('OK')
    expect(harness.state).toMatchObject({ startEpoch: -100n, unlockDuration: 1000n, initialBalance: 10n })
    expect(harness.propose(ANNE, BOB, 7n).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(harness.propose(ANNE, BOB, 6n).exit).toBe('OK')
    expect(harness.call(MULTISIG, LOCK_BALANCE, lockBalanceParametersCodec, lock).exit).toBe('USR_FORBIDDEN')
  })

  it.each([
    { startEpoch: 0n, unlockDuration: 0n, amount: 1n },
    { startEpoch: 0n, unlockDuration: -1n, amount: 1n },
    { startEpoch: 0n, unlockDuration: 1n, amount: -1n },
  ])('refuses %o', async (lock) => {
    const harness = await MultisigHarness.constructed([ANNE], 1)
    expect(harness.call(MULTISIG, LOCK_BALANCE, lockBalanceParametersCodec, lock).exit).toBe(
      'USR_ILLEGAL_ARGUMENT',
    )
  })
})
