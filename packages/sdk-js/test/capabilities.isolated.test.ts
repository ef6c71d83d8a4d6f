import './support/lockdown.ts'
import { methodNumber } from '@troupe/hypervisor'
import { encodeIpld } from '@troupe/ipld'
import {
  attenuate,
  bytes,
  call,
  defineActor,
  durable,
  type Facets,
  M,
  type Passable,
  type Ref,
} from '@troupe/sdk-js'
import { describe, expect, it } from 'vitest'
import { crypto, imageOf, Play } from './support/play.ts'

const HOLDER = durable.value<Passable>(null, M.or(M.null(), M.remotable()))

/** Has a facet to give away, and a way to take it back. */
const Vault = defineActor('Vault', {
  state: { open: 0n, issued: HOLDER },
  powers: ['directory'],
  facets: {
    public: M.interface('Vault', {
      give: M.call(M.nat()).returns(),
      issue: M.call(M.nat(), M.arrayOf(M.string())).returns(),
      revoke: M.call().returns(),
      grant: M.call(M.nat(), M.string()).returns(M.nat()),
      opened: M.call().returns(M.nat()),
    }),
    keys: M.interface('Keys', { open: M.call().returns(), close: M.call().returns() }),
    admin: M.interface('Admin', { rest: M.call().returns() }),
  },
  methods: {
    public: {
      give: ({ directory, facets }, to) => hand(directory.actor(to), facets.ref('keys')),
      issue({ state, directory, facets }, to, only) {
        state.issued = facets.issue('keys', only.length === 0 ? {} : { only }) as never
        hand(directory.actor(to), state.issued as never)
      },
      revoke: ({ state, facets }) => facets.revoke(state.issued as never),
      grant: ({ directory, facets }, to, facet) => facets.grant(facet, directory.actor(to)),
      opened: ({ state }) => state.open,
    },
    keys: {
      open({ state }) {
        state.open += 1n
      },
      close({ state }) {
        state.open -= 1n
      },
    },
    admin: { rest: () => {} },
  },
})

function hand(to: Ref, key: Ref): void {
  call(to)['keep']?.(key)
}

/** Keeps a key, uses it, and passes it on. */
const Keeper = defineActor('Keeper', {
  state: { key: HOLDER },
  powers: ['directory'],
  facets: {
    public: M.interface('Keeper', {
      keep: M.call(M.remotable()).returns(),
      use: M.call(M.string()).returns(),
      pass: M.call(M.nat(), M.arrayOf(M.string())).returns(),
      call: M.call(M.nat()).returns(M.any()),
    }),
  },
  methods: {
    public: {
      keep({ state }, key) {
        state.key = key
      },
      use: ({ state }, method) => call(state.key as never)[method]?.(),
      pass({ state, directory }, to, only) {
        const key = state.key as unknown as Ref
        hand(directory.actor(to), only.length === 0 ? key : attenuate(key, only))
      },
      call: ({ directory }, id) => call(directory.actor(id))['opened']?.(),
    },
  },
})

const [VAULT, FIRST, SECOND] = [1000n, 1001n, 1002n]

async function vault(): Promise<Play> {
  const play = new Play()
  await play.create(VAULT, Vault)
  await play.create(FIRST, Keeper)
  await play.create(SECOND, Keeper)
  return play
}

async function opened(play: Play): Promise<Passable | undefined> {
  return (await play.send(VAULT, 'Opened')).result
}

describe('a facet', () => {
  it('may be called by whom it was passed to', async () => {
    const play = await vault()
    expect(await play.send(VAULT, 'Give', [FIRST])).toMatchObject({ exitCode: 0 })
    expect(await play.send(FIRST, 'Use', ['open'])).toMatchObject({ exitCode: 0 })
    expect(await opened(play)).toBe(1n)
  })

  it('may not be called by anyone else, whatever they show', async () => {
    const play = await vault()
    await play.send(VAULT, 'Give', [FIRST])
    for (const grant of [0n, 1n, 'key', null])
      expect(await play.send(VAULT, 'Keys_open', [grant as Passable])).toMatchObject({ exitCode: 18 })
    expect(await play.send(VAULT, 'Keys_open')).toMatchObject({ exitCode: 18 })
    expect(await play.send(VAULT, 'Keys_open', [0n], { from: FIRST })).toMatchObject({ exitCode: 0 })
  })

  it('may be passed on, with a grant for each holder', async () => {
    const play = await vault()
    await play.send(VAULT, 'Give', [FIRST])
    expect(await play.send(FIRST, 'Pass', [SECOND, []])).toMatchObject({ exitCode: 0 })
    expect(await play.send(SECOND, 'Use', ['open'])).toMatchObject({ exitCode: 0 })
    expect(await play.send(VAULT, 'Keys_open', [0n], { from: SECOND })).toMatchObject({ exitCode: 18 })
    expect(await opened(play)).toBe(1n)
  })

  it('may be passed on with fewer methods, which its issuer sees to', async () => {
    const play = await vault()
    await play.send(VAULT, 'Give', [FIRST])
    await play.send(FIRST, 'Pass', [SECOND, ['open']])
    expect(await play.send(SECOND, 'Use', ['open'])).toMatchObject({ exitCode: 0 })
    expect(await play.send(SECOND, 'Use', ['close'])).toMatchObject({ exitCode: 18 })
    expect(await play.send(VAULT, 'Keys_close', [1n], { from: SECOND })).toMatchObject({ exitCode: 18 })
    expect(await play.send(FIRST, 'Use', ['close'])).toMatchObject({ exitCode: 0 })
  })

  it('is taken back from all who have it by whoever issued it', async () => {
    const play = await vault()
    await play.send(VAULT, 'Issue', [FIRST, []])
    await play.send(FIRST, 'Pass', [SECOND, []])
    expect(await play.send(SECOND, 'Use', ['open'])).toMatchObject({ exitCode: 0 })
    expect(await play.send(VAULT, 'Revoke')).toMatchObject({ exitCode: 0 })
    expect(await play.send(SECOND, 'Use', ['open'])).toMatchObject({ exitCode: 18 })
    expect(await play.send(FIRST, 'Use', ['open'])).toMatchObject({ exitCode: 18 })
  })

  it('is issued for some methods alone', async () => {
    const play = await vault()
    await play.send(VAULT, 'Issue', [FIRST, ['open']])
    expect(await play.send(FIRST, 'Use', ['open'])).toMatchObject({ exitCode: 0 })
    expect(await play.send(FIRST, 'Use', ['close'])).toMatchObject({ exitCode: 18 })
  })

  it('is granted to accounts by number', async () => {
    const play = await vault()
    expect(await play.send(VAULT, 'Grant', [100n, 'keys'])).toMatchObject({ result: 0n })
    expect(await play.send(VAULT, 'Keys_open', [0n])).toMatchObject({ exitCode: 0 })
    expect(await play.send(VAULT, 'Grant', [100n, 'cellar'])).toMatchObject({ exitCode: 18 })
  })

  it('is none that the wire has made up', async () => {
    const play = await vault()
    const reference = (facet: string, grant: bigint | null, only: unknown): Uint8Array =>
      encodeIpld([{ '@ref': [VAULT, facet, grant, only as never] }])
    const keep = methodNumber(crypto, 'Keep')
    const send = async (data: Uint8Array) =>
      play.host.send({ to: FIRST, from: 100n, method: keep, parameters: { codec: 0x71, data } })
    for (const [facet, grant, only, exitCode] of [
      ['keys', 0n, null, 0],
      ['public', null, ['open'], 0],
      ['keys', null, null, 21],
      ['public', 0n, null, 21],
      ['a b', 0n, null, 16],
      ['keys', 0n, ['a,b'], 16],
      ['keys', 0n, [1n], 21],
    ] as const)
      expect([facet, grant, only, (await send(reference(facet, grant, only))).exitCode]).toEqual([
        ...[facet, grant, only, exitCode],
      ])
    // One that could be, but was granted to nobody: whoever has it can do nothing with it.
    await send(reference('keys', 0n, null))
    expect(await play.send(FIRST, 'Use', ['open'])).toMatchObject({ exitCode: 18 })
  })

  it('is good for as many hands as there may be, and not one more', async () => {
    const play = await vault()
    await play.send(VAULT, 'Give', [FIRST])
    for (let hands = 2; hands <= 16; hands++) {
      const [from, to] = hands % 2 === 0 ? [FIRST, SECOND] : [SECOND, FIRST]
      expect(await play.send(from, 'Pass', [to, []])).toMatchObject({ exitCode: 0 })
    }
    expect(await play.send(SECOND, 'Pass', [FIRST, []])).toMatchObject({ exitCode: 16 })
  })
})

describe('an actor that is called while it is calling', () => {
  const facets = {
    public: M.interface('Door', {
      ...{ knock: M.call(M.nat()).returns(M.nat()), open: M.call().returns() },
      ...{ try: M.call(M.nat()).returns(M.nat()), look: M.call().returns() },
      visit: M.call(M.nat()).returns(M.nat()),
    }),
  }
  const door = (reentrant: boolean) =>
    defineActor('Door', {
      ...{ state: { knocks: 0n }, facets, reentrant, powers: ['directory'] },
      methods: {
        public: {
          knock({ state, directory }, at) {
            state.knocks += 1n
            call(directory.actor(at))['use']?.('open')
            return state.knocks
          },
          open({ state }) {
            state.knocks += 10n
          },
          // What has ended cannot be told to go on.
          try({ directory }, at) {
            try {
              call(directory.actor(at))['use']?.('open')
            } catch {
              return 1n
            }
            return 2n
          },
          look: ({ state }) => void state.knocks,
          visit({ directory }, at) {
            call(directory.actor(at))['use']?.('look')
            return 3n
          },
        },
      },
    })

  async function doors(reentrant: boolean): Promise<Play> {
    const play = new Play()
    await play.create(VAULT, door(reentrant))
    // Whoever is knocked at opens the door that knocked.
    const Neighbour = defineActor('Neighbour', {
      facets: { public: M.interface('Neighbour', { use: M.call(M.string()).returns() }) },
      methods: { public: { use: ({ caller }, method) => call(caller)[method]?.() } },
    })
    await play.create(FIRST, Neighbour)
    return play
  }

  it('ends, and undoes all, unless it asked for that', async () => {
    const play = await doors(false)
    const before = play.host.root(VAULT)
    const outcome = await play.send(VAULT, 'Knock', [FIRST])
    expect(outcome).toMatchObject({ exitCode: 20 })
    expect(outcome.message).toContain(`actor/reentered: Use of f0${FIRST} came back`)
    expect(play.host.root(VAULT)).toEqual(before)
  })

  it('ends although it would catch that, and goes on where it was only looked at', async () => {
    const play = await doors(false)
    expect(await play.send(VAULT, 'Try', [FIRST])).toMatchObject({ exitCode: 20 })
    expect(await play.send(VAULT, 'Visit', [FIRST])).toMatchObject({ exitCode: 0, result: 3n })
  })

  it('goes on with what was changed meanwhile, where it asked for that', async () => {
    const play = await doors(true)
    expect(await play.send(VAULT, 'Knock', [FIRST])).toMatchObject({ exitCode: 0, result: 11n })
  })
})

describe('an upgrade', () => {
  const facets = { public: M.interface('Note', { read: M.call().returns(M.string()) }) }
  const first = defineActor('Note', {
    state: { text: 'hello', marks: durable.set(M.string()) },
    facets: { ...facets, admin: M.interface('Admin', { mark: M.call(M.string()).returns() }) },
    powers: ['directory'],
    init: ({ facets, directory }: { facets: Facets; directory: { actor(id: bigint): Ref } }) =>
      void facets.grant('admin', directory.actor(100n)),
    methods: {
      public: { read: ({ state }) => state.text },
      admin: { mark: ({ state }, text) => state.marks.add(text) },
    },
  })
  const second = defineActor('Note', {
    state: { text: '', length: 0n, marks: durable.set(M.string()) },
    version: 2,
    facets: {
      public: M.interface('Note', {
        read: M.call().returns(M.string()),
        has: M.call(M.string()).returns(M.boolean()),
      }),
    },
    methods: {
      public: {
        read: ({ state }) => `${state.text} (${state.length})`,
        has: ({ state }, text) => state.marks.has(text),
      },
    },
    migrate: { 1: ({ text }) => ({ text: text as string, length: BigInt((text as string).length) }) },
  })
  const third = defineActor('Note', { version: 3, facets: {}, methods: {} })

  it('brings the values to their new form, and leaves collections as they are', async () => {
    const play = new Play()
    await play.create(VAULT, first)
    expect(await play.send(VAULT, 'Admin_mark', [0n, 'seen'])).toMatchObject({ exitCode: 0 })
    expect(await play.host.replace(VAULT, imageOf(second))).toMatchObject({ exitCode: 0 })
    expect(await play.send(VAULT, 'Read')).toMatchObject({ result: 'hello (5)' })
    expect(await play.send(VAULT, 'Has', ['seen'])).toMatchObject({ result: true })
  })

  it('fails where there is no way to the new form', async () => {
    const play = new Play()
    await play.create(VAULT, first)
    const outcome = await play.host.replace(VAULT, imageOf(third))
    expect(outcome).toMatchObject({ exitCode: 20 })
    expect(outcome.message).toContain('actor/migration-missing')
  })

  it('is for the holder of a facet admin that has no methods at all', async () => {
    const Plain = defineActor('Plain', {
      powers: ['directory'],
      facets: { admin: M.interface('Admin', {}) },
      methods: { admin: {} },
      init: ({ facets, directory }: { facets: Facets; directory: { actor(id: bigint): Ref } }) =>
        void facets.grant('admin', directory.actor(100n)),
    })
    const play = new Play()
    expect(await play.create(VAULT, Plain)).toMatchObject({ exitCode: 0 })
    await play.send(VAULT, 'Troupe_upgrade', [0n, bytes(play.host.root(VAULT))])
    expect(play.host.upgrades).toHaveLength(1)
  })

  it('is for the holder of the facet admin', async () => {
    const play = new Play()
    await play.create(VAULT, first)
    const code = bytes(play.host.root(VAULT))
    expect(await play.send(VAULT, 'Troupe_upgrade', [0n, code], { from: 101n })).toMatchObject({
      exitCode: 18,
    })
    expect(play.host.upgrades).toEqual([])
    expect(await play.send(VAULT, 'Troupe_upgrade', [0n, code])).toMatchObject({ exitCode: 24 })
    expect(play.host.upgrades).toHaveLength(1)
  })
})
