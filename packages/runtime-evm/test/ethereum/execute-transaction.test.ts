import type { EthereumTransaction } from '@troupe/runtime-evm/ethereum'
import { describe, expect, it } from 'vitest'
import { COINBASE, CONTRACT, createWorld, SENDER, type WorldOptions } from '../support/ethereum.ts'

const BLOBS = { maxFee: 10n, hashes: [1n << 248n] }

describe('a transaction', () => {
  it('moves value, pays its gas, burns the base fee and tips the coinbase', () => {
    const { state, execute } = createWorld({ senderBalance: 1_000_000n })
    expect(execute({ to: 0xabcn, value: 5n, gasLimit: 30_000n })).toMatchObject({
      isSuccess: true,
      gasUsed: 21_000n,
    })
    expect(state.account(0xabcn).balance).toBe(5n)
    expect(state.account(SENDER).balance).toBe(1_000_000n - 5n - 21_000n * 8n)
    expect(state.account(COINBASE).balance).toBe(21_000n)
    expect(state.account(SENDER).nonce).toBe(1n)
  })

  it.each<[reason: string, transaction: Partial<EthereumTransaction>, options?: WorldOptions]>([
    ['type', { type: 3, blobs: BLOBS }, { fork: 'shanghai' }],
    ['type', { type: 2 }, { fork: 'berlin' }],
    ['type', { type: 1 }, { fork: 'istanbul' }],
    ['nonce-too-high', { nonce: 1n }],
    ['nonce-exhausted', { nonce: (1n << 64n) - 1n }],
    ['sender-has-code', { sender: CONTRACT, nonce: 1n }, { code: [0] }],
    ['balance', {}, { senderBalance: 9_999_999n }],
    ['balance', { value: 1n }, { senderBalance: 10_000_000n }],
    ['intrinsic-gas', { gasLimit: 20_999n }],
    ['intrinsic-gas', { gasLimit: 21_000n + 16n + 4n - 1n, data: Uint8Array.of(0, 1) }],
    [
      'intrinsic-gas',
      { gasLimit: 21_000n + 2_400n + 1_900n - 1n, accessList: [{ address: 1n, keys: [1n] }] },
    ],
    ['intrinsic-gas', { gasLimit: 53_000n + 2n + 4n - 1n, to: undefined, data: Uint8Array.of(0) }],
    ['intrinsic-gas', { gasLimit: 21_000n + 40n - 1n, data: Uint8Array.of(1) }, { fork: 'prague' }],
    ['block-gas-limit', { gasLimit: 30_000_001n }],
    ['transaction-gas-limit', { gasLimit: 0x100_0001n }, { fork: 'osaka' }],
    ['fee-below-base', { maxFee: 6n, maxPriorityFee: 0n }],
    ['priority-above-fee', { maxPriorityFee: 11n }],
    ['fee-overflow', { maxFee: 1n << 250n }],
    ['init-code-size', { to: undefined, data: new Uint8Array(49_153) }],
    ['blob-count', { type: 3, blobs: { ...BLOBS, hashes: [] } }],
    ['blob-count', { type: 3, blobs: { ...BLOBS, hashes: Array(7).fill(1n << 248n) } }],
    ['blob-version', { type: 3, blobs: { ...BLOBS, hashes: [2n << 248n] } }],
    ['blob-fee', { type: 3, blobs: { ...BLOBS, maxFee: 0n } }],
    ['blob-creates', { type: 3, blobs: BLOBS, to: undefined }],
  ])('is refused, and changes nothing: %s', (reason, transaction, options) => {
    const { state, execute } = createWorld(options)
    expect(execute(transaction)).toEqual({ kind: 'refused', reason })
    expect([state.account(SENDER).nonce, state.account(COINBASE).balance]).toEqual([0n, 0n])
  })

  it('is refused that came before', () => {
    const { execute } = createWorld()
    execute()
    expect(execute()).toEqual({ kind: 'refused', reason: 'nonce-too-low' })
  })

  it.each<[transaction: Partial<EthereumTransaction>, options: WorldOptions]>([
    [{ gasLimit: 53_000n + 2n + 4n, to: undefined, data: Uint8Array.of(0) }, {}],
    [{ gasLimit: 0x100_0000n }, { fork: 'osaka' }],
    [{ to: undefined, data: new Uint8Array(49_152) }, {}],
    [{ type: 3, blobs: { ...BLOBS, hashes: Array(6).fill(1n << 248n) } }, {}],
    [{}, { senderBalance: 10_000_000n }],
  ])('runs at the last value that is allowed', (transaction, options) => {
    expect(createWorld(options).execute(transaction).kind).toBe('executed')
  })

  it('is not supported where it sets code', () => {
    expect(() => createWorld().execute({ type: 4 })).toThrow(
      expect.objectContaining({ code: 'evm/unsupported', feature: 'EIP-7702' }),
    )
  })

  it('may have more gas than doubles count, which calls divide exactly', () => {
    // Stores its gas in slot 0 of itself, and what it has after a call that uses nothing in slot 1.
    const code = [
      0x5a, 0x5f, 0x55, 0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x61, 0x10, 0x00, 0x5a, 0xf1, 0x5a, 0x60, 1, 0x55,
    ]
    const gasLimit = (1n << 63n) - 1n
    const { state, execute } = createWorld({ code, block: { gasLimit }, senderBalance: 1n << 80n })
    const outcome = execute({ gasLimit })
    const before = gasLimit - 21_002n
    // SSTORE of a cold slot that was 0; the call of an account that is not there; their operands.
    const after = before - 2n - 22_100n - 5n * 2n - 3n - 2n - 2_600n - 2n
    const { slots } = state.account(CONTRACT)
    expect([...slots.values()].map(({ value }) => value)).toEqual([before, after])
    expect(outcome).toMatchObject({ isSuccess: true, gasUsed: gasLimit - (after - 3n - 22_100n) })
    expect(
      createWorld({ code: [0xfe], block: { gasLimit }, senderBalance: 1n << 80n }).execute({ gasLimit }),
    ).toMatchObject({
      gasUsed: gasLimit,
    })
  })

  it('pays for blobs what they cost in its block, and for input at least its floor', () => {
    const blobs = createWorld({ block: { excessBlobGas: 10_000_000n } })
    blobs.execute({ type: 3, blobs: { ...BLOBS, maxFee: 100n } })
    // e^(10,000,000 / 3,338,477) is 19.99.
    expect(blobs.state.account(SENDER).balance).toBe((1n << 64n) - 21_000n * 8n - 131_072n * 19n)
    const floor = createWorld({ fork: 'prague' }).execute({ data: new Uint8Array(100).fill(1) })
    expect(floor).toMatchObject({ gasUsed: 21_000n + 100n * 40n })
  })
})

describe('a contract', () => {
  const SSTORE_ZERO = [0x5f, 0x5f, 0x55]

  it.each([
    ['berlin', 21_000 + 4 + 5_000, 2],
    ['london', 21_000 + 4 + 5_000, 5],
  ])('has no more back than a part of what it used: %s', (fork, used, divisor) => {
    // PUSH0 came later.
    const { execute } = createWorld({ fork, code: [0x3d, 0x3d, 0x55], storage: [[0n, 1n]] })
    const refund = Math.min(fork === 'berlin' ? 15_000 : 4_800, Math.floor(used / divisor))
    expect(execute({ type: 0, maxFee: 8n, maxPriorityFee: 8n })).toMatchObject({
      gasUsed: BigInt(used - refund),
    })
  })

  it('has nothing back where it fails, and changes nothing', () => {
    const { state, execute } = createWorld({ code: [...SSTORE_ZERO, 0xfe], storage: [[0n, 1n]] })
    expect(execute({ value: 3n })).toMatchObject({ isSuccess: false, gasUsed: 1_000_000n, logs: [] })
    expect(state.account(CONTRACT).slot(0n).value).toBe(1n)
    expect(state.account(CONTRACT).balance).toBe(0n)
  })

  it('returns the gas that is left where it reverts', () => {
    expect(createWorld({ code: [0x5f, 0x5f, 0xfd] }).execute()).toMatchObject({
      isSuccess: false,
      gasUsed: 21_004n,
    })
  })

  it('forgets transient storage at the end of a transaction, and what was accessed', () => {
    // Stores in slot 0 what is in transient slot 0, and 1 there.
    const { state, execute } = createWorld({ code: [0x5f, 0x5c, 0x5f, 0x55, 0x60, 1, 0x5f, 0x5d] })
    const first = execute()
    const second = execute({ nonce: 1n })
    expect(second).toMatchObject({
      kind: 'executed',
      gasUsed: first.kind === 'executed' ? first.gasUsed : 0n,
    })
    expect(state.account(CONTRACT).slot(0n).value).toBe(0n)
  })

  it('is created with the code that its constructor returns', () => {
    const { state, execute } = createWorld()
    const outcome = execute({
      to: undefined,
      data: Uint8Array.of(0x60, 0x5b, 0x5f, 0x53, 0x60, 1, 0x5f, 0xf3),
      value: 2n,
    })
    expect(outcome).toMatchObject({ isSuccess: true, output: Uint8Array.of(0x5b) })
    const created = state.account((outcome as { created: bigint }).created)
    expect([created.nonce, created.balance, created.code.bytes]).toEqual([1n, 2n, Uint8Array.of(0x5b)])
  })

  it.each([
    ['begins with 0xef', [0x60, 0xef, 0x5f, 0x53, 0x60, 1, 0x5f, 0xf3]],
    ['is longer than 24,576 bytes', [0x61, 0x60, 0x01, 0x5f, 0xf3]],
  ])('is not created with code that %s', (_why, data) => {
    const { execute } = createWorld()
    const gasLimit = 10_000_000n
    expect(execute({ to: undefined, data: Uint8Array.from(data), gasLimit })).toMatchObject({
      isSuccess: false,
      gasUsed: 10_000_000n,
    })
    expect(
      createWorld().execute({ to: undefined, data: Uint8Array.of(0x61, 0x60, 0, 0x5f, 0xf3), gasLimit }),
    ).toMatchObject({
      isSuccess: true,
    })
  })

  it('is gone after it destroyed itself, which since Cancun only a new one does', () => {
    const code = [0x60, 1, 0xff]
    const cancun = createWorld({ code })
    cancun.execute({ value: 7n })
    expect(cancun.state.account(CONTRACT).nonce).toBe(1n)
    expect(cancun.state.account(1n).balance).toBe(7n)
    const shanghai = createWorld({ code, fork: 'shanghai' })
    shanghai.execute({ value: 7n })
    expect(shanghai.state.account(CONTRACT).nonce).toBe(0n)
    const created = cancun.execute({ nonce: 1n, to: undefined, data: Uint8Array.from(code) })
    const address = (created as { created: bigint }).created
    expect(cancun.state.account(address).isPresent).toBe(false)
  })

  it('calls itself 1,024 levels deep, and no deeper', () => {
    // Counts its calls in slot 0: 63/64 of the gas would end it much earlier if it were less.
    const count = [0x60, 1, 0x5f, 0x54, 0x01, 0x5f, 0x55]
    const call = [0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x30, 0x5a, 0xf1]
    const { state, execute } = createWorld({ code: [...count, ...call], block: { gasLimit: 1n << 50n } })
    expect(execute({ gasLimit: 1n << 49n })).toMatchObject({ isSuccess: true })
    expect(state.account(CONTRACT).slot(0n).value).toBe(1025n)
  })
})
