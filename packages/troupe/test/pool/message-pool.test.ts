import { loadCrypto } from '@troupe/crypto'
import { encodeMessage, HypervisorError, idAddress, type Message } from '@troupe/hypervisor'
import { CborWriter, type Cid, cidOf, DAG_CBOR } from '@troupe/ipld'
import {
  type Account,
  BLOCK_GAS_LIMIT,
  type Chain,
  deriveAccounts,
  MessagePool,
  POOL_LIMITS,
  secp256k1Signer,
  signMessage,
} from 'troupe'
import { describe, expect, it } from 'vitest'
import { createTestChain, messageOf } from '../chain/test-chain.ts'

const code = (value: string) => expect.objectContaining({ code: value })
const UNSIGNED = { unsigned: true }
const FIL = 10n ** 18n
const crypto = await loadCrypto()
const [alice] = deriveAccounts(crypto, { count: 1 }) as [Account]

async function createPool(limits = POOL_LIMITS): Promise<{ chain: Chain; pool: MessagePool }> {
  const state = new CborWriter().array(1).bytes(alice.address.bytes).finish()
  const head = cidOf(crypto, DAG_CBOR, state)
  const account = { code: 'account', balance: FIL, address: alice.address, head }
  const { chain } = await createTestChain({}, { '200': account, '300': { code: 'account', balance: FIL } })
  chain.blocks.putBlock(DAG_CBOR, state)
  return { chain, pool: new MessagePool(chain, limits) }
}

describe('a message pool', () => {
  it.each<[string, Partial<Message>]>([
    ['version', { version: 1n }],
    ['value', { value: -1n }],
    ['value', { value: 2_000_000_000n * FIL + 1n }],
    ['gasFeeCap', { gasFeeCap: 99n, gasPremium: 0n }],
    ['gasPremium', { gasPremium: -1n }],
    ['gasPremium', { gasPremium: 10n ** 9n + 1n }],
    ['gasLimit', { gasLimit: 0n }],
    ['gasLimit', { gasLimit: 1n }],
    ['gasLimit', { gasLimit: BLOCK_GAS_LIMIT + 1n }],
    ['sequence', { sequence: -1n }],
    ['sequence', { sequence: 2n ** 64n }],
    ['method', { method: 2n ** 64n }],
    ['from', { from: idAddress(999n) }],
    ['from', { from: idAddress(1n) }],
    ['balance', { value: 1000n * FIL }],
  ])('refuses a message whose %s is wrong (case %#)', async (field, fields) => {
    const { pool } = await createPool()
    expect(() => pool.add({ message: messageOf(0n, fields) }, UNSIGNED)).toThrow(code(`message/${field}`))
    expect(pool.size).toBe(0)
  })

  it('takes the longest message, and refuses one byte more', async () => {
    const { pool } = await createPool()
    const messageWith = (length: number): Message =>
      messageOf(0n, { gasLimit: 10n ** 9n, params: new Uint8Array(length) })
    const longest = POOL_LIMITS.messageBytes - (encodeMessage(messageWith(60_000)).length - 60_000)
    expect(encodeMessage(messageWith(longest))).toHaveLength(POOL_LIMITS.messageBytes)
    expect(() => pool.add({ message: messageWith(longest + 1) }, UNSIGNED)).toThrow(code('message/params'))
    pool.add({ message: messageWith(longest) }, UNSIGNED)
    expect(pool.size).toBe(1)
  })

  it('takes signatures of the sender and no others, and no message without one from strangers', async () => {
    const { pool } = await createPool()
    const message = messageOf(0n, { from: alice.address })
    expect(() => pool.add({ message })).toThrow(code('message/signature'))
    const other = secp256k1Signer(crypto, new Uint8Array(32).fill(9))
    expect(() => pool.add(signMessage(crypto, other, message))).toThrow(code('message/signature'))
    const cid = pool.add(signMessage(crypto, alice, message))
    expect(pool.pending.map((pending) => pending.cid)).toEqual([cid])
  })

  it('finds the key of a sender that is named by its id', async () => {
    const { pool } = await createPool()
    const message = messageOf(0n, { from: idAddress(200n) })
    pool.add(signMessage(crypto, alice, message))
    expect(pool.size).toBe(1)
  })

  it('counts the sequence numbers of a sender, those that wait included, and bounds the gap', async () => {
    const { chain, pool } = await createPool()
    expect(pool.nextSequence(idAddress(100n))).toBe(0n)
    pool.add({ message: messageOf(0n) }, UNSIGNED)
    expect(pool.nextSequence(idAddress(100n))).toBe(1n)
    expect(() => pool.add({ message: messageOf(6n) }, UNSIGNED)).toThrow(code('pool/sequence-gap'))
    pool.add({ message: messageOf(5n) }, UNSIGNED)
    // Only what has no gap before it can be executed.
    expect(pool.select().map(({ message }) => message.sequence)).toEqual([0n])

    chain.produce(pool.select())
    pool.settle()
    expect(pool.size).toBe(1)
    expect(() => pool.add({ message: messageOf(0n) }, UNSIGNED)).toThrow(code('message/sequence'))
  })

  it('replaces a message by a better paid one, and tells what that takes', async () => {
    const { pool } = await createPool()
    pool.add({ message: messageOf(0n, { gasPremium: 1000n }) }, UNSIGNED)
    expect(() => pool.add({ message: messageOf(0n, { gasPremium: 1000n }) }, UNSIGNED)).toThrow(
      code('pool/known'),
    )
    expect(() => pool.add({ message: messageOf(0n, { gasPremium: 1100n }) }, UNSIGNED)).toThrow(
      code('pool/underpriced'),
    )
    pool.add({ message: messageOf(0n, { gasPremium: 1101n }) }, UNSIGNED)
    expect(pool.pending.map(({ message }) => message.gasPremium)).toEqual([1101n])
  })

  it('asks whether all messages of a sender together can be paid', async () => {
    const { pool } = await createPool()
    const from = idAddress(300n)
    pool.add({ message: messageOf(0n, { from, value: FIL / 2n }) }, UNSIGNED)
    expect(() => pool.add({ message: messageOf(1n, { from, value: FIL / 2n }) }, UNSIGNED)).toThrow(
      code('message/balance'),
    )
  })

  it('is full at its limits, for a sender and for all', async () => {
    const { pool } = await createPool({ ...POOL_LIMITS, messages: 3, messagesOfSender: 2 })
    pool.add({ message: messageOf(0n) }, UNSIGNED)
    pool.add({ message: messageOf(1n) }, UNSIGNED)
    expect(() => pool.add({ message: messageOf(2n) }, UNSIGNED)).toThrow(code('pool/full'))
    pool.add({ message: messageOf(0n, { from: idAddress(101n) }) }, UNSIGNED)
    expect(() => pool.add({ message: messageOf(0n, { from: idAddress(300n) }) }, UNSIGNED)).toThrow(
      code('pool/full'),
    )
    pool.add({ message: messageOf(1n, { gasPremium: 10_000n }) }, UNSIGNED)
    expect(pool.size).toBe(3)
    pool.clear()
    expect(pool.size).toBe(0)
  })

  it('forgets one message, and no other', async () => {
    const { pool } = await createPool()
    const first = pool.add({ message: messageOf(0n) }, UNSIGNED)
    const second = pool.add({ message: messageOf(1n) }, UNSIGNED)
    expect(pool.drop(second)).toBe(true)
    expect(pool.drop(second)).toBe(false)
    expect(pool.pending.map(({ cid }) => cid)).toEqual([first])
    expect(pool.drop(first)).toBe(true)
    expect(pool.size).toBe(0)
  })

  it('gives a block the best paid messages first, each sender in order, and no more gas than there is', async () => {
    const { pool } = await createPool()
    const add = (id: bigint, sequence: bigint, gasPremium: bigint, gasLimit = 10_000_000n): void => {
      const from = idAddress(id)
      pool.add(
        { message: messageOf(sequence, { from, gasPremium, gasLimit, gasFeeCap: 10n ** 8n }) },
        UNSIGNED,
      )
    }
    add(100n, 0n, 10n)
    add(100n, 1n, 10_000n)
    add(101n, 0n, 500n, BLOCK_GAS_LIMIT - 20_000_000n)
    add(101n, 1n, 400n, 20_000_000n)
    add(300n, 0n, 300n)
    const selected = pool.select().map(({ message }) => [message.from.id, message.sequence])
    // The first of 100 pays least, so the second of 101 was asked before, filled the block, and nothing else fits.
    expect(selected).toEqual([
      [101n, 0n],
      [101n, 1n],
    ])
  })

  it('keeps back what does not pay the base fee', async () => {
    const { chain, pool } = await createPool()
    pool.add({ message: messageOf(0n, { gasFeeCap: chain.baseFee - 1n }) }, UNSIGNED)
    expect(pool.select()).toEqual([])
    chain.produce([])
    expect(pool.select()).toHaveLength(1)
  })

  it('remembers the last thousand messages that were refused, and why', async () => {
    const { chain, pool } = await createPool()
    const reason = new HypervisorError('message/fidelity', 'it is simulated')
    const told: Cid[] = []
    const stop = pool.onRefusal(({ cid }) => told.push(cid))
    const refuse = (value: bigint): Cid => {
      const message = messageOf(0n, { from: alice.address, value })
      const cid = pool.add({ message }, UNSIGNED)
      expect(pool.refuse(new Map([[message, reason]]))).toMatchObject([{ cid, reason }])
      return cid
    }
    const first = refuse(0n)
    expect(pool.size).toBe(0)
    for (let value = 1n; value < 1000n; value++) refuse(value)
    expect(() => pool.checkRefused(first)).toThrow(reason)
    expect(pool.refusalOf(first.multihash.digest)?.cid).toEqual(first)
    expect(told).toHaveLength(1000)
    expect(told[0]).toEqual(first)
    stop()
    const last = refuse(1000n)
    expect(told).toHaveLength(1000)
    expect(() => pool.checkRefused(first)).not.toThrow()
    expect(() => pool.checkRefused(last)).toThrow(reason)
    expect(pool.refuse(new Map([[messageOf(0n), reason]]))).toEqual([])
    expect(chain.head.header.height).toBe(0n)
  })
})
