import './support/lockdown.ts'
import '../src/handled-promise.ts'
import { Far } from '@endo/pass-style'
import { makeCopyBag, makeCopyMap, makeCopySet } from '@endo/patterns'
import { bytes, defineActor, M, makeTagged, type Passable, type Ref } from '@troupe/sdk-js'
import { createVat, type Vat } from '@troupe/sdk-js/vat-data'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imageOf, Play } from './support/play.ts'

const ACTOR = 1000n

// biome-ignore lint/suspicious/noExplicitAny: what tests keep.
type Any = any

/** What the module of an actor makes, besides its vat. */
interface Things {
  readonly vat: Vat
  readonly made: Any
}

/** What a message does. */
type Job = (things: Things, caller: Ref) => unknown

/** An actor in which every message finds a copy of what its module made, and of nothing else, as in an image. */
class Theatre {
  readonly #play = new Play()
  readonly #make: (vat: Vat) => Any
  #jobs: readonly Job[] = []

  private constructor(make: (vat: Vat) => Any) {
    this.#make = make
  }

  static async open(make: (vat: Vat) => Any = () => undefined): Promise<Theatre> {
    const theatre = new Theatre(make)
    expect(await theatre.#play.create(ACTOR, theatre.#actor())).toMatchObject({ exitCode: 0 })
    return theatre
  }

  /** Runs jobs in a message of its own; gives what the last one gave. */
  async run(...jobs: Job[]): Promise<Passable | undefined> {
    return this.runAs(100n, ...jobs)
  }

  async runAs(from: bigint, ...jobs: Job[]): Promise<Passable | undefined> {
    const { exitCode, message, result } = await this.#send(from, jobs)
    if (exitCode !== 0) throw new Error(message)
    return result
  }

  /** Runs jobs in a message that fails; says how. */
  async fail(...jobs: Job[]): Promise<string> {
    const { exitCode, message } = await this.#send(100n, jobs)
    return `${exitCode} ${message}`
  }

  async #send(from: bigint, jobs: readonly Job[]): ReturnType<Play['send']> {
    this.#jobs = jobs
    await this.#play.host.replace(ACTOR, imageOf(this.#actor()))
    return this.#play.send(ACTOR, 'Run', [], { from })
  }

  #actor(): ReturnType<typeof defineActor> {
    const vat = createVat()
    const made = this.#make(vat)
    return defineActor('Theatre', {
      state: { vat: vat.state },
      facets: { public: M.interface('Theatre', { run: M.call().returns(M.any()) }) },
      methods: {
        public: {
          run: ({ caller }) => this.#jobs.map((job) => job({ vat, made }, caller)).at(-1) as never,
        },
      },
    })
  }
}

/** A counter of two facets, and a map of counters in the baggage. */
function makeCounters({ VatData, baggage }: Vat): Any {
  const handle = VatData.makeKindHandle('Counter')
  const make = VatData.defineDurableKindMulti(
    handle,
    (label: string) => ({ label, count: 0n }),
    {
      up: {
        add(this: Any, n: bigint): bigint {
          this.state.count += n
          return this.state.count
        },
        other(this: Any): object {
          return this.facets.down
        },
      },
      down: {
        take(this: Any, n: bigint): bigint {
          this.state.count -= n
          return this.state.count
        },
        label(this: Any): string {
          return this.state.label
        },
      },
    },
    { thisfulMethods: true, stateShape: { count: M.nat(), label: M.string() } },
  )
  const counters = VatData.makeScalarBigMapStore('counters', { durable: true })
  baggage.init('counters', counters)
  return { make, counters, first: make('first') }
}

describe('an object that lasts', () => {
  it('is what it was in the next message, with its facets', async () => {
    const theatre = await Theatre.open(makeCounters)
    await theatre.run(({ made }) => {
      const counter = made.make('second').up
      counter.add(5n)
      made.counters.init('second', counter)
    })
    expect(
      await theatre.run(({ vat }) => {
        const counter = vat.baggage.get('counters').get('second')
        expect(vat.baggage.get('counters').get('second')).toBe(counter)
        expect(counter.other().take(2n)).toBe(3n)
        expect(counter.other()).toBe(counter.other())
        return [counter.add(10n), counter.other().label()]
      }),
    ).toEqual([13n, 'second'])
    expect(await theatre.run(({ made }) => made.counters.get('second').add(0n))).toBe(13n)
  })

  it('may be one that the module made, whose changes are in the state', async () => {
    const theatre = await Theatre.open(makeCounters)
    expect(await theatre.run(({ made }) => made.first.up.add(5n))).toBe(5n)
    expect(await theatre.run(({ made }) => made.first.up.add(6n))).toBe(11n)
    await theatre.run(({ made }) => made.counters.init('first', made.first.down))
    expect(
      await theatre.run(({ made }) => {
        expect(made.counters.get('first')).toBe(made.first.down)
        return made.counters.get('first').take(1n)
      }),
    ).toBe(10n)
  })

  it('is as it was where the message fails', async () => {
    const theatre = await Theatre.open(makeCounters)
    await theatre.run(({ made }) => made.first.up.add(5n))
    const failed = await theatre.fail(
      ({ made }) => made.first.up.add(5n),
      ({ made }) => made.counters.init('gone', made.make('gone').up),
      ({ made }) => made.first.down.take(20n),
    )
    expect(failed).toMatch(/^23 Error: state.count: .*-10/)
    expect(await theatre.run(({ made }) => [made.first.up.add(0n), made.counters.has('gone')])).toEqual([
      5n,
      false,
    ])
  })

  it('is finished once, when it is made', async () => {
    const finished: unknown[] = []
    const theatre = await Theatre.open(({ VatData, baggage }) => {
      const handle = VatData.makeKindHandle('A')
      const methods = { name: ({ state }: Any) => state.name, self: ({ self }: Any) => self }
      const finish = ({ state }: Any): unknown => finished.push(state.name)
      const make = VatData.defineDurableKind(handle, (name: string) => ({ name }), methods, {
        finish,
      } as never)
      return { make, baggage }
    })
    await theatre.run(({ made, vat }) => vat.baggage.init('a', made.make('x')))
    // Methods of old take their context first.
    expect(await theatre.run(({ vat }) => vat.baggage.get('a').name())).toBe('x')
    await theatre.run(({ vat }) => {
      expect(vat.baggage.get('a').self()).toBe(vat.baggage.get('a'))
    })
    expect(finished).toEqual(['x'])
  })

  it('has a kind that is defined in the message, where it was made in one', async () => {
    const define = ({ vat: { VatData, baggage } }: Things, handle: object): Any => {
      void baggage
      return VatData.defineDurableKind(handle, () => ({ n: 1n }), { n: ({ state }: Any) => state.n })
    }
    const theatre = await Theatre.open()
    await theatre.run((things) => {
      const handle = things.vat.VatData.makeKindHandle('Late')
      things.vat.baggage.init('handle', handle)
      things.vat.baggage.init('late', define(things, handle)())
    })
    expect(await theatre.fail(({ vat }) => vat.baggage.get('late'))).toMatch(/^20 vat\/kind-undefined/)
    expect(
      await theatre.run((things) => {
        define(things, things.vat.baggage.get('handle'))
        return things.vat.baggage.get('late').n()
      }),
    ).toBe(1n)
  })

  it('has the fields of its shape, those too that the shape got later, and no others', async () => {
    const methods = {
      get: ({ state }: Any, name: string) => state[name],
      set: ({ state }: Any, name: string, value: unknown) => {
        state[name] = value
      },
    }
    const define = ({ vat: { VatData } }: Things, handle: object, stateShape: Any): Any =>
      VatData.defineDurableKind(handle, (fields: Any) => fields, methods, { stateShape })
    const theatre = await Theatre.open()
    await theatre.run((things) => {
      const { VatData, baggage } = things.vat
      baggage.init('handle', VatData.makeKindHandle('Shaped'))
      const make = define(things, baggage.get('handle'), { a: M.nat() })
      baggage.init('shaped', make({ a: 1n }))
      expect(() => make({ a: 1n, b: 2n })).toThrow(/fields described by stateShape/)
      expect(() => make({ a: 'x' })).toThrow(/state\.a/)
    })
    await theatre.run((things) => {
      const { baggage } = things.vat
      define(things, baggage.get('handle'), { a: M.nat(), b: M.or(undefined, M.nat()) })
      const shaped = baggage.get('shaped')
      expect([shaped.get('a'), shaped.get('b')]).toEqual([1n, undefined])
      shaped.set('b', 2n)
      expect([shaped.get('a'), shaped.get('b')]).toEqual([1n, 2n])
      expect(() => shaped.set('b', 'x')).toThrow(/state\.b/)
      expect(() => shaped.set('c', 3n)).toThrow(TypeError)
    })
  })

  it('is held to its shape also where it is there for the message', async () => {
    const theatre = await Theatre.open()
    await theatre.run(({ vat: { VatData } }) => {
      const set = ({ state }: Any, value: unknown): unknown => {
        state.a = value
        return state.a
      }
      const options = { stateShape: { a: M.nat() } }
      const make = VatData.defineKind('A', (a: unknown) => ({ a }), { set }, options)
      expect(make(1n).set(2n)).toBe(2n)
      expect(() => make(1n).set('x')).toThrow(/state\.a/)
      expect(() => make('x')).toThrow(/state\.a/)
      const makeKit = VatData.defineKindMulti('B', () => ({ b: 1n }), { one: { set }, other: {} }, options)
      expect(() => makeKit()).toThrow(/fields described by stateShape/)
    })
  })

  it('has an amplifier only where there are facets', async () => {
    const theatre = await Theatre.open()
    await theatre.run(({ vat: { VatData } }) => {
      const options = { receiveAmplifier: () => {} }
      const handle = VatData.makeKindHandle('A')
      for (const define of [
        () => VatData.defineKind('A', () => ({}), {}, options),
        () => VatData.defineDurableKind(handle, () => ({}), {}, options),
      ])
        expect(define).toThrow('Only facets of an exo class kit can be amplified, not "A"')
    })
  })
})

describe('a collection that lasts', () => {
  it('has keys and values of every form', async () => {
    const values = ({ made }: Things, caller: Ref): readonly unknown[] => [
      ...[null, undefined, true, 5n, -(2n ** 70n), 1.5, Number.NaN, Number.NEGATIVE_INFINITY, 'text', caller],
      ...[
        bytes(Uint8Array.of(1, 2)),
        [1n, [undefined]],
        { a: { b: undefined }, '@c': 1n },
        { $: 'undefined', x: 1n },
      ],
      ...[makeCopySet(['a', 'b']), makeCopyMap([['k', made.first.up]]), makeCopyBag([['x', 2n]])],
      ...[M.splitRecord({ n: M.nat() }), makeTagged('mine', harden({ $: [caller] }) as never), made.counters],
    ]
    const theatre = await Theatre.open(makeCounters)
    await theatre.run((things, caller) => {
      const map = things.vat.VatData.makeScalarBigMapStore('values', { durable: true })
      things.vat.baggage.init('values', map)
      for (const [i, value] of values(things, caller).entries()) map.init(BigInt(i), harden(value))
    })
    expect(
      await theatre.run((things, caller) => {
        const map = things.vat.baggage.get('values')
        const expected = values(things, caller)
        expect([...map.values()]).toEqual(expected)
        expected.forEach((value, i) => {
          if (typeof value === 'object' && value === map.get(BigInt(i)))
            expect(Object.isFrozen(value)).toBe(true)
        })
        expect(map.get(9n)).toBe(caller)
        expect(map.get(19n)).toBe(things.made.counters)
        return map.getSize()
      }),
    ).toBe(20)

    const keys = ({ made }: Things, caller: Ref): readonly unknown[] => [
      ...[
        null,
        undefined,
        false,
        true,
        0n,
        1n,
        0.5,
        '',
        '1',
        'null',
        caller,
        made.first.up,
        made.first.down,
        made.counters,
      ],
    ]
    await theatre.run((things, caller) => {
      const map = things.vat.VatData.makeScalarBigMapStore('keys', { durable: true })
      things.vat.baggage.init('keys', map)
      for (const [i, key] of keys(things, caller).entries()) map.init(key, BigInt(i))
    })
    await theatre.run((things, caller) => {
      const map = things.vat.baggage.get('keys')
      for (const [i, key] of keys(things, caller).entries()) expect(map.get(key)).toBe(BigInt(i))
      expect(() => map.get('2')).toThrow(/key .*2.* not found in collection .*keys/)
      expect(() => map.init('', 1n)).toThrow(/already registered/)
      expect(() => map.get(harden([]))).toThrow()
    })
  })

  it('has an entry for each caller', async () => {
    const theatre = await Theatre.open(makeCounters)
    const add: Job = ({ made }, caller) => {
      if (!made.counters.has(caller)) made.counters.init(caller, made.make('one of many').up)
      return made.counters.get(caller).add(1n)
    }
    expect(await theatre.runAs(100n, add)).toBe(1n)
    expect(await theatre.runAs(101n, add)).toBe(1n)
    expect(await theatre.runAs(100n, add)).toBe(2n)
    expect(
      await theatre.run(({ made }) => [...made.counters.values()].map((one: Any) => one.add(0n))),
    ).toEqual([2n, 1n])
    await theatre.runAs(100n, ({ made }, caller) => made.counters.delete(caller))
    expect(
      await theatre.run(({ made }) => [...made.counters.values()].map((one: Any) => one.add(0n))),
    ).toEqual([1n])
  })

  it('says what is in it, in the order of ranks, and forgets what fits a pattern', async () => {
    const theatre = await Theatre.open(({ VatData }) => ({
      map: VatData.makeScalarBigMapStore('map', { durable: true }),
      set: VatData.makeScalarBigSetStore('set', { durable: true, keyShape: M.string() }),
    }))
    await theatre.run(({ made: { map, set } }) => {
      map.addAll([
        ['b', 1n],
        ['a', 2n],
        [3n, 'x'],
        [1n, 'y'],
      ])
      set.addAll(makeCopySet(['q', 'p']))
      set.add('p')
      expect(() => set.add(5n)).toThrow(/invalid key type/)
    })
    await theatre.run(({ made: { map, set } }) => {
      expect([...map.keys()]).toEqual([1n, 3n, 'a', 'b'])
      expect([...map.entries(M.string())]).toEqual([
        ['a', 2n],
        ['b', 1n],
      ])
      expect([map.getSize(), map.getSize(M.any(), 1n), set.getSize()]).toEqual([4, 1, 2])
      expect(set.snapshot()).toEqual(makeCopySet(['p', 'q']))
      expect([...set.values()]).toEqual(['p', 'q'])
      expect(map.snapshot(M.bigint())).toEqual(
        makeCopyMap([
          [3n, 'x'],
          [1n, 'y'],
        ] as never),
      )
      map.clear(M.string())
      for (const each of set.keys()) set.delete(each)
    })
    expect(await theatre.run(({ made: { map, set } }) => [[...map.keys()], set.getSize()])).toEqual([
      [1n, 3n],
      0,
    ])
  })

  it('is what it was where it refuses an entry, whoever catches that', async () => {
    const theatre = await Theatre.open()
    const refused: Job = ({ vat: { VatData, baggage } }) => {
      const map = VatData.makeScalarBigMapStore('map', { durable: true })
      baggage.init('map', map)
      map.init('a', 1n)
      expect(() => map.init('b', Far('far', {}))).toThrow(/not durable/)
      expect(() => map.set('a', Far('far', {}))).toThrow(/not durable/)
      expect(() => map.init(Symbol.iterator, 1n)).toThrow(/not durable/)
    }
    await theatre.run(refused)
    expect(
      await theatre.run(({ vat: { baggage } }) => {
        const map = baggage.get('map')
        map.init('c', 2n)
        return [BigInt(map.getSize()), [...map.entries()]]
      }),
    ).toEqual([
      2n,
      [
        ['a', 1n],
        ['c', 2n],
      ],
    ])
  })

  it('has what was put last, however little that differs', async () => {
    const theatre = await Theatre.open()
    const values = [[], {}, ['a'], { 0: 'a' }, 0, -0, 0n, '0', [[]], [{}]]
    await theatre.run(({ vat: { baggage } }) => baggage.init('x', 1n))
    for (const value of values) {
      await theatre.run(({ vat: { baggage } }) => baggage.set('x', harden(value)))
      expect(await theatre.run(({ vat: { baggage } }) => baggage.get('x'))).toStrictEqual(value)
    }
  })

  it('may have lost what the module put into it', async () => {
    const theatre = await Theatre.open(({ baggage }) => baggage.init('once', 5n))
    await theatre.run(({ vat }) => vat.baggage.set('once', 6n))
    expect(await theatre.run(({ vat }) => vat.baggage.get('once'))).toBe(6n)
    await theatre.run(({ vat }) => vat.baggage.delete('once'))
    expect(await theatre.run(({ vat }) => vat.baggage.has('once'))).toBe(false)
    await theatre.run(({ vat }) => vat.baggage.init('once', 7n))
    expect(await theatre.run(({ vat }) => vat.baggage.get('once'))).toBe(7n)
  })

  it('is like a map of the language, whatever is done with it, in however many messages', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const step = fc.oneof(
      fc.record({ kind: fc.constant('put'), key, value: fc.bigInt({ min: 0n, max: 99n }) }),
      fc.record({ kind: fc.constant('delete'), key, value: fc.constant(0n) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 5 }), async (messages) => {
        const model = new Map([['a', 1n]])
        const theatre = await Theatre.open(({ VatData }) => {
          const map = VatData.makeScalarBigMapStore('map', { durable: true })
          const weak = VatData.makeScalarBigWeakMapStore('weak', { durable: true })
          for (const each of [map, weak]) each.init('a', 1n)
          return [map, weak]
        })
        for (const steps of messages) {
          await theatre.run(({ made }) => {
            for (const { kind, key: at, value } of steps)
              for (const map of made) {
                if (kind === 'delete') {
                  if (map.has(at)) map.delete(at)
                } else if (map.has(at)) map.set(at, value)
                else map.init(at, value)
              }
          })
          for (const { kind, key: at, value } of steps) {
            if (kind === 'delete') model.delete(at)
            else model.set(at, value)
          }
          const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1))
          const found = await theatre.run(({ made: [map, weak] }) => [
            [...map.entries()],
            ['a', 'b', 'c', 'd', 'e'].filter((at) => weak.has(at)).map((at) => [at, weak.get(at)]),
            BigInt(map.getSize()),
          ])
          expect(found).toEqual([expected, expected, BigInt(model.size)])
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('what does not last', () => {
  it('is gone with the message, and cannot be kept by what does', async () => {
    const theatre = await Theatre.open(({ VatData }) => ({
      heap: VatData.makeScalarBigMapStore('heap'),
      make: VatData.defineKind('Brief', () => ({ n: 1n }), { n: ({ state }: Any) => state.n }),
    }))
    expect(
      await theatre.run(({ made, vat }) => {
        const one = made.make()
        made.heap.init('one', one)
        made.heap.init('promise', Promise.resolve())
        const able = [one, made.heap, Far('far', {}), harden([one]), 5n, vat.baggage]
        return [made.heap.get('one').n(), ...able.map((value) => vat.VatData.canBeDurable(value))]
      }),
    ).toEqual([1n, false, false, false, false, true, true])
    expect(await theatre.run(({ made }) => made.heap.has('one'))).toBe(false)
    for (const value of [Far('far', {}), harden(Promise.resolve())])
      expect(await theatre.fail(({ vat }) => vat.baggage.init('x', value))).toMatch(/^21 vat\/not-durable/)
    expect(await theatre.fail(({ made, vat }) => vat.baggage.init(made.heap, 1n))).toMatch(
      /^21 vat\/not-durable/,
    )
    expect(await theatre.fail(({ vat }) => vat.baggage.init('x', Symbol.iterator))).toMatch(
      /^21 vat\/not-durable/,
    )
  })
})

describe('a vat', () => {
  it('refuses what no actor can have', async () => {
    const theatre = await Theatre.open(makeCounters)
    expect(await theatre.fail(({ vat }) => vat.VatData.watchPromise())).toMatch(/^24 vat\/unsupported/)
    expect(await theatre.fail(({ vat }) => vat.VatData.providePromiseWatcher())).toMatch(
      /^24 vat\/unsupported/,
    )
    const twice: Job = ({ vat: { VatData } }) => {
      const handle = VatData.makeKindHandle('A')
      for (let i = 0; i < 2; i++) VatData.defineDurableKind(handle, () => ({}), {})
    }
    expect(await theatre.fail(twice)).toMatch(/^24 vat\/kind-twice/)
    expect(
      await theatre.fail(({ vat }) => vat.VatData.defineDurableKind(Far('kind', {}), () => ({}), {})),
    ).toMatch(/^20 vat\/kind-undefined/)
  })

  it('wants its state to be declared', async () => {
    const { baggage } = createVat()
    const actor = defineActor('A', {
      facets: { public: M.interface('A', { run: M.call().returns() }) },
      methods: { public: { run: () => void baggage.has('x') } },
    })
    const play = new Play()
    await play.create(ACTOR, actor)
    expect(await play.send(ACTOR, 'Run')).toMatchObject({
      exitCode: 20,
      message: expect.stringContaining('state/unknown-field'),
    })
  })
})
