import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCrypto } from '@troupe/crypto'
import { nodeCrypto } from '@troupe/crypto-node'
import { compileFixture } from '@troupe/fixtures'
import { NV28, withUserActors } from '@troupe/hypervisor'
import { cidOf, RAW } from '@troupe/ipld'
import { CODE_HEADER, ses } from '@troupe/runtime-ses'
import { wasm, wasmRuntime } from '@troupe/runtime-wasm'
import { lmdb } from '@troupe/store-lmdb'
import {
  ActorError,
  createTroupe,
  deriveAccounts,
  type LocalChain,
  networks,
  readStateCar,
  renderDiff,
} from 'troupe'
import { encodeTransaction, signTransaction } from 'troupe/ethereum'
import { describe, expect, it } from 'vitest'

const FIL = 10n ** 18n
const code = (value: string) => expect.objectContaining({ code: value })
const inWorker = (): Promise<LocalChain> => createTroupe({ thread: 'worker', runtimes: [wasm()] })

/** Says what it is told. */
const TALKER = `${CODE_HEADER}(function (require, exports) {
  const { defineActor, M } = require('@troupe/sdk-js');
  const guard = M.interface('Talker', { say: M.call(M.string()).returns(), fails: M.call().returns() });
  exports.default = defineActor('Talker', { facets: { public: guard }, methods: { public: {
    say: (_, text) => console.log(text),
    fails: () => { throw Error('tongue-tied') },
  } } });
})`

/** The same script for any chain; gives what must be the same wherever it runs. */
async function play(vm: LocalChain): Promise<unknown[]> {
  const [alice, bob] = vm.accounts
  const counter = await vm.deploy(await compileFixture('counter', { generation: 4 }))
  const { value, gas, trace } = await counter.send(2, [5n])
  const failed = await counter.trySend(99)
  await vm.send({ from: bob, to: alice ?? '', value: 3n }, { signed: true })
  await vm.time.advance({ epochs: 10 })
  const snapshot = vm.root
  await counter.send(2, [7n])
  const changes = await vm.diff(snapshot)
  await using fork = await vm.fork(snapshot)
  const counts = [(await fork.actor(counter).view(3)).value, (await counter.view(3)).value]
  await vm.checkout(snapshot)
  return [
    ...[value, gas, counts, failed.exit, failed.failure?.frames, await vm.balanceOf(alice ?? '')],
    ...[
      trace.roots.length,
      trace.roots[0]?.call.to,
      await vm.resolve(counter),
      String(vm.root),
      vm.head.epoch,
    ],
    (await vm.exportCar()).length,
    ...[renderDiff(changes), changes.map(({ segments }) => segments)],
  ]
}

describe('a chain in a worker', () => {
  it('hands on what actors log, before it answers', async () => {
    const logs: string[] = []
    const debug = {
      log: (actor: bigint, message: string) => void logs.push(`${actor} ${message}`),
      storeArtifact: () => {},
    }
    await using vm = await createTroupe({ thread: 'worker', runtimes: [ses()], debug })
    const actor = await vm.deploy(new TextEncoder().encode(TALKER))
    await actor.send('Say', ['good evening'])
    const said = logs.filter((line) => line.startsWith(`${actor.address.id} `))
    expect(said).toEqual([`${actor.address.id} info: good evening`])
    // It takes gas to say it, which a block that is executed again takes too.
    const inline = await createTroupe({ runtimes: [ses()], debug })
    const same = await inline.deploy(new TextEncoder().encode(TALKER))
    const outcome = await same.send('Say', ['good evening'])
    const [again] = inline.chain.replay(inline.chain.head).messages
    expect(again?.result.receipt.gasUsed).toBe(outcome.gas.used)
    expect(logs.filter((line) => line.endsWith('good evening'))).toHaveLength(2)
    await inline.close()
    // It has no interface that the chain would know: its methods are called as they were called.
    await expect(actor.send('Fails')).rejects.toThrow(/ Fails: USR_UNSPECIFIED/)
    await expect(actor.send('fails')).rejects.toEqual(code('message/method'))
  })

  it('does what a chain in this thread does', async () => {
    await using threaded = await inWorker()
    await using inline = await createTroupe({ runtimes: [wasmRuntime()] })
    expect(await play(threaded)).toEqual(await play(inline))
  })

  it('knows transactions by their hashes, also when it is opened again on its disk', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'troupe-'))
    try {
      const options = { thread: 'worker', store: lmdb(directory) } as const
      const [from = expect.fail(), to = expect.fail()] = deriveAccounts(await loadCrypto(), { count: 2 })
      const signed = signTransaction(await loadCrypto(), from, {
        ...{
          kind: 'eip1559',
          chainId: networks.local.chainId,
          nonce: 0n,
          to: to.delegated.payload,
          value: 5n,
        },
        ...{
          gasLimit: 10_000_000n,
          maxFeePerGas: 10n ** 9n,
          maxPriorityFeePerGas: 0n,
          input: new Uint8Array(),
        },
      })
      let hash = ''
      {
        await using vm = await createTroupe(options)
        hash = await vm.submitTransaction(encodeTransaction(signed))
        expect(await vm.waitFor(hash)).toMatchObject({ hash, exit: { code: 0 } })
        await expect(vm.submitTransaction('0x02')).rejects.toThrow(code('rlp/malformed'))
      }
      await using again = await createTroupe(options)
      const { root } = await again.edit([{ address: to, balance: 5n }], { blocks: new Map() })
      expect(await again.balanceOf(to)).toBe(5n)
      expect(again.root).toEqual(root)
      const record = (await again.transaction(hash)) ?? expect.fail()
      expect(record).toMatchObject({ hash, place: { epoch: 1n, index: 0, receipt: { exitCode: 0 } } })
      expect(record.message.to.key).toBe(to.delegated.key)
      expect(await again.transaction(record.cid)).toEqual(record)
      expect((await again.block(record.place?.blockHash))?.messages).toEqual([record])
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  it('throws what a chain in this thread throws', async () => {
    await using vm = await inWorker()
    const error: unknown = await vm.send({ to: 99n, method: 77 }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ActorError)
    expect(error).toMatchObject({
      code: 'actor/failed',
      outcome: { exit: { name: 'USR_UNHANDLED_MESSAGE' } },
    })
    expect((error as Error).message).toContain('t099 account method 77: USR_UNHANDLED_MESSAGE')
    await expect(vm.send({ to: 99n, value: 10n ** 30n })).rejects.toThrow(code('message/value'))
    await expect(vm.send({ to: 99n, value: 10_001n * FIL })).rejects.toThrow(code('message/balance'))
    const stranger = cidOf(vm.crypto, RAW, new Uint8Array())
    await expect(vm.checkout(stranger)).rejects.toThrow(code('chain/no-tipset'))
  })

  it('tells of events, and ends with the chain', async () => {
    const vm = await inWorker()
    const events = vm.events()
    const counter = await vm.deploy(await compileFixture('counter', { generation: 4 }))
    await counter.send(2, [5n])
    expect((await events.next()).value).toMatchObject({ epoch: 3n, entries: [{ key: 'count' }] })
    await vm.close()
    await vm.close()
    expect((await events.next()).done).toBe(true)
    await expect(vm.mine()).rejects.toThrow(code('troupe/closed'))
    expect(() => vm.root).toThrow(code('troupe/closed'))
  })

  it('stops waiting with a signal', async () => {
    await using vm = await createTroupe({ thread: 'worker', mining: 'manual' })
    const controller = new AbortController()
    const sent = vm.send({ to: 99n, value: 1n }, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(sent).rejects.toThrow('enough')
    await vm.mine()
    expect(vm.head.epoch).toBe(1n)
  })

  it('stops a message that runs and runs', async () => {
    const vm = await inWorker()
    const relay = await vm.deploy(await compileFixture('relay', { generation: 4 }))
    const controller = new AbortController()
    // The time that it needs is far beyond that of the test.
    const sent = vm.time.advance({ epochs: 2880n * 366n })
    void sent.catch(() => {})
    const call = relay.view(4, 1000, {})
    const aborted = vm.send({ to: 99n, value: 1n }, { signal: controller.signal })
    controller.abort()
    await expect(aborted).rejects.toThrow(code('thread/stopped'))
    await expect(Promise.all([sent, call])).rejects.toThrow(code('thread/stopped'))
    await expect(vm.mine()).rejects.toThrow(code('thread/stopped'))
    await vm.close()
  })

  it('has the stack for the deepest calls', async () => {
    await using vm = await inWorker()
    const relay = await vm.deploy(await compileFixture('relay', { generation: 4 }))
    expect((await relay.send(4, 5000, { gasLimit: 10n ** 9n })).value).toBe(1023n)
  })

  it('begins with a state, and refuses what cannot be handed to it', async () => {
    await using inline = await createTroupe()
    await inline.send({ to: 99n, value: 1n })
    const state = readStateCar(await inline.exportCar(), inline.crypto)
    await using vm = await createTroupe({ thread: 'worker', state })
    expect(vm.root).toEqual(inline.root)
    await expect(createTroupe({ thread: 'worker', runtimes: [wasmRuntime()] })).rejects.toThrow(
      code('thread/not-clonable'),
    )
    const network = { ...networks.local, rules: { ...networks.local.rules, maximumCallDepth: 9 } }
    await expect(createTroupe({ thread: 'worker', network })).rejects.toThrow(code('thread/not-clonable'))
    const runtimes = [{ module: new URL('./nothing.js', import.meta.url).href }]
    await expect(createTroupe({ thread: 'worker', runtimes })).rejects.toThrow()
    await expect(createTroupe({ runtimes: [{ module: 'node:path' }] })).rejects.toThrow(
      code('thread/no-part'),
    )
  })

  it('has the rules that it is given, where they can be described', async () => {
    const rules = withUserActors(NV28, { maximumCodeSize: 10 })
    await using vm = await createTroupe({
      thread: 'worker',
      runtimes: [wasm()],
      network: { ...networks.local, rules, epochSeconds: 7n },
    })
    const code = await compileFixture('counter', { generation: 4 })
    await expect(vm.deploy(code)).rejects.toMatchObject({ code: 'actor/failed' })
    const { timestamp } = vm.head
    expect((await vm.mine()).timestamp).toBe(timestamp + 7n)
  })

  it('keeps its blocks on disk, where it is told to', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'troupe-thread-'))
    try {
      const vm = await createTroupe({ thread: 'worker', store: lmdb(directory), crypto: nodeCrypto() })
      await vm.send({ to: 99n, value: 1n })
      const { head } = vm
      await vm.close()
      await using again = await createTroupe({ thread: 'worker', store: lmdb(directory) })
      expect(again.head).toEqual(head)
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
