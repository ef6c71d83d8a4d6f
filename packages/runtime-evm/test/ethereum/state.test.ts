import { EthereumState } from '@troupe/runtime-evm/ethereum'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** All that can be seen of a state. */
function observe(state: EthereumState): unknown {
  const accounts = [0n, 1n, 2n].map((address) => {
    const account = state.account(address)
    const slots = [0n, 1n].map((key) => [account.slot(key).value, account.slot(key).isWarm])
    const { balance, nonce, isWarm, isTouched, isDestroyed, isCreated, transient } = account
    return {
      balance,
      nonce,
      isWarm,
      isTouched,
      isDestroyed,
      isCreated,
      slots,
      transient: transient.get('0') ?? 0n,
    }
  })
  return { accounts, logs: state.logs.length, refund: state.refund }
}

const change = fc.tuple(
  fc.integer({ min: 0, max: 9 }),
  fc.bigInt({ min: 0n, max: 2n }),
  fc.bigInt({ min: 0n, max: 1n }),
  fc.bigInt({ min: 0n, max: 5n }),
)

function apply(
  state: EthereumState,
  [kind, address, key, value]: readonly [number, bigint, bigint, bigint],
): void {
  const account = state.account(address)
  const changes = [
    () => state.setBalance(account, value),
    () => state.setNonce(account, value),
    () => state.setSlot(account.slot(key), value),
    () => state.setTransient(account, 0n, value),
    () => state.warm(account),
    () => state.warmSlot(account.slot(key)),
    () => state.markCreated(account),
    () => state.markDestroyed(account),
    () => state.addRefund(Number(value)),
    () => state.log({ address, topics: [], data: new Uint8Array(0) }),
  ]
  changes[kind]?.()
}

describe('a state', () => {
  it('goes back to a snapshot, whatever was changed since', () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (before, after) => {
        const state = new EthereumState()
        for (const one of before) apply(state, one)
        const seen = observe(state)
        const snapshot = state.snapshot()
        for (const one of after) apply(state, one)
        state.revert(snapshot)
        expect(observe(state)).toEqual(seen)
      }),
      { seed: 7 },
    )
  })

  it('drops touched accounts that are empty, and keeps those that were not touched', () => {
    const state = new EthereumState()
    const empty = { nonce: 0n, balance: 0n, code: new Uint8Array(0), storage: [] }
    state.put(1n, empty)
    state.put(2n, empty)
    state.touch(state.account(1n))
    state.finish()
    expect([...state.accounts()].map(({ address }) => address)).toEqual([2n])
  })

  it('keeps the third precompile touched, as the main network once did', () => {
    const state = new EthereumState()
    const snapshot = state.snapshot()
    state.touch(state.account(3n))
    state.touch(state.account(4n))
    state.revert(snapshot)
    expect([state.account(3n).isTouched, state.account(4n).isTouched]).toEqual([true, false])
  })
})
