import { idAddress, type Kernel, OPERATIONS, SignatureType } from '@troupe/hypervisor'
import { CborReader, DAG_CBOR } from '@troupe/ipld'
import { Chain, decodeBlockHeader, loadBlockMessages, loadReceipts, tipsetKeyCid } from 'troupe'
import { describe, expect, it } from 'vitest'
import { balanceOf, createTestChain, messageOf } from './test-chain.ts'

const code = (value: string) => expect.objectContaining({ code: value })

describe('a chain', () => {
  it('begins with a block without messages, whose state is the one it was given', async () => {
    const { chain } = await createTestChain()
    const { header, stateRoot } = chain.head
    expect(header.height).toBe(0n)
    expect(header.parents).toEqual([])
    expect(header.parentStateRoot).toEqual(stateRoot)
    expect(header.timestamp).toBe(1_700_000_000n)
  })

  it('produces a block of messages, in which every field names what came before', async () => {
    const { chain } = await createTestChain()
    const genesis = chain.head
    const { tipset, messages } = chain.produce([{ message: messageOf(0n, { value: 5n }) }])
    expect(chain.head).toBe(tipset)
    expect(messages).toHaveLength(1)
    expect(messages[0]?.result.receipt.exitCode).toBe(0)
    expect(balanceOf(chain, 101n)).toBe(1000n * 10n ** 18n + 5n)

    const header = decodeBlockHeader(chain.blocks.getBlock(tipset.cid))
    expect(header.parents).toEqual([genesis.cid])
    expect(header.parentStateRoot).toEqual(genesis.stateRoot)
    expect(header.parentMessageReceipts).toEqual(genesis.receiptsRoot)
    expect(header.height).toBe(1n)
    expect(header.timestamp).toBe(1_700_000_030n)
    expect(header.parentWeight).toBe(1n)
    expect(loadBlockMessages(chain.blocks, header.messages).bls).toEqual([messageOf(0n, { value: 5n })])
    expect(loadReceipts(chain.blocks, chain.rules.rules, tipset.receiptsRoot)).toEqual([
      messages[0]?.result.receipt,
    ])
    expect(chain.findMessage(messages[0]?.cid ?? tipset.cid)).toEqual({ block: tipset.cid, index: 0 })
  })

  it('gives the next block the receipts and the state of the one before, and the base fee that follows from its messages', async () => {
    const { chain } = await createTestChain()
    const { tipset } = chain.produce([{ message: messageOf(0n) }])
    const { tipset: next } = chain.produce([])
    expect(next.header.parentMessageReceipts).toEqual(tipset.receiptsRoot)
    expect(next.header.parentStateRoot).toEqual(tipset.stateRoot)
    expect(tipset.header.parentBaseFee).toBe(87_500_000n)
    expect(next.header.parentBaseFee).toBe(76_562_500n)
  })

  it('executes unsigned messages before signed ones, and names the signed by their signature', async () => {
    const { chain } = await createTestChain()
    const signature = { type: SignatureType.SECP256K1, data: new Uint8Array(65) }
    const signed = messageOf(1n)
    const unsigned = messageOf(0n)
    const { messages, tipset } = chain.produce([{ message: signed, signature }, { message: unsigned }])
    expect(messages.map(({ message }) => message.sequence)).toEqual([0n, 1n])
    expect(loadBlockMessages(chain.blocks, tipset.header.messages).secp256k1).toEqual([
      { message: signed, signature },
    ])
    // The signature of 65 bytes is paid for.
    const [first, second] = messages.map(({ result }) => result.receipt.gasUsed)
    expect(second).toBeGreaterThan(first ?? 0n)
  })

  it('runs cron at every epoch, those without a block included, and pays the reward once a block', async () => {
    const ticks: bigint[] = []
    const rewards: Uint8Array[] = []
    const { chain } = await createTestChain({
      cron: (kernel) => {
        ticks.push(kernel.calls.machine.context.epoch)
        return 0
      },
      reward: (kernel, parameters) => {
        rewards.push(kernel.blocks.get(parameters).data)
        return 0
      },
    })
    chain.produce([{ message: messageOf(0n) }], { epochs: 4n })
    expect(chain.head.header.height).toBe(4n)
    expect(ticks).toEqual([1n, 2n, 3n, 4n])
    expect(rewards).toHaveLength(1)
    const reader = new CborReader(rewards[0] ?? new Uint8Array())
    reader.tuple(4)
    expect(reader.bytes()).toEqual(idAddress(101n).bytes)
    expect(reader.bigInt()).toBe(0n)
    expect(reader.bigInt()).toBe(100n * 10_000_000n)
    expect(reader.int64()).toBe(1n)
  })

  it('does not go on where cron fails', async () => {
    const { chain } = await createTestChain({
      cron: (kernel) =>
        (OPERATIONS['vm.exit'] as (kernel: Kernel, ...rest: unknown[]) => never)(kernel, 40, 0, undefined),
    })
    const before = chain.head
    expect(() => chain.produce([])).toThrow(code('chain/system-failed'))
    expect(chain.head).toBe(before)
  })

  it('answers actors with its own tipsets, the last one before an epoch without', async () => {
    const answers: unknown[] = []
    const { chain } = await createTestChain(
      {
        asker: (kernel) => {
          const ask = OPERATIONS['network.tipsetCid'] as (kernel: Kernel, epoch: bigint) => unknown
          for (const epoch of [0n, 1n, 2n, 3n]) answers.push(ask(kernel, epoch))
          return 0
        },
      },
      { '102': { code: 'asker' } },
    )
    const [genesis, later] = [chain.head, chain.produce([], { epochs: 3n }).tipset]
    chain.produce([{ message: messageOf(0n, { to: idAddress(102n), method: 2n }) }])
    expect(answers).toEqual([genesis.key, genesis.key, genesis.key, later.key])
    expect(later.key).toEqual(tipsetKeyCid(chain.blocks.crypto, [later.cid]))
  })

  it('stores the events of a message under the root that its receipt names', async () => {
    const { chain } = await createTestChain(
      {
        emitter: (kernel) => {
          kernel.calls.events.append({
            emitter: 102n,
            entries: [{ flags: 3n, key: 'k', codec: 0x55n, value: Uint8Array.of(7) }],
          })
          return 0
        },
      },
      { '102': { code: 'emitter' } },
    )
    const { messages } = chain.produce([{ message: messageOf(0n, { to: idAddress(102n), method: 2n }) }])
    const root = messages[0]?.result.receipt.eventsRoot
    expect(root?.code).toBe(DAG_CBOR)
    expect(chain.blocks.blocks.has(root ?? chain.head.cid)).toBe(true)
  })

  it('refuses more gas than a block has, a message twice, and a block at its own epoch', async () => {
    const { chain } = await createTestChain()
    const half = { gasLimit: 5_000_000_000n }
    expect(() =>
      chain.produce([
        { message: messageOf(0n, half) },
        { message: messageOf(1n, { gasLimit: 5_000_000_001n }) },
      ]),
    ).toThrow(code('block/gas-limit'))
    expect(() => chain.produce([{ message: messageOf(0n) }, { message: messageOf(0n) }])).toThrow(
      code('block/repeated-message'),
    )
    expect(() => chain.produce([], { epochs: 0n })).toThrow(code('chain/epochs'))
    const { messages } = chain.produce([{ message: messageOf(0n, half) }, { message: messageOf(1n, half) }])
    expect(messages).toHaveLength(2)
  })

  it('gives the same blocks to everyone who asks for the same', async () => {
    const run = async (): Promise<string> => {
      const { chain } = await createTestChain()
      chain.produce([{ message: messageOf(0n, { value: 1n }) }])
      chain.produce([{ message: messageOf(1n, { value: 2n }) }], { epochs: 7n })
      return String(chain.head.cid)
    }
    expect(await run()).toBe(await run())
  })
})

describe('the history of a chain', () => {
  it('is found again on the store', async () => {
    const { chain, options } = await createTestChain()
    chain.produce([{ message: messageOf(0n) }])
    expect(Chain.open(options)?.head).toEqual(chain.head)
  })

  it('can be returned to, and left for another branch and back', async () => {
    const { chain } = await createTestChain()
    const genesis = chain.head
    const first = chain.produce([{ message: messageOf(0n, { value: 1n }) }]).tipset
    const second = chain.produce([], { epochs: 5n }).tipset

    chain.checkout(genesis)
    expect(balanceOf(chain, 101n)).toBe(1000n * 10n ** 18n)
    const other = chain.produce([{ message: messageOf(0n, { value: 9n }) }]).tipset
    expect(other.cid).not.toEqual(first.cid)
    expect(chain.tipsetAtOrBelow(100n)).toEqual(other)

    chain.checkout(second)
    expect(chain.tipsetAtOrBelow(100n)).toEqual(second)
    expect(chain.tipsetAtOrBelow(5n)).toEqual(first)
    expect(balanceOf(chain, 101n)).toBe(1000n * 10n ** 18n + 1n)
    // Nothing changed after the first.
    expect(chain.tipsetOfRoot(first.stateRoot)).toEqual(second)
  })

  it('is found at any height in few steps, on each branch', async () => {
    const { chain } = await createTestChain()
    const heights = new Map<bigint, string>()
    for (let number = 0; number < 130; number++) {
      const { header, key } = chain.produce([], { epochs: number % 3 === 0 ? 2n : 1n }).tipset
      heights.set(header.height, String(key))
    }
    const last = chain.head.header.height
    let expected = chain.tipsetAtOrBelow(0n)
    for (let epoch = 0n; epoch <= last + 3n; epoch++) {
      const known = heights.get(epoch)
      const found = chain.tipsetAtOrBelow(epoch)
      expect(String(found?.key)).toBe(known ?? String(expected?.key))
      expected = found
    }
    expect(chain.tipsetAtOrBelow(-1n)).toBeUndefined()
  })

  it('is found by the key of a tipset too, on the head or not', async () => {
    const { chain, options } = await createTestChain()
    const genesis = chain.head
    const { tipset } = chain.produce([{ message: messageOf(0n) }])
    expect(chain.tipsetOfKey(tipset.key)).toEqual(tipset)
    expect(Chain.open(options)?.tipsetOfKey(genesis.key)).toEqual(genesis)
    chain.checkout(genesis)
    expect(chain.tipsetOfKey(tipset.key)).toEqual(tipset)
    expect(chain.tipsetOfKey(tipset.cid)).toBeUndefined()
  })

  it('has no tipset of a block that was not executed', async () => {
    const { chain } = await createTestChain()
    expect(() => chain.tipset(chain.head.stateRoot)).toThrow(code('chain/no-tipset'))
    expect(chain.tipsetOfRoot(chain.head.cid)).toBeUndefined()
  })
})

describe('a replay', () => {
  it('shows the state between the messages, as it was', async () => {
    const { chain } = await createTestChain()
    chain.produce([{ message: messageOf(0n, { value: 1n }) }, { message: messageOf(1n, { value: 2n }) }])
    const seen: string[] = []
    chain.replay(chain.head, {
      observe: (moment, index, { state }) =>
        seen.push(`${moment} ${index} ${(state.getActor(101n)?.balance ?? 0n) - 1000n * 10n ** 18n}`),
    })
    expect(seen).toEqual(['before 0 0', 'after 0 1', 'before 1 1', 'after 1 3'])
  })
})

describe('a machine after a tipset', () => {
  it('is at the next epoch, or in whatever block is wanted', async () => {
    const { chain } = await createTestChain()
    expect(chain.machineAfter().context).toMatchObject({ epoch: 1n, timestamp: 1_700_000_030n })
    const context = { epoch: 7n, timestamp: 5n, baseFee: 9n }
    expect(chain.machineAfter(chain.head, context).context).toMatchObject(context)
    expect(chain.machineAfter(chain.head, { epoch: 7n }).context.timestamp).toBe(1_700_000_210n)
  })
})

describe('a simulation', () => {
  it('shows what a message would do, and leaves the chain as it was', async () => {
    const { chain } = await createTestChain()
    const before = chain.head
    const result = chain.simulate(messageOf(77n, { value: 3n }))
    expect(result.receipt.exitCode).toBe(0)
    expect(chain.head).toBe(before)
    expect(balanceOf(chain, 101n)).toBe(1000n * 10n ** 18n)
  })
})
