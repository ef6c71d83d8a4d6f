import { Abort, CallTree, type Kernel, methodNumber } from '@troupe/hypervisor'
import { encodeIpld, type IpldValue } from '@troupe/ipld'
import { MemoryStore } from '@troupe/ipld/store'
import {
  ActorError,
  createTroupe,
  INITIAL_BASE_FEE,
  MAX_EPOCHS,
  networks,
  signMessage,
  type Troupe,
} from 'troupe'
import { describe, expect, it } from 'vitest'
import { createTestVm } from './test-vm.ts'

const FIL = 10n ** 18n
const code = (value: string) => expect.objectContaining({ code: value })

/** An actor that returns what it is called with, and one that fails. */
const echo = {
  echo: (_: Kernel, parameters: number): number => parameters,
  fails: (): never => {
    throw new Abort(33, 'not today')
  },
}
const echoActors = { '200': { code: 'echo' }, '201': { code: 'fails' } }

describe('a local chain', () => {
  it('sends value between its accounts, by any of their names', async () => {
    await using vm = await createTestVm()
    const [alice, bob] = vm.accounts
    const outcome = await vm.send({ to: bob ?? '', value: 5n })
    expect(outcome.exit).toEqual({ code: 0, name: 'OK' })
    expect(outcome.epoch).toBe(1n)
    expect(outcome.block).toEqual(vm.head.block)
    expect(outcome.trace).toBeInstanceOf(CallTree)
    expect(outcome.gas.used).toBeLessThanOrEqual(outcome.gas.limit)
    expect(await vm.balanceOf('f0101')).toBe(1000n * FIL + 5n)
    expect(await vm.balanceOf(101n)).toBe(1000n * FIL + 5n)
    expect(await vm.balanceOf(bob?.address ?? '')).toBe(1000n * FIL + 5n)
    expect(await vm.balanceOf(vm.format(alice?.address ?? expect.fail()))).toBeLessThan(1000n * FIL)
    expect(await vm.balanceOf(999n)).toBe(0n)
  })

  it('encodes parameters, and decodes what an actor returns', async () => {
    await using vm = await createTestVm(echo, echoActors)
    const actor = vm.actor('f0200')
    const value: IpldValue = [1n, 'two', Uint8Array.of(3), { four: null }]
    expect((await actor.send('Echo', value)).value).toEqual(value)
    expect((await actor.send(2, encodeIpld(value))).value).toEqual(value)
    expect((await actor.view(2n, value)).value).toEqual(value)
    const raw = await actor.send(2, Uint8Array.of(0xff))
    expect(raw.value).toBeUndefined()
    expect(raw.returnData).toEqual(Uint8Array.of(0xff))
    expect((await actor.send(2)).value).toBeUndefined()
  })

  it('numbers methods by their names', async () => {
    const methods: bigint[] = []
    await using vm = await createTestVm(
      {
        echo: (kernel) => {
          methods.push(kernel.context.method)
          return 0
        },
      },
      echoActors,
    )
    await vm.actor(200n).view('Transfer')
    expect(methods).toEqual([methodNumber(vm.crypto, 'Transfer')])
  })

  it('throws what an actor ends with, or gives it, as asked', async () => {
    await using vm = await createTestVm(echo, echoActors)
    const actor = vm.actor('f0201')
    const error: unknown = await actor.send(2).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ActorError)
    expect(error).toMatchObject({ code: 'actor/failed', outcome: { exit: { code: 33, name: 'ACTOR_33' } } })
    expect(String(error)).toContain('not today')
    expect(vm.head.epoch).toBe(1n)

    const outcome = await actor.trySend(2)
    expect(outcome.exit.code).toBe(33)
    expect(outcome.failure?.backtrace).toContain('f0201 method 2: not today')
    await expect(actor.view(2)).rejects.toThrow(code('actor/failed'))
    expect(vm.head.epoch).toBe(2n)
  })

  it('changes nothing with a view', async () => {
    await using vm = await createTestVm()
    const before = vm.head
    await vm.view({ to: 101n, value: 5n })
    expect(vm.head).toEqual(before)
  })

  it('takes signed messages of anyone, and signs for its accounts', async () => {
    await using vm = await createTestVm()
    const [alice, bob] = vm.accounts
    const outcome = await vm.send({ to: 101n, value: 1n }, { signed: true })
    expect(vm.chain.messagesOf(vm.chain.head).secp256k1).toHaveLength(1)

    const message = vm.prepare({ from: bob ?? '', to: 100n, value: 3n })
    expect(() => vm.sign({ ...message, from: vm.prepare({ to: 100n, from: 100n }).from })).toThrow(
      code('message/from'),
    )
    await expect(vm.submit(signMessage(vm.crypto, alice ?? expect.fail(), message))).rejects.toThrow(
      code('message/signature'),
    )
    const cid = await vm.submit(vm.sign(message))
    expect(vm.chain.findMessage(cid)?.block).toEqual(vm.head.block)
    expect(outcome.cid).not.toEqual(cid)
    // A message that has its block already is told from that.
    const waited = await vm.waitFor(cid)
    expect(waited).toMatchObject({ cid, block: vm.head.block, epoch: 2n, exit: { code: 0 } })
    expect(waited.trace.roots).toHaveLength(1)
    expect(await vm.waitFor(outcome.cid)).toMatchObject({ gas: outcome.gas, epoch: 1n })
  })

  it('says no to what no block can have, and stays as it was', async () => {
    await using vm = await createTestVm()
    const before = vm.head
    await expect(vm.send({ to: 101n, value: 1001n * FIL })).rejects.toThrow(code('message/balance'))
    await expect(vm.send({ to: 101n, from: 999n })).rejects.toThrow(code('message/from'))
    await expect(vm.send({ to: 101n, sequence: 7n })).rejects.toThrow(code('pool/sequence-gap'))
    await expect(vm.send({ to: 'f0x' })).rejects.toThrow(code('address/malformed'))
    await expect(vm.send({ to: '0x12' })).rejects.toThrow(code('address/malformed'))
    await expect(vm.send({ to: 101n, method: 0.5 })).rejects.toThrow(code('message/method'))
    await expect(vm.send({ to: 101n, gasLimit: 1n })).rejects.toThrow(code('message/gasLimit'))
    expect(vm.head).toEqual(before)
    expect(vm.pool.size).toBe(0)
  })

  it('says why a message waits, where blocks are made message by message', async () => {
    await using vm = await createTestVm()
    const signed = vm.sign(vm.prepare({ to: 101n, sequence: 1n }))
    await expect(vm.submit(signed)).rejects.toThrow(code('pool/sequence-gap'))
    await expect(vm.send({ to: 101n, sequence: 1n })).rejects.toThrow(code('pool/sequence-gap'))
    expect(vm.pool.size).toBe(0)

    const gasFeeCap = vm.chain.baseFee / 2n
    await expect(vm.send({ to: 101n, gasFeeCap })).rejects.toThrow(code('pool/waiting'))
    const [{ cid } = expect.fail()] = vm.pool.pending
    expect(vm.pool.reasonToWait(cid)).toMatchObject({ waitsFor: 'baseFee' })
    await expect(vm.waitFor(cid)).rejects.toThrow(code('pool/waiting'))
    // What is sent after it waits for the same.
    await expect(vm.send({ to: 101n })).rejects.toThrow(code('pool/waiting'))
    expect(vm.pool.pending.map((entry) => vm.pool.reasonToWait(entry.cid)?.waitsFor)).toEqual([
      'baseFee',
      'baseFee',
    ])
    while (vm.pool.size > 0) await vm.mine()
    expect(await vm.waitFor(cid)).toMatchObject({ exit: { code: 0 } })
    expect(vm.pool.reasonToWait(cid)).toBeUndefined()
    await expect(vm.waitFor(vm.root)).rejects.toThrow(code('pool/unknown'))
  })

  it('says why a message waits, and when it waits in vain, where blocks are made on demand', async () => {
    await using vm = await createTestVm({}, {}, { mining: 'manual' })
    const ahead = vm.send({ to: 101n, sequence: 1n })
    await vm.mine()
    const [{ cid } = expect.fail()] = vm.pool.pending
    expect(vm.pool.reasonToWait(cid)).toMatchObject({ waitsFor: 'sequence' })
    const first = vm.send({ to: 101n, value: 1n })
    const replacing = vm.send({ to: 101n, value: 2n, sequence: 0n, gasPremium: 100n })
    await expect(first).rejects.toThrow(code('pool/dropped'))
    expect(vm.pool.reasonToWait(cid)).toMatchObject({ waitsFor: 'block' })
    await vm.mine()
    expect([(await replacing).epoch, (await ahead).epoch]).toEqual([2n, 2n])

    // What the pool took, the sender cannot pay any more once another of its messages is executed.
    const { message } = { message: vm.prepare({ to: 101n, value: 900n * FIL, gasLimit: 10n ** 7n }) }
    const rich = vm.send({ to: 101n, value: 200n * FIL })
    vm.chain.produce([{ message }])
    await vm.mine()
    await expect(rich).rejects.toThrow(code('pool/dropped'))

    const forgotten = vm.send({ to: 101n })
    await vm.checkout(0n)
    await expect(forgotten).rejects.toThrow(code('pool/dropped'))
  })

  it('estimates gas that is enough, for the account as it is', async () => {
    await using vm = await createTestVm(echo, echoActors)
    const request = { to: 200n, method: 2, params: [1, 2, 3] }
    const gasLimit = await vm.estimateGas(request)
    const { gas } = await vm.send({ ...request, gasLimit })
    expect(gas.limit).toBe(gasLimit)
    expect(gas.used).toBeLessThan(gasLimit)
    expect(gas.used).toBeGreaterThan((gasLimit * 7n) / 10n)
  })

  it('gives the same roots for the same script', async () => {
    const run = async (): Promise<string> => {
      await using vm = await createTestVm()
      await vm.send({ to: 101n, value: 1n })
      await vm.time.advance({ epochs: 10 })
      await vm.send({ to: 100n, from: 101n, value: 2n })
      return `${vm.root} ${vm.head.block}`
    }
    expect(await run()).toBe(await run())
  })
})

describe('blocks', () => {
  it('are produced when asked, where that is wanted, with all that waits', async () => {
    await using vm = await createTestVm({}, {}, { mining: 'manual' })
    const sent = [
      vm.send({ to: 101n, value: 1n }),
      vm.send({ to: 101n, value: 2n }),
      vm.send({ to: 100n, from: 101n }),
    ]
    await Promise.resolve()
    expect(vm.pool.size).toBe(3)
    expect(vm.head.epoch).toBe(0n)
    await vm.mine()
    const outcomes = await Promise.all(sent)
    expect(outcomes.map(({ epoch }) => epoch)).toEqual([1n, 1n, 1n])
    expect(vm.pool.size).toBe(0)
  })

  it('come by themselves at an interval', async () => {
    await using vm = await createTestVm({}, {}, { mining: { intervalMs: 1 } })
    const outcome = await vm.send({ to: 101n, value: 1n })
    expect(outcome.epoch).toBeGreaterThan(0n)
  })

  it('stop being waited for with a signal', async () => {
    await using vm = await createTestVm({}, {}, { mining: 'manual' })
    const controller = new AbortController()
    const sent = vm.send({ to: 101n }, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(sent).rejects.toThrow('enough')
    await expect(vm.send({ to: 101n }, { signal: controller.signal })).rejects.toThrow('enough')
    expect(vm.pool.size).toBe(1)
  })

  it('refuse an interval that no timer has', async () => {
    for (const intervalMs of [0, -1, Number.NaN, 2 ** 31])
      await expect(createTestVm({}, {}, { mining: { intervalMs } })).rejects.toThrow(code('mining/interval'))
  })

  it('follow the base fee', async () => {
    await using vm = await createTestVm()
    expect(vm.head.baseFee).toBeLessThan(INITIAL_BASE_FEE)
    for (let count = 0; count < 150; count++) await vm.mine()
    expect(vm.head.baseFee).toBe(100n)
  })
})

describe('when blocks are produced', () => {
  it('can be changed, and so can how far sequence numbers may be ahead', async () => {
    await using vm = await createTestVm()
    const [alice] = vm.accounts
    const ahead = { from: alice ?? '', to: 101n, sequence: 1n, gasLimit: 10_000_000n }
    expect(vm.mining).toBe('instant')
    await expect(vm.post(ahead)).rejects.toThrow(code('pool/sequence-gap'))
    vm.mining = 'manual'
    const cid = await vm.post(ahead)
    expect(vm.head.epoch).toBe(0n)
    await vm.mine()
    expect(vm.pool.reasonToWait(cid)?.waitsFor).toBe('sequence')
    vm.mining = 'instant'
    await vm.post({ ...ahead, sequence: 0n })
    expect(vm.head.epoch).toBe(2n)
    expect((await vm.waitFor(cid)).epoch).toBe(2n)
    vm.mining = { intervalMs: 1 }
    await vm.send({ to: 101n })
    vm.mining = 'manual'
    const { epoch } = vm.head
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(vm.head.epoch).toBe(epoch)
    expect(() => {
      vm.mining = { intervalMs: 0 }
    }).toThrow(code('mining/interval'))
  })

  it('tells of messages when they come, before there is a block', async () => {
    await using vm = await createTestVm()
    const seen: string[] = []
    const stop = vm.pool.onArrival(({ cid }) => seen.push(`${cid} ${vm.head.epoch}`))
    const cid = await vm.post({ to: 101n })
    stop()
    await vm.post({ to: 101n })
    expect(seen).toEqual([`${cid} 0`])
  })
})

describe('what became of messages', () => {
  it('is told of all of them, in their order, until nobody listens', async () => {
    await using vm = await createTestVm({}, {}, { mining: 'manual' })
    const seen: unknown[] = []
    const stop = vm.onMessage(({ cid, epoch, trace }) => seen.push([String(cid), epoch, trace.roots.length]))
    const cids = [
      await vm.post({ to: 101n, gasLimit: 10_000_000n }),
      await vm.post({ to: 101n, gasLimit: 10_000_000n }),
    ]
    await vm.mine()
    expect(seen).toEqual(cids.map((cid) => [String(cid), 1n, 1]))
    stop()
    await vm.post({ to: 101n })
    await vm.mine()
    expect(seen).toHaveLength(2)
  })
})

describe('the epoch of the next block', () => {
  it('can be planned, for whoever asks for the block', async () => {
    await using vm = await createTestVm()
    expect(vm.nextEpoch).toBe(1n)
    vm.nextEpoch = 100n
    vm.nextEpoch = 50n
    expect(vm.head.epoch).toBe(0n)
    await vm.send({ to: 101n })
    expect(vm.head.epoch).toBe(50n)
    expect(vm.nextEpoch).toBe(51n)
    vm.nextEpoch = 100n
    await vm.mine({ epochs: 2n })
    expect(vm.head.epoch).toBe(52n)
    vm.nextEpoch = 100n
    await vm.checkout(50n)
    expect(vm.nextEpoch).toBe(51n)
    for (const epoch of [50n, 51n + MAX_EPOCHS])
      expect(() => {
        vm.nextEpoch = epoch
      }).toThrow(code('chain/epochs'))
  })
})

describe('time', () => {
  it('moves epoch, timestamp, randomness and cron together', async () => {
    let ticks = 0
    await using vm = await createTestVm({
      cron: () => {
        ticks++
        return 0
      },
    })
    const { timestamp } = vm.time
    await vm.time.advance({ epochs: 10n })
    expect([vm.time.epoch, vm.time.timestamp - timestamp, ticks]).toEqual([10n, 300n, 10])
    expect(vm.chain.head.header.beaconEntries[0]?.round).toBe(10n)
    await vm.time.advance({ seconds: 31 })
    expect(vm.time.epoch).toBe(12n)
    await vm.time.goTo(20n)
    expect(vm.time.epoch).toBe(20n)
  })

  it('goes forward only, and not for ever', async () => {
    await using vm = await createTestVm()
    for (const epochs of [0, -1, 0.5, MAX_EPOCHS + 1n])
      await expect(async () => vm.time.advance({ epochs })).rejects.toThrow(code('chain/epochs'))
    await expect(vm.time.goTo(0n)).rejects.toThrow(code('chain/epochs'))
  })

  it("can be the host's", async () => {
    const before = BigInt(Math.floor(Date.now() / 1000))
    const network = { ...networks.filecoin(28), genesisTimestamp: before - 3000n }
    await using vm = await createTestVm({}, {}, { clock: 'wall', network })
    await vm.mine()
    expect(vm.head.epoch).toBeGreaterThanOrEqual(100n)
    await vm.mine()
    expect(vm.head.timestamp - before).toBeLessThan(120n)
  })
})

describe('a snapshot', () => {
  it('is a root, to which the chain can return', async () => {
    await using vm = await createTestVm()
    await vm.send({ to: 101n, value: 1n })
    const snapshot = vm.root
    await vm.send({ to: 101n, value: 10n })
    await vm.checkout(snapshot)
    expect(await vm.balanceOf(101n)).toBe(1000n * FIL + 1n)
    expect(vm.head.epoch).toBe(1n)
    await vm.checkout(0n)
    expect(await vm.balanceOf(101n)).toBe(1000n * FIL)
    await expect(vm.checkout(vm.chain.head.header.messages)).rejects.toThrow(code('chain/no-tipset'))
  })

  it('is a block too, which tells apart the blocks that left a state as it was', async () => {
    await using vm = await createTestVm()
    const { block, root } = await vm.mine()
    const later = await vm.mine()
    expect(later.root).toEqual(root)
    await vm.checkout(block)
    expect(vm.head.block).toEqual(block)
    await vm.checkout(later.block)
    expect(vm.head.epoch).toBe(2n)
  })

  it('can be the beginning of another chain, which changes nothing here', async () => {
    await using vm = await createTestVm()
    await vm.send({ to: 101n, value: 1n })
    const snapshot = vm.root
    await using fork = await vm.fork()
    await using early = await vm.fork(0n)
    await fork.send({ to: 101n, value: 100n })
    await vm.send({ to: 101n, value: 20n })
    expect(await fork.balanceOf(101n)).toBe(1000n * FIL + 101n)
    expect(await vm.balanceOf(101n)).toBe(1000n * FIL + 21n)
    expect(await early.balanceOf(101n)).toBe(1000n * FIL)
    await fork.checkout(snapshot)
    expect(fork.root).toEqual(snapshot)
  })

  it('is found again where the store is kept', async () => {
    const store = new MemoryStore()
    const vm = await createTestVm({}, {}, { store })
    await vm.send({ to: 101n, value: 1n })
    const runtimes: [] = []
    const again: Troupe = await createTroupe({ store, runtimes })
    expect(again.head).toEqual(vm.head)
  })
})

describe('an address', () => {
  it('has an identity, where there is an actor', async () => {
    await using vm = await createTestVm(echo, echoActors)
    const [alice] = vm.accounts
    const identity = await vm.resolve(100n)
    expect(identity).toMatchObject({
      id: 't0100',
      key: vm.format(alice?.address ?? expect.fail()),
      delegated: undefined,
      type: 'account',
      balance: 1000n * FIL,
    })
    expect(identity?.ethereum).toBe('0xff00000000000000000000000000000000000064')
    expect(await vm.resolve(200n)).toMatchObject({ type: undefined, key: undefined })
    expect(await vm.resolve(999n)).toBeUndefined()
  })
})

describe('events', () => {
  const emitter = {
    emitter: (kernel: Kernel): number => {
      const entries = [{ flags: 3n, key: 'k', codec: 0x55n, value: Uint8Array.of(7) }]
      kernel.calls.events.append({ emitter: 200n, entries })
      return 0
    },
  }

  it('are read as they happen, by everyone who reads', async () => {
    await using vm = await createTestVm(emitter, { '200': { code: 'emitter' } })
    const controller = new AbortController()
    const readers = [vm.events({ signal: controller.signal }), vm.events({ signal: controller.signal })]
    const { cid } = await vm.actor(200n).send(2)
    await vm.actor(200n).send(2)
    for (const reader of readers) {
      const { value } = await reader.next()
      expect(value).toMatchObject({ emitter: 200n, message: cid, epoch: 1n })
      expect((await reader.next()).value).toMatchObject({ epoch: 2n })
    }
    const last = readers.map((reader) => reader.next())
    controller.abort()
    for (const result of await Promise.all(last)) expect(result.done).toBe(true)
  })

  it('end with the chain', async () => {
    const vm = await createTestVm(emitter, { '200': { code: 'emitter' } })
    const events = vm.events()
    await vm.close()
    await vm.close()
    expect((await events.next()).done).toBe(true)
    await expect(vm.send({ to: 101n })).rejects.toThrow(code('troupe/closed'))
  })
})
