import type { Kernel } from '@troupe/hypervisor'
import { type Cid, MemoryBlockstore, toInterfaceBlockstore } from '@troupe/ipld'
import { AccessPatterns, type AsyncBlockstore, RemoteBlockstore, RemoteChainStore } from '@troupe/ipld/remote'
import { MemoryStore } from '@troupe/ipld/store'
import {
  createTroupe,
  type LocalChain,
  type Outcome,
  renderDiff,
  type Troupe,
  type TroupeOptions,
} from 'troupe'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTestVm } from './test-vm.ts'

const FIL = 10n ** 18n
const READ_MS = 50
const code = (value: string) => expect.objectContaining({ code: value })

/** A store that takes 50 ms a read, as a clock counts them that nobody waits for. */
class SlowStore {
  readonly blocks = new MemoryBlockstore()
  readonly remote: AsyncBlockstore
  reads = 0
  /** What a read fails with, or waits for. */
  obstacle: ((signal: AbortSignal | undefined) => Promise<void>) | undefined

  constructor() {
    const plain = toInterfaceBlockstore(this.blocks)
    const get = async function* (
      this: SlowStore,
      cid: Cid,
      options?: { readonly signal?: AbortSignal },
    ): AsyncGenerator<Uint8Array> {
      this.reads++
      await new Promise((resolve) => setTimeout(resolve, READ_MS))
      await this.obstacle?.(options?.signal)
      yield* plain.get(cid)
    }
    this.remote = { ...plain, get: get.bind(this) }
  }
}

/** A state that somebody else has: 120 accounts with something on them, and a multisig of two. */
async function stateElsewhere(): Promise<{ slow: SlowStore; root: Cid; epoch: bigint; multisig: bigint }> {
  const store = new MemoryStore()
  const vm = await createTroupe({ store })
  const [alice, bob] = vm.accounts.map(({ address }) => address.bytes)
  const multisig = await vm.deploy(vm.chain.machineAfter().manifest.code('multisig') ?? expect.fail(), {
    params: [[alice ?? 0, bob ?? 0], 1, 0, 0],
    value: 3n * FIL,
  })
  const slow = new SlowStore()
  for (const [cid, bytes] of store.entries()) slow.blocks.put(cid, bytes)
  const { id = 0n } = multisig.address
  return { slow, root: vm.root, epoch: vm.head.epoch, multisig: id }
}

/** Passes time until work is done; gives what came of it, and how many reads took place one after the other. */
async function timed<T>(work: Promise<T>): Promise<{ value: T; rounds: number }> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  done.catch(() => undefined)
  const start = Date.now()
  while (!isDone) await vi.advanceTimersByTimeAsync(READ_MS)
  return { value: await done, rounds: (Date.now() - start) / READ_MS }
}

/** A bit of everything; gives what must be the same on any store. */
async function play(vm: LocalChain, multisig: bigint): Promise<unknown[]> {
  const [alice, bob] = vm.accounts
  const before = vm.root
  const { value, gas } = await vm.send({
    to: multisig,
    method: 2,
    params: [bob?.address.bytes ?? 0, Uint8Array.of(0, 5), 0, new Uint8Array()],
  })
  const failed = await vm.trySend({ from: bob, to: multisig, method: 8, params: [9] })
  const both = await Promise.all([
    vm.send({ from: alice, to: 1n, value: 1n }),
    vm.send({ from: alice, to: 1n, value: 2n }),
  ])
  const viewed = await vm.tryView({ to: multisig, method: 99 })
  const fork = await vm.fork(before)
  await fork.send({ to: bob ?? '', value: 7n })
  const changes = renderDiff(await vm.diff(before))
  const { exit, failure } = await vm.waitFor(both[0].cid)
  const car = (await vm.exportCar()).length
  const witness = await vm.exportWitness()
  const there = await vm.checkout(before)
  return [
    ...[value, gas, failed.exit, failed.failure?.message, viewed.exit, changes, exit, failure],
    ...both.map(({ epoch, block }) => [epoch, String(block)]),
    ...[
      String(fork.root),
      await fork.balanceOf(bob ?? ''),
      String(there.root),
      there.epoch,
      witness.length,
      car,
    ],
    await vm.estimateGas({
      to: multisig,
      method: 2,
      params: [alice?.address.bytes ?? 0, Uint8Array.of(0, 5), 0, new Uint8Array()],
    }),
    await vm.resolve(multisig),
  ]
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const open = (store: TroupeOptions['store'], root: Cid, epoch: bigint): Promise<Troupe> =>
  createTroupe({ store: store ?? expect.fail(), state: { root, epoch } })

describe('a chain on a store that answers later', () => {
  it('does what a chain on one that answers at once does', async () => {
    const { epoch, multisig, root, slow } = await stateElsewhere()
    await using near = await createTroupe({ state: { root, epoch, blocks: slow.blocks.entries() } })
    const { value: vm } = await timed(open(slow.remote, root, epoch))
    expect((await timed(play(vm, multisig))).value).toEqual(await play(near, multisig))
    expect(vm.root).toEqual(near.root)
    await timed(vm.close())
  })

  it('fetches ahead what messages to the same method have read before', async () => {
    const { epoch, multisig, root, slow } = await stateElsewhere()
    const patterns = new AccessPatterns()
    const propose = async (): Promise<{ rounds: number; reads: number; root: string }> => {
      const vm = await open({ remote: slow.remote, patterns, isWhole: true }, root, epoch)
      slow.reads = 0
      const params = [vm.accounts[1]?.address.bytes ?? 0, Uint8Array.of(0, 5), 0, new Uint8Array()]
      const { rounds } = await timed(vm.send({ to: multisig, method: 2, params }))
      return { rounds, reads: slow.reads, root: String(vm.root) }
    }
    const first = await propose()
    const second = await propose()
    // One read after the other, and then all at once.
    expect(first.rounds).toBeGreaterThanOrEqual(10)
    expect(first.rounds).toBeGreaterThan(first.reads - 2)
    expect(second.rounds).toBeLessThanOrEqual(3)
    expect(second.reads).toBeGreaterThanOrEqual(10)
    expect(second.root).toBe(first.root)
  })

  it('says in a trace which blocks were near, and which were fetched for the message', async () => {
    const { epoch, multisig, root, slow } = await stateElsewhere()
    const { value: vm } = await timed(open({ remote: slow.remote }, root, epoch))
    slow.reads = 0
    const viewed = (): Promise<NonNullable<Outcome['trace']['caches']>> =>
      timed(vm.tryView({ to: multisig, method: 99 })).then(({ value }) => value.trace.caches ?? expect.fail())
    const first = await viewed()
    expect(first.blocks?.misses).toBeGreaterThan(0)
    expect(first.blocks?.misses).toBeLessThanOrEqual(slow.reads)
    expect((await viewed()).blocks?.misses).toBe(0)
    const fork = (await timed(vm.fork())).value
    const { value } = await timed(fork.tryView({ to: multisig, method: 99 }))
    expect(value.trace.caches?.blocks).toBeDefined()
  })

  it('reads a whole state level by level', async () => {
    const { epoch, root, slow } = await stateElsewhere()
    const { value: vm } = await timed(open(slow.remote, root, epoch))
    slow.reads = 0
    const { rounds, value } = await timed(vm.exportCar())
    expect(slow.reads).toBeGreaterThan(30)
    expect(rounds).toBeLessThan(10)
    await using near = await createTroupe({ state: { root, epoch, blocks: slow.blocks.entries() } })
    expect(value).toEqual(await near.exportCar())
  })

  it('lets others read what is behind it, as often as it takes', async () => {
    const { epoch, multisig, root, slow } = await stateElsewhere()
    const { value: vm } = await timed(open(slow.remote, root, epoch))
    let calls = 0
    const { value } = await timed(
      vm.read(() => {
        calls++
        return vm.chain.stateAfter().getActor(multisig)?.balance
      }),
    )
    expect(value).toBe(3n * FIL)
    expect(calls).toBeGreaterThan(1)
  })

  it('is as it was where a block cannot be had, and goes on once it can', async () => {
    const { epoch, multisig, root, slow } = await stateElsewhere()
    const { value: vm } = await timed(open({ remote: slow.remote }, root, epoch))
    const before = vm.head
    let readable = 3
    slow.obstacle = async () => {
      if (readable-- <= 0) throw new Error('the line is dead')
    }
    await expect(timed(vm.send({ to: multisig, method: 3 }))).rejects.toThrow(code('blockstore/unavailable'))
    await expect(timed(vm.view({ to: multisig, method: 3 }))).rejects.toThrow(code('blockstore/unavailable'))
    expect(vm.head).toEqual(before)
    expect(vm.pool.size).toBe(0)
    // What is asked for without waiting says which block is not here.
    expect(() => vm.prepare({ to: multisig, from: multisig })).toThrow(code('blockstore/unavailable'))
    slow.obstacle = undefined
    expect((await timed(vm.send({ to: multisig, value: 1n }))).value.epoch).toBe(before.epoch + 1n)
  })

  it('stops waiting for blocks with a signal, and with the chain', async () => {
    const { epoch, multisig, root, slow } = await stateElsewhere()
    const { value: vm } = await timed(open({ remote: slow.remote }, root, epoch))
    slow.obstacle = (signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    const aborting = new AbortController()
    const aborted = vm.send({ to: multisig }, { signal: aborting.signal })
    setTimeout(() => aborting.abort(new Error('enough')), 500)
    await expect(timed(aborted)).rejects.toThrow('enough')
    const closed = vm.send({ to: multisig })
    setTimeout(() => void vm.close(), 500)
    await expect(timed(closed)).rejects.toThrow(code('troupe/closed'))
  })

  it('keeps its head where it is told to, and goes on from there', async () => {
    const { epoch, multisig, root, slow } = await stateElsewhere()
    const local = new MemoryStore()
    const { value: vm } = await timed(open({ remote: slow.remote, local }, root, epoch))
    await timed(vm.send({ to: multisig, value: 1n }))
    const { value: again } = await timed(createTroupe({ store: { remote: slow.remote, local } }))
    expect(again.head).toEqual(vm.head)
    expect((await timed(again.balanceOf(multisig))).value).toBe(3n * FIL + 1n)
  })

  it('takes its blocks to the remote store when told to', async () => {
    const { epoch, multisig, root, slow } = await stateElsewhere()
    const { value: any } = await timed(createTroupe())
    const store = new RemoteChainStore(new RemoteBlockstore(slow.remote, any.crypto), new MemoryStore())
    const { value: vm } = await timed(open(store, root, epoch))
    await timed(vm.send({ to: multisig, value: 1n }))
    expect(slow.blocks.has(vm.root)).toBe(false)
    expect(await store.upload()).toBeGreaterThan(5)
    expect(slow.blocks.has(vm.root)).toBe(true)
    expect(await store.upload()).toBe(0)
    await using near = await createTroupe({ state: { root: vm.root, blocks: slow.blocks.entries() } })
    expect(await near.balanceOf(multisig)).toBe(3n * FIL + 1n)
  })

  it('passes on what actors say once, however often a message began', async () => {
    const slow = new SlowStore()
    const said: string[] = []
    const state = new Uint8Array(40).fill(7)
    const talker = (kernel: Kernel): number => {
      kernel.calls.machine.debug?.log(kernel.context.receiver, 'hello')
      kernel.calls.machine.blocks.get(late)
      return 0
    }
    const store = new MemoryStore()
    const seed = await createTestVm({}, { '200': { code: 'talker' } }, { store })
    const late = seed.chain.blocks.putBlock(0x55, state)
    for (const [cid, bytes] of store.entries()) slow.blocks.put(cid, bytes)
    const { value: vm } = await timed(
      createTestVm(
        { talker },
        {},
        {
          store: { remote: slow.remote },
          state: { root: seed.root },
          debug: { log: (_, message) => void said.push(message), storeArtifact: () => undefined },
        },
      ),
    )
    await timed(vm.view({ to: 200n, method: 2 }))
    expect(said).toEqual(['hello'])
  })

  it('cannot be handed to a worker', async () => {
    const { slow } = await stateElsewhere()
    await expect(createTroupe({ thread: 'worker', store: slow.remote })).rejects.toThrow(
      code('thread/not-clonable'),
    )
  })
})
