import './support/lockdown.ts'
import { methodNumber } from '@troupe/hypervisor'
import { CborReader, CborWriter } from '@troupe/ipld'
import {
  call,
  defineActor,
  durable,
  E,
  type Future,
  FutureShape,
  forget,
  M,
  type Passable,
  type Ref,
  toUint8Array,
  when,
} from '@troupe/sdk-js'
import type { HostBlock, HostKernel, HostMessage } from '@troupe/sdk-js/host'
import { describe, expect, it } from 'vitest'
import { MESSAGE_QUEUE } from '../src/invocation/later-calls.ts'
import { crypto, decode, imageOf, Play } from './support/play.ts'

const [CALLER, CALLEE, OTHER] = [1000n, 1001n, 1002n]
const CBOR = 0x51
/** Numbers of `Enqueue` and `When` by FRC-42. */
const [ENQUEUE, WHEN] = ['Enqueue', 'When'].map((name) => methodNumber(crypto, name)) as [bigint, bigint]

interface Queued {
  readonly from: bigint
  readonly value: bigint
  readonly to: bigint
  readonly method: bigint
  readonly parameters: Uint8Array
  readonly gasLimit: bigint
  readonly keepsResult: boolean
}
interface Continuation {
  readonly future: bigint
  readonly method: bigint
  readonly context: Uint8Array
  readonly gasLimit: bigint
}

/** A message queue that keeps what it is given, for a test to deliver it. */
class Queue {
  readonly queued: Queued[] = []
  readonly continuations: Continuation[] = []
  readonly forgotten: bigint[] = []
  /** What it refuses everything with. */
  exitCode = 0

  readonly code = (message: HostMessage, parameters: HostBlock | undefined, host: HostKernel) => {
    if (this.exitCode !== 0) host.abort(this.exitCode, 'refused', undefined)
    const reader = new CborReader(parameters?.data ?? new Uint8Array())
    if (message.method === ENQUEUE) {
      reader.tuple(5)
      const to =
        new CborReader(Uint8Array.of(0x19, 0x03, 0xe8)).uint64() +
        BigInt((reader.bytes()[1] as number) - 0xe8)
      this.queued.push({
        ...{ from: message.caller, value: message.value, to, method: reader.uint64() },
        ...{ parameters: reader.bytes().slice(), gasLimit: reader.uint64(), keepsResult: reader.bool() },
      })
      const number = BigInt(this.queued.length - 1)
      return { codec: CBOR, data: new CborWriter().array(1).uint(number).finish() }
    }
    if (message.method === WHEN) {
      reader.tuple(4)
      this.continuations.push({
        ...{ future: reader.uint64(), method: reader.uint64() },
        ...{ context: reader.bytes().slice(), gasLimit: reader.uint64() },
      })
    } else {
      reader.tuple(1)
      this.forgotten.push(reader.uint64())
    }
    return undefined
  }
}

/** Leaves calls, and notes what becomes of them. */
const Caller = defineActor('Caller', {
  state: {
    notes: durable.array(M.any()),
    future: durable.value<Passable>(null, M.or(M.null(), FutureShape)),
  },
  powers: ['directory', 'funds'],
  facets: {
    public: M.interface('Caller', {
      leave: M.call(M.nat(), M.string(), M.any()).returns(),
      leaveOnly: M.call(M.nat(), M.nat(), M.nat()).returns(),
      ask: M.call(M.string(), M.any()).returns(),
      askWith: M.call(M.nat()).returns(),
      give: M.call(M.any()).returns(),
      drop: M.call().returns(),
      offer: M.call(M.string()).returns(),
      leaveSelf: M.call().returns(),
      notes: M.call().returns(M.any()),
    }),
    later: M.interface('Later', {
      noted: M.call(M.any(), M.any()).returns(),
      used: M.call(M.splitRecord({ value: M.remotable() }), M.remotable()).returns(),
    }),
    keys: M.interface('Keys', { turn: M.call(M.string()).returns() }),
  },
  methods: {
    public: {
      leave({ state, directory }, id, method, data) {
        state.future = E(directory.actor(id) as Ref)[method]?.(data) ?? null
      },
      leaveOnly({ directory, funds }, id, value, gasLimit) {
        E.sendOnly(directory.actor(id) as Ref, { value: funds.pay(value), gasLimit })['add']?.(1n)
      },
      askWith: ({ state, directory }, id) =>
        when(state.future as unknown as Future, 'used', directory.actor(id) as never),
      ask: ({ state }, method, data) => when(state.future as unknown as Future, method, data),
      give: (_, future) => when(future as Future, 'noted'),
      drop: ({ state }) => forget(state.future as unknown as Future),
      offer: ({ facets }, facet) => void facets.ref(facet),
      leaveSelf: ({ facets }) => void E(facets.ref('keys'))['turn']?.('once'),
      notes: ({ state }) => [...state.notes.values()] as never,
    },
    later: {
      noted: ({ state }, outcome, data) => void state.notes.push([outcome, data]),
      used({ state }, { value }, ref) {
        for (const each of [value as never, ref]) state.notes.push(call(each)['twice']?.(21n) as never)
      },
    },
    keys: { turn: ({ state }, text) => void state.notes.push(text) },
  },
})

const Callee = defineActor('Callee', {
  facets: {
    public: M.interface('Callee', {
      add: M.call(M.nat()).returns(M.nat()),
      twice: M.call(M.nat()).returns(M.nat()),
      self: M.call(M.any()).returns(M.remotable()),
    }),
  },
  methods: {
    public: { add: (_, n) => n + 1n, twice: (_, n) => 2n * n, self: ({ self }) => self as never },
  },
})

async function stage(): Promise<{
  play: Play
  queue: Queue
  deliver: (...outcome: [number, Uint8Array | null]) => Promise<unknown>
}> {
  const play = new Play()
  const queue = new Queue()
  play.host.add(MESSAGE_QUEUE, queue.code)
  await play.create(CALLER, Caller)
  await play.create(CALLEE, Callee)
  const deliver = async (exitCode: number, returned: Uint8Array | null) => {
    const { future, method, context } = queue.continuations.at(-1) ?? expect.fail()
    const writer = new CborWriter().array(4).uint(future).bytes(context).uint(exitCode)
    if (returned === null) writer.null()
    else writer.bytes(returned)
    const parameters = { codec: CBOR, data: writer.finish() }
    return play.host.send({ to: CALLER, from: MESSAGE_QUEUE, method, parameters })
  }
  return { play, queue, deliver }
}

describe('a call that is left to the end of the block', () => {
  it('is given to the message queue as any other call would be made', async () => {
    expect(MESSAGE_QUEUE).toBe(12n)
    const { play, queue } = await stage()
    expect(await play.send(CALLER, 'Leave', [CALLEE, 'add', 41n])).toMatchObject({ exitCode: 0 })
    const [queued = expect.fail(), ...rest] = queue.queued
    expect(rest).toEqual([])
    expect(queued).toMatchObject({
      from: CALLER,
      to: CALLEE,
      gasLimit: 200_000_000n,
      keepsResult: true,
      value: 0n,
    })
    const { parameters: data, ...call } = queued
    const made = await play.host.send({
      to: CALLEE,
      from: CALLER,
      method: call.method,
      parameters: { codec: CBOR, data },
    })
    expect(decode(made.block?.data ?? expect.fail())).toBe(42n)
  })

  it('takes value and gas along, and may keep no result', async () => {
    const { play, queue } = await stage()
    play.host.add(100n, () => undefined, 10n)
    await play.send(CALLER, 'LeaveOnly', [CALLEE, 0n, 77n])
    expect(queue.queued).toMatchObject([{ value: 0n, gasLimit: 77n, keepsResult: false }])
  })

  it.each([0n, 2n ** 64n])('needs gas, and not %i', async (gasLimit) => {
    const { play, queue } = await stage()
    const outcome = await play.send(CALLER, 'LeaveOnly', [CALLEE, 0n, gasLimit])
    expect(outcome).toMatchObject({ exitCode: 24 })
    expect(outcome.message).toContain('future/no-gas')
    expect(queue.queued).toEqual([])
  })

  it('of one’s own facet comes with a grant', async () => {
    const { play, queue } = await stage()
    expect(await play.send(CALLER, 'LeaveSelf')).toMatchObject({ exitCode: 0 })
    const [{ method, parameters: data } = expect.fail()] = queue.queued
    const parameters = { codec: CBOR, data }
    expect(await play.host.send({ to: CALLER, from: OTHER, method, parameters })).toMatchObject({
      exitCode: 18,
    })
    expect(await play.host.send({ to: CALLER, from: CALLER, method, parameters })).toMatchObject({
      exitCode: 0,
    })
    expect((await play.send(CALLER, 'Notes')).result).toEqual(['once'])
  })

  it.each([
    [32, 'future/no-gas', 24],
    [33, 'future/too-large', 21],
    [99, 'future/refused', 24],
  ])('fails where the queue refuses it with %i: %s', async (exitCode, code, ends) => {
    const { play, queue } = await stage()
    queue.exitCode = exitCode
    const outcome = await play.send(CALLER, 'Leave', [CALLEE, 'add', 1n])
    expect(outcome).toMatchObject({ exitCode: ends })
    expect(outcome.message).toContain(code)
  })

  it('is not to be had where there is no queue', async () => {
    const play = new Play()
    await play.create(CALLER, Caller)
    await play.create(CALLEE, Callee)
    const outcome = await play.send(CALLER, 'Leave', [CALLEE, 'add', 1n])
    expect(outcome).toMatchObject({ exitCode: 24 })
    expect(outcome.message).toContain('future/unsupported')
  })
})

describe('a future', () => {
  it('is kept in state, and delivers what the method returned, with the data', async () => {
    const { play, queue, deliver } = await stage()
    await play.send(CALLER, 'Leave', [CALLEE, 'add', 41n])
    expect(await play.send(CALLER, 'Ask', ['noted', ['for', 1n]])).toMatchObject({ exitCode: 0 })
    expect(queue.continuations).toMatchObject([{ future: 0n, gasLimit: 200_000_000n }])
    expect(await deliver(0, Uint8Array.of(0x18, 42))).toMatchObject({ exitCode: 0 })
    expect((await play.send(CALLER, 'Notes')).result).toMatchObject([
      [{ ok: true, exitCode: 0n, value: 42n }, ['for', 1n]],
    ])
  })

  it.each<[string, number, Uint8Array | null, object]>([
    ['a failure', 78, Uint8Array.of(1), { ok: false, exitCode: 78n, value: null }],
    ['nothing', 0, new Uint8Array(), { ok: true, value: null }],
    ['too much', 0, null, { ok: true, value: null, returned: null }],
    ['bytes of another language', 0, Uint8Array.of(0xff, 0xff), { ok: true, value: null }],
  ])('tells of %s', async (_, exitCode, returned, expected) => {
    const { play, deliver } = await stage()
    await play.send(CALLER, 'Leave', [CALLEE, 'add', 41n])
    await play.send(CALLER, 'Ask', ['noted', null])
    expect(await deliver(exitCode, returned)).toMatchObject({ exitCode: 0 })
    const notes = (await play.send(CALLER, 'Notes')).result as [[Record<string, Passable>, Passable]]
    expect(notes[0][0]).toMatchObject(expected)
    if (returned !== null) expect(toUint8Array(notes[0][0]['returned'] as ArrayBuffer)).toEqual(returned)
  })

  it('brings references back: in what was returned, and in the data', async () => {
    const { play, queue, deliver } = await stage()
    await play.send(CALLER, 'Leave', [CALLEE, 'self', null])
    const target = { codec: CBOR, data: queue.queued[0]?.parameters ?? expect.fail() }
    const { block } = await play.host.send({
      to: CALLEE,
      from: CALLER,
      method: queue.queued[0]?.method ?? 0n,
      parameters: target,
    })
    expect(await play.send(CALLER, 'AskWith', [CALLEE])).toMatchObject({ exitCode: 0 })
    expect(await deliver(0, block?.data ?? expect.fail())).toMatchObject({ exitCode: 0 })
    expect((await play.send(CALLER, 'Notes')).result).toEqual([42n, 42n])
    // What was returned has to be what the guard says.
    expect(await deliver(0, Uint8Array.of(1))).toMatchObject({ exitCode: 16 })
  })

  it.each<[string, () => Passable]>([
    ['a number', () => 1n],
    ['null', () => null],
    ['a list', () => [0n, 1n]],
  ])('is not %s', async (_, make) => {
    const { play } = await stage()
    const outcome = await play.send(CALLER, 'Give', [make()])
    expect(outcome).toMatchObject({ exitCode: 16 })
    expect(outcome.message).toContain('future/not-a-future')
  })

  it('can be forgotten', async () => {
    const { play, queue } = await stage()
    await play.send(CALLER, 'Leave', [CALLEE, 'add', 1n])
    expect(await play.send(CALLER, 'Drop')).toMatchObject({ exitCode: 0 })
    expect(queue.forgotten).toEqual([0n])
  })

  it.each([
    [16, 'future/has-continuation', 24],
    [17, 'future/unknown', 17],
    [18, 'future/unknown', 17],
  ])('that the queue refuses with %i: %s', async (exitCode, code, ends) => {
    const { play, queue } = await stage()
    await play.send(CALLER, 'Leave', [CALLEE, 'add', 1n])
    queue.exitCode = exitCode
    const outcome = await play.send(CALLER, 'Ask', ['noted', null])
    expect(outcome).toMatchObject({ exitCode: ends })
    expect(outcome.message).toContain(code)
  })
})

describe('a continuation', () => {
  it('is called by the message queue alone', async () => {
    const { play, queue, deliver } = await stage()
    await play.send(CALLER, 'Leave', [CALLEE, 'add', 1n])
    await play.send(CALLER, 'Ask', ['noted', null])
    const { method = 0n, context = new Uint8Array() } = queue.continuations[0] ?? {}
    const parameters = {
      codec: CBOR,
      data: new CborWriter().array(4).uint(0).bytes(context).uint(0).bytes(new Uint8Array()).finish(),
    }
    for (const from of [CALLER, OTHER, 100n])
      expect(await play.host.send({ to: CALLER, from, method, parameters })).toMatchObject({ exitCode: 18 })
    expect(await deliver(0, new Uint8Array())).toMatchObject({ exitCode: 0 })
  })

  it('has to be a method of the facet later, which cannot be granted', async () => {
    const { play } = await stage()
    await play.send(CALLER, 'Leave', [CALLEE, 'add', 1n])
    for (const method of ['notes', 'turn', 'missing']) {
      const outcome = await play.send(CALLER, 'Ask', [method, null])
      expect(outcome).toMatchObject({ exitCode: 22 })
      expect(outcome.message).toContain('future/no-continuation')
    }
    expect(await play.send(CALLER, 'Offer', ['later'])).toMatchObject({ exitCode: 18 })
    expect(await play.send(CALLER, 'Offer', ['keys'])).toMatchObject({ exitCode: 0 })
  })

  it('that a result may be on its way to has to be in the code that comes after', async () => {
    const { play } = await stage()
    const without = imageOf(
      defineActor('Caller', {
        state: { future: durable.value<Passable>(null, M.or(M.null(), FutureShape)) },
        facets: { later: M.interface('Later', { used: M.call(M.any(), M.any()).returns() }) },
        methods: { later: { used: () => {} } },
      }),
    )
    // As long as it was never named, it may go.
    expect(await play.host.replace(CALLER, without)).toMatchObject({ exitCode: 0 })
    const second = await stage()
    await second.play.send(CALLER, 'Leave', [CALLEE, 'add', 1n])
    await second.play.send(CALLER, 'Ask', ['noted', null])
    const refused = await second.play.host.replace(CALLER, without)
    expect(refused).toMatchObject({ exitCode: 20 })
    expect(refused.message).toContain('actor/continuation-missing')
    expect(await second.play.host.replace(CALLER, imageOf(Caller))).toMatchObject({ exitCode: 0 })
    expect(await second.deliver(0, new Uint8Array())).toMatchObject({ exitCode: 0 })
  })
})
