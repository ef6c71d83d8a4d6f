import { loadCrypto } from '@troupe/crypto'
import { ExitCode } from '@troupe/hypervisor'
import { CborStore, MemoryBlockstore } from '@troupe/ipld'
import { ActorError } from '@troupe/runtime-native'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokenState, TokenBooks } from '../src/frc46/token-state.ts'

const crypto = await loadCrypto()

/** Expectations of single steps are those of frc46_token 15.0.0 src/token/state.rs. */
function newBooks(hamtBitWidth?: number): TokenBooks {
  const blocks = new MemoryBlockstore()
  const openStore = (): CborStore => new CborStore(blocks, crypto)
  return new TokenBooks(openStore, createTokenState(openStore, hamtBitWidth))
}

/** The exit code of what fails, and what it gives otherwise. */
function attempt<T>(run: () => T): T | { exitCode: number } {
  try {
    return run()
  } catch (error) {
    if (error instanceof ActorError) return { exitCode: error.exitCode }
    throw error
  }
}

const INSUFFICIENT = { exitCode: ExitCode.USR_INSUFFICIENT_FUNDS }

describe('the books of a token', () => {
  it('keep balances, which cannot be negative', () => {
    const books = newBooks()
    expect(books.changeBalance(1n, 0n)).toBe(0n)
    expect(books.changeBalance(1n, 100n)).toBe(100n)
    expect(attempt(() => books.changeBalance(1n, -101n))).toEqual(INSUFFICIENT)
    expect(attempt(() => books.changeBalance(2n, -1n))).toEqual(INSUFFICIENT)
    expect(attempt(() => books.transfer(1n, 1n, 101n))).toEqual(INSUFFICIENT)
    books.transfer(1n, 1n, 100n)
    books.transfer(1n, 2n, 100n)
    expect([books.balance(1n), books.balance(2n)]).toEqual([0n, 100n])
  })

  it('keep a supply that cannot be negative', () => {
    const books = newBooks()
    books.changeSupply(5n)
    expect(attempt(() => books.changeSupply(-6n))).toEqual({ exitCode: ExitCode.USR_ILLEGAL_STATE })
    books.changeSupply(-5n)
    expect(books.state.supply).toBe(0n)
  })

  it('keep allowances, of which as much can be used as there is', () => {
    const books = newBooks()
    expect(attempt(() => books.useAllowance(1n, 2n, 0n))).toEqual(INSUFFICIENT)
    expect(books.useAllowance(1n, 1n, 0n)).toBe(0n)
    expect(books.setAllowance(1n, 2n, 10n)).toBe(0n)
    expect(books.setAllowance(1n, 2n, 12n)).toBe(10n)
    expect(attempt(() => books.useAllowance(1n, 2n, 13n))).toEqual(INSUFFICIENT)
    expect(books.useAllowance(1n, 2n, 0n)).toBe(12n)
    expect(books.useAllowance(1n, 2n, 4n)).toBe(8n)
    expect(attempt(() => books.setAllowance(1n, 2n, -1n))).toEqual({ exitCode: ExitCode.USR_ILLEGAL_STATE })
    expect(books.setAllowance(1n, 2n, 0n)).toBe(8n)
    expect(books.allowance(1n, 2n)).toBe(0n)
  })

  it('refuse amounts that a state cannot hold', () => {
    const most = 2n ** 1016n - 1n
    const books = newBooks()
    expect(books.changeBalance(1n, most)).toBe(most)
    expect(attempt(() => books.changeBalance(1n, 1n))).toEqual({ exitCode: ExitCode.USR_SERIALIZATION })
    expect(attempt(() => books.changeAllowance(1n, 2n, most + 1n))).toEqual({
      exitCode: ExitCode.USR_SERIALIZATION,
    })
    expect(attempt(() => newBooks(9))).toEqual({ exitCode: ExitCode.USR_SERIALIZATION })
  })

  it('agree with a map of what has happened, and forget what is zero', () => {
    const actor = fc.bigInt(0n, 12n).map((id) => id * 37n)
    const step = fc.tuple(
      fc.constantFrom('balance', 'allowance', 'set', 'revoke'),
      actor,
      actor,
      fc.bigInt(-40n, 60n),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom(1, 3, 8), (steps, width) => {
        const books = newBooks(width)
        const empty = books.state
        const balances = new Map<bigint, bigint>()
        const allowances = new Map<string, bigint>()
        for (const [kind, a, b, amount] of steps) {
          const pair = `${a} ${b}`
          const allowed = allowances.get(pair) ?? 0n
          if (kind === 'balance') {
            const sum = (balances.get(a) ?? 0n) + amount
            expect(attempt(() => books.changeBalance(a, amount))).toEqual(sum < 0n ? INSUFFICIENT : sum)
            if (sum >= 0n) balances.set(a, sum)
          } else if (kind === 'allowance') {
            const sum = allowed + amount > 0n ? allowed + amount : 0n
            expect(books.changeAllowance(a, b, amount)).toBe(sum)
            allowances.set(pair, sum)
          } else if (kind === 'revoke' || amount < 0n) {
            expect(books.revokeAllowance(a, b)).toBe(allowed)
            allowances.delete(pair)
          } else {
            expect(books.setAllowance(a, b, amount)).toBe(allowed)
            allowances.set(pair, amount)
          }
        }
        for (const [owner, balance] of balances) expect(books.balance(owner)).toBe(balance)
        for (const [pair, allowance] of allowances) {
          const [owner, operator] = pair.split(' ').map(BigInt) as [bigint, bigint]
          expect(books.allowance(owner, operator)).toBe(allowance)
          books.revokeAllowance(owner, operator)
        }
        for (const [owner, balance] of balances) books.changeBalance(owner, -balance)
        expect(books.state.balances.equals(empty.balances)).toBe(true)
        expect(books.state.allowances.equals(empty.allowances)).toBe(true)
      }),
      { seed: 20_261_123, numRuns: 30 },
    )
  })
})
