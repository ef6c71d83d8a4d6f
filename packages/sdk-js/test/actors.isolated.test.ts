import './support/lockdown.ts'
import { methodNumber } from '@troupe/hypervisor'
import {
  ActorFailure,
  bytes,
  call,
  type Directory,
  type DurableMap,
  defineActor,
  durable,
  type Events,
  type Funds,
  fail,
  type Log,
  M,
  type Passable,
  type Randomness,
  type Ref,
  transfer,
} from '@troupe/sdk-js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crypto, encode, Play } from './support/play.ts'

const Counter = defineActor('Counter', {
  state: { count: 0n, name: 'nobody', ledger: durable.map(M.string(), M.nat()) },
  facets: {
    public: M.interface('Counter', {
      add: M.call(M.nat()).returns(M.nat()),
      read: M.call().returns(M.nat()),
      put: M.call(M.string(), M.nat()).returns(),
      get: M.call(M.string()).returns(M.or(M.nat(), M.undefined())),
      sum: M.call().returns(M.nat()),
      later: M.callWhen(M.nat()).returns(M.nat()),
      never: M.callWhen().returns(M.nat()),
      lie: M.call().returns(M.nat()),
      throws: M.call().returns(),
      fails: M.call().returns(),
      keep: M.call(M.any()).returns(),
      cyclic: M.call().returns(M.any()),
      method: M.call().returns(M.any()),
      deep: M.call(M.nat()).returns(M.any()),
    }),
  },
  init({ state }, name: string) {
    state.name = name
  },
  initGuard: M.call(M.string()).returns(),
  methods: {
    public: {
      add({ state }, by) {
        state.count += by
        return state.count
      },
      read: ({ state }) => state.count,
      put({ state }, key, value) {
        state.ledger.set(key, value)
      },
      get: ({ state }, key) => state.ledger.get(key) as bigint,
      sum: ({ state }) => [...state.ledger].reduce((sum, [, value]) => sum + (value as bigint), 0n),
      later: (async ({ state }: { state: { count: bigint } }, by: bigint) => {
        await undefined
        state.count += by
        return state.count
      }) as never,
      never: (() => new Promise(() => {})) as never,
      lie: () => 'five' as never,
      throws: () => {
        throw new TypeError('oh')
      },
      fails: () => fail(40, 'no more'),
      keep({ state }, value) {
        state.name = value as never
      },
      cyclic: () => {
        const list: unknown[] = []
        list.push(list)
        return list as never
      },
      method: () => (() => {}) as never,
      deep(_, levels) {
        let value: Passable = null
        for (let i = 0n; i < levels; i++) value = [value]
        return value as never
      },
    },
  },
})

async function counter(): Promise<Play> {
  const play = new Play()
  expect(await play.create(1000n, Counter, 'clicks')).toMatchObject({ exitCode: 0 })
  return play
}

describe('an actor', () => {
  it('keeps its state between calls', async () => {
    const play = await counter()
    expect(await play.send(1000n, 'Add', [2n])).toMatchObject({ exitCode: 0, result: 2n })
    expect(await play.send(1000n, 'Add', [2n ** 70n])).toMatchObject({ exitCode: 0, result: 2n ** 70n + 2n })
    expect(await play.send(1000n, 'Read')).toMatchObject({ exitCode: 0, result: 2n ** 70n + 2n })
  })

  it('keeps what is in its collections', async () => {
    const play = await counter()
    await play.send(1000n, 'Put', ['a', 1n])
    await play.send(1000n, 'Put', ['b', 2n])
    expect(await play.send(1000n, 'Get', ['b'])).toMatchObject({ exitCode: 0, result: 2n })
    expect(await play.send(1000n, 'Get', ['c'])).toMatchObject({ exitCode: 0, result: undefined })
    expect(await play.send(1000n, 'Sum')).toMatchObject({ exitCode: 0, result: 3n })
  })

  it('writes nothing where nothing has changed', async () => {
    const play = await counter()
    const before = play.host.root(1000n)
    expect(await play.send(1000n, 'Read', [], { readOnly: true })).toMatchObject({ exitCode: 0 })
    expect(play.host.root(1000n)).toEqual(before)
  })

  it('waits for promises that settle', async () => {
    const play = await counter()
    expect(await play.send(1000n, 'Later', [5n])).toMatchObject({ exitCode: 0, result: 5n })
    expect(await play.send(1000n, 'Read')).toMatchObject({ result: 5n })
  })

  it.each([
    ['a promise that is pending at the end', 'Never', [], 24, 'promise/pending'],
    ['an argument that the guard refuses', 'Add', ['x'], 16, 'argument/refused'],
    ['an argument too few', 'Add', [], 16, 'argument/refused: public.add takes 1 argument, not 0'],
    [
      'an argument too many',
      'Put',
      ['a', 1n, 2n],
      16,
      'argument/refused: public.put takes 2 arguments, not 3',
    ],
    ['a result that the guard refuses', 'Lie', [], 24, 'result/refused'],
    ['a cyclic result', 'Cyclic', [], 21, 'value/cyclic'],
    ['a result that is a function', 'Method', [], 21, 'value/not-passable: what public.method returned: '],
    ['a result of too many levels', 'Deep', [65n], 21, 'value/too-deep'],
    ['a value that the state does not take', 'Keep', [[1n, { a: 'b' }, 2.5]], 0, ''],
    ['an error of its own', 'Throws', [], 23, 'TypeError: oh'],
    ['an end of its own', 'Fails', [], 40, 'no more'],
    ['a method that it does not have', 'Absent', [], 22, ': it has Add, Read, Put, Get, Sum, Later'],
  ] as const)('ends at %s', async (_, name, values, exitCode, message) => {
    const play = await counter()
    const outcome = await play.send(1000n, name, values as readonly Passable[])
    expect(outcome).toMatchObject({ exitCode })
    expect(outcome.message).toContain(message)
  })

  it('returns values of as many levels as there may be', async () => {
    const play = await counter()
    expect(await play.send(1000n, 'Deep', [64n])).toMatchObject({ exitCode: 0 })
  })

  it('changes nothing in a read-only call', async () => {
    const play = await counter()
    expect(await play.send(1000n, 'Add', [1n], { readOnly: true })).toMatchObject({ exitCode: 25 })
    expect(await play.send(1000n, 'Read')).toMatchObject({ result: 0n })
  })

  it('takes no value that it has not said it takes', async () => {
    const play = await counter()
    expect(await play.send(1000n, 'Read', [], { value: 1n })).toMatchObject({ exitCode: 26 })
  })

  it('is constructed once, by the init actor', async () => {
    const play = await counter()
    const again = await play.host.send({ to: 1000n, from: 1n, method: 1n, parameters: encode(['again']) })
    expect(again).toMatchObject({
      exitCode: 18,
      message: expect.stringContaining('actor/already-constructed'),
    })
    const other = await play.host.send({ to: 1000n, from: 100n, method: 1n, parameters: encode(['mine']) })
    expect(other).toMatchObject({
      exitCode: 18,
      message: expect.stringContaining('actor/constructor-caller'),
    })
    expect(await play.create(1001n, Counter, 3n)).toMatchObject({ exitCode: 16 })
    const early = await play.send(1001n, 'Read')
    expect(early).toMatchObject({ exitCode: 20, message: expect.stringContaining('actor/not-constructed') })
  })
})

const Caller = defineActor('Caller', {
  state: { seen: 0n, other: durable.value<Passable>(null, M.or(M.null(), M.remotable())) },
  powers: ['directory', 'funds', 'events', 'log'],
  facets: {
    public: M.interface('Caller', {
      connect: M.call(M.nat()).returns(),
      twice: M.call(M.nat()).returns(M.nat()),
      survive: M.call().returns(M.string()),
      pay: M.call(M.nat()).returns(),
      tell: M.call().returns(),
    }),
  },
  payable: ['init', 'public.pay'],
  methods: {
    public: {
      connect({ state, directory }, id) {
        state.other = directory.actor(id)
      },
      twice({ state }, by) {
        const counter = call(state.other as never)
        state.seen += 1n
        counter['add']?.(by)
        return counter['add']?.(by)
      },
      survive({ state }) {
        state.seen += 1n
        try {
          call(state.other as never)['fails']?.()
        } catch (error) {
          return `${(error as { code: string }).code} ${(error as { exitCode: number }).exitCode}`
        }
        return 'nothing'
      },
      pay({ caller, funds }, value) {
        call(caller, { value: funds.pay(value) })['thanks']?.()
      },
      tell({ events, log }) {
        log.info('telling')
        events.emit('told', { what: 'all', count: 3n })
      },
    },
  },
})

describe('hostile parameters', () => {
  const number = methodNumber(crypto, 'Keep')
  const whole = encode([{ a: [1n, -5n, 'text', null, true, 2.5], '@b': 2n ** 70n }]).data
  const mutated = fc
    .array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
    .map((changes) => {
      const data = whole.slice()
      for (const [at, byte] of changes) data[at] = byte
      return data
    })

  it('end a call with a code, and leave its state alone, or are values', async () => {
    const play = await counter()
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 40 }), mutated), async (data) => {
        const before = play.host.root(1000n)
        const outcome = await play.host.send({
          ...{ to: 1000n, from: 100n, method: number },
          parameters: { codec: 0x71, data },
        })
        if (![0, 16, 18, 21].includes(outcome.exitCode)) return false
        return outcome.exitCode === 0 || play.host.root(1000n) === before
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['nothing at all', '', 21],
    ['nested too deeply', `${'81'.repeat(66)}80`, 21],
    ['of indefinite length', '9f00ff', 21],
    ['longer than they are', '9a7fffffff', 21],
    ['followed by something', '810000', 21],
    ['with a tag that CBOR has', '81c200', 21],
    ['with a CID that is none', '81d82a4100', 21],
  ])('are refused where they are %s', async (_, data, exitCode) => {
    const play = await counter()
    const parameters = { codec: 0x71, data: Uint8Array.fromHex(data) }
    expect(await play.host.send({ to: 1000n, from: 100n, method: number, parameters })).toMatchObject({
      exitCode,
    })
  })
})

describe('an end of an actor', () => {
  it('has an exit code that actors may end with', () => {
    for (const exitCode of [16, 0xffff_ffff])
      expect(new ActorFailure(exitCode, '')).toMatchObject({ exitCode })
    for (const exitCode of [0, 15, 16.5, 0x1_0000_0000, Number.NaN])
      expect(() => fail(exitCode, '')).toThrow(RangeError)
  })

  it('returns as many bytes as a block has room for', () => {
    const most = bytes(new Uint8Array(1_048_571))
    expect(new ActorFailure(40, '', most).returned).toBe(most)
    expect(() => fail(40, '', bytes(new Uint8Array(1_048_572)))).toThrow(
      expect.objectContaining({ code: 'value/too-large' }),
    )
  })
})

describe('a call of another actor', () => {
  async function pair(): Promise<Play> {
    const play = await counter()
    await play.create(1001n, Caller)
    expect(await play.send(1001n, 'Connect', [1000n])).toMatchObject({ exitCode: 0 })
    return play
  }

  it('returns what the other returned', async () => {
    const play = await pair()
    expect(await play.send(1001n, 'Twice', [3n])).toMatchObject({ exitCode: 0, result: 6n })
  })

  it('throws where the other fails, and undoes what it did', async () => {
    const play = await pair()
    expect(await play.send(1001n, 'Survive')).toMatchObject({ exitCode: 0, result: 'call/failed 40' })
  })

  it('ends as the other did, where nobody catches it', async () => {
    const play = await pair()
    const outcome = await play.send(1001n, 'Twice', [-1n])
    expect(outcome).toMatchObject({ exitCode: 16 })
    expect(await play.send(1000n, 'Read')).toMatchObject({ result: 0n })
  })

  it('pays what the actor has', async () => {
    const play = await pair()
    const paid: bigint[] = []
    play.host.add(100n, (message) => {
      paid.push(message.value)
      return undefined
    })
    expect(await play.send(1001n, 'Pay', [5n], { value: 7n })).toMatchObject({ exitCode: 0 })
    expect(paid).toEqual([5n])
    expect(play.host.balance(1001n)).toBe(2n)
    expect(await play.send(1001n, 'Pay', [50n])).toMatchObject({ exitCode: 19 })
  })

  it('emits events and logs by its powers', async () => {
    const play = await pair()
    await play.send(1001n, 'Tell')
    expect(play.host.logs).toEqual(['info telling'])
    expect(play.host.events.map(({ entries }) => entries.map(({ key }) => key))).toEqual([
      ['$type', 'what', 'count'],
    ])
  })
})

describe('a mistake of an actor', () => {
  const mistakes = {
    assign: ({ state }: Means) => {
      state.other = 'text'
    },
    invent: ({ state }: Means) => {
      Object.assign(state, { nothing: 1n })
    },
    misread: ({ state }: Means) => void (state as unknown as { lits: Passable }).lits,
    replaceMap: ({ state }: Means) => {
      state.map = new Map() as never
    },
    keyOfMap: ({ state }: Means) => {
      Object.assign(state.map, { key: 1n })
    },
    declareLate: ({ state }: Means) => {
      state.list = durable.map(M.string(), M.nat()) as never
    },
    keepMap: ({ state }: Means) => {
      state.list = new Map() as never
    },
    keepDate: ({ state }: Means) => {
      state.list = [new Date(0)] as never
    },
    keepPoint: ({ state }: Means) => {
      class Point {
        x = 1n
      }
      state.list = new Point() as never
    },
    keepSymbol: ({ state }: Means) => {
      state.list = { [Symbol('key')]: 1n } as never
    },
    keepUndefined: ({ state }: Means) => {
      state.list = { a: undefined } as never
    },
    keepInMap: ({ state }: Means) => state.map.set('key', new Set() as never),
    unlistedPower: (context: Means) => (context as unknown as { log: Log }).log.info('hello'),
    unknownMeans: (context: Means) => void (context as unknown as { storage: unknown }).storage,
    useThis(this: { count: bigint }) {
      this.count = 1n
    },
    throwText: () => {
      throw 'out of cheese'
    },
    throwUnreadable: () => {
      throw Object.defineProperty(new Error(), 'name', { value: Symbol('name') })
    },
    failWithText: () => fail(40, 'no more', 'because' as never),
    failAtLength: () => fail(40, 'no more', bytes(new Uint8Array(1_048_572))),
    keepState: ({ state }: Means) => {
      state.list = state as never
    },
    writeOut: ({ state }: Means) => fail(40, JSON.stringify(state)),
    addressAsText: ({ directory }: Means) => void directory.resolve('f0100' as never),
    changeInside: ({ state }: Means) => void (state.list as Passable[]).push(1n),
    payTwice: ({ funds, caller }: Means) => {
      const value = funds.pay(0n)
      transfer(caller, value)
      transfer(caller, value)
    },
    payNegative: ({ funds }: Means) => void funds.pay(-1n),
    callItself: ({ self }: Means) => void call(self)['assign']?.(),
    callNothing: () => void call({} as Ref)['assign']?.(),
    callNobody: ({ directory }: Means) => void call(directory.actor(5_000n))['assign']?.(),
    tooLateARound: ({ randomness }: Means) => void randomness.beacon(10_000n),
    reject: async () => {
      await undefined
      fail(41, 'later')
    },
    keepMethods: ({ state }: Means) => {
      state.list = [() => {}] as never
    },
    eventWithReference: ({ events, caller }: Means) => events.emit('x', { caller: caller as Passable }),
  }
  interface Means {
    state: { other: Passable; list: Passable; map: DurableMap<string, Passable> }
    caller: Ref
    self: Ref
    funds: Funds
    directory: Directory
    randomness: Randomness
    events: Events
  }
  const names = Object.keys(mistakes)
  const Clumsy = defineActor('Clumsy', {
    state: {
      list: [],
      map: durable.map(M.string(), M.any()),
      other: durable.value<Passable>(null, M.or(M.null(), M.remotable())),
    },
    powers: ['directory', 'events', 'funds', 'randomness'],
    facets: {
      public: M.interface('Clumsy', Object.fromEntries(names.map((name) => [name, M.callWhen().returns()]))),
    },
    methods: { public: mistakes as never },
  })

  it.each([
    ['assign', 20, 'state/refused'],
    ['invent', 20, 'state/unknown-field: the state has no field nothing: it has map, list, other'],
    ['misread', 20, 'state/unknown-field: the state has no field lits'],
    ['changeInside', 23, 'TypeError'],
    ['replaceMap', 20, 'state/refused: state.map is a map'],
    ['keyOfMap', 23, 'TypeError'],
    ['declareLate', 21, 'value/not-passable: state.list: collections are declared'],
    ['keepMap', 21, 'state.list: an object of class Map cannot be kept, passed or returned: durable.map'],
    ['keepDate', 21, 'state.list: an object of class Date cannot be kept, passed or returned: a bigint can'],
    ['keepPoint', 21, 'state.list: an object of class Point cannot be kept'],
    ['keepSymbol', 21, 'a record that has symbols as keys'],
    ['keepUndefined', 21, 'state.list: a value of type undefined cannot be kept'],
    ['keepInMap', 21, 'value/not-passable: a value of the map: an object of class Set'],
    [
      'unlistedPower',
      24,
      "context/not-given: log is a power that the definition does not list: powers: ['log']",
    ],
    ['unknownMeans', 24, 'context/not-given: storage is nothing that methods are given'],
    ['useThis', 23, 'TypeError'],
    ['throwText', 23, 'a thrown string: out of cheese'],
    ['throwUnreadable', 23, 'a thrown object that cannot be told in words'],
    ['failWithText', 21, 'value/not-passable: a string where bytes are wanted'],
    ['failAtLength', 21, 'value/too-large: what comes with a failure: 1048572 bytes, of at most 1048571'],
    ['keepState', 21, 'state.list: an object that is no plain record cannot be kept'],
    ['writeOut', 40, '"list":[]'],
    ['addressAsText', 21, 'value/not-passable: a string where bytes are wanted'],
    ['payTwice', 24, 'payment/refused'],
    ['payNegative', 24, 'payment/refused'],
    ['callItself', 24, 'ref/own'],
    ['callNothing', 16, 'ref/not-a-ref'],
    ['callNobody', 17, 'host/refused'],
    ['tooLateARound', 24, 'host/refused'],
    ['reject', 41, 'later'],
    ['keepMethods', 21, 'value/not-passable'],
    ['eventWithReference', 21, 'value/not-passable'],
  ])('ends its call and says what it is: %s', async (name, exitCode, message) => {
    const play = new Play()
    play.host.add(100n, () => undefined)
    await play.create(1000n, Clumsy)
    const outcome = await play.send(1000n, `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`)
    expect(outcome).toMatchObject({ exitCode, message: expect.stringContaining(message) })
  })
})
