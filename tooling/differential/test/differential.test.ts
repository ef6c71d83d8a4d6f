import { SYSTEM_ACTORS, systemActor } from '@troupe/actors'
import { loadNodeCrypto } from '@troupe/crypto-node'
import {
  GENERATORS,
  LowGas,
  NO_OFFICIAL_ACTORS,
  officialActors,
  PLAYS,
  Random,
  runDifferential,
  runPlay,
} from '@troupe/differential'
import { defineActor } from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'

const crypto = await loadNodeCrypto()
const official = officialActors(crypto)
/** Messages an actor; `npm run differential` plays more. */
const MESSAGES = 15
/** There are more ways for these to go. */
const PLAYED_MESSAGES = 120
const SEED = 20_261_123

describe('a native actor', () => {
  it.for(GENERATORS)('by the name of $actor does as the official one does', (generator, { skip }) => {
    if (official === undefined) return skip(NO_OFFICIAL_ACTORS)
    const report = runDifferential({
      ...{ crypto, official, actors: SYSTEM_ACTORS, generator },
      ...{ messages: MESSAGES, seed: SEED },
    })
    expect(report.disagreement).toBeUndefined()
    expect(report.messages).toBe(MESSAGES)
    expect(Math.abs(Number(report.gas.native) / Number(report.gas.official) - 1)).toBeLessThan(0.05)
  })
})

describe('an actor that is looked at between messages', () => {
  it.for(PLAYS)('by the name of $actor does as the official one does', (play, { skip }) => {
    if (official === undefined) return skip(NO_OFFICIAL_ACTORS)
    const report = runPlay({ crypto, official, play, messages: PLAYED_MESSAGES, seed: SEED })
    expect(report.disagreement).toBeUndefined()
    expect(report.messages).toBe(PLAYED_MESSAGES)
    expect(report.exitCodes['OK']).toBeGreaterThan(10)
    // Published contracts revert, and know no other failure.
    expect(Object.keys(report.exitCodes).length).toBeGreaterThan(play.breaks === false ? 1 : 3)
    expect(Math.abs(Number(report.gas.native) / Number(report.gas.official) - 1)).toBeLessThan(0.05)
  })
})

describe('a message with too little gas', () => {
  it.for(GENERATORS.filter(({ actor }) => actor === 'init' || actor === 'account'))(
    'to $actor ends as with gas enough, or leaves its fee and nothing else, on both sides',
    (generator, { skip }) => {
      if (official === undefined) return skip(NO_OFFICIAL_ACTORS)
      const lowGas = new LowGas(new Random(SEED), 2)
      const { disagreement } = runDifferential({
        ...{ crypto, official, actors: SYSTEM_ACTORS, generator, messages: MESSAGES, seed: SEED },
        probe: (sides, message) => lowGas.probe(sides, message),
      })
      expect(disagreement).toBeUndefined()
      expect(lowGas.tally.outOfGas).toBeGreaterThan(10)
      expect(lowGas.tally.ended).toBeGreaterThan(3)
    },
  )

  it('is found out where it leaves something else', ({ skip }) => {
    if (official === undefined) return skip(NO_OFFICIAL_ACTORS)
    const generator = GENERATORS.find(({ actor }) => actor === 'init') ?? expect.fail()
    const { disagreement } = runDifferential({
      ...{ crypto, official, actors: SYSTEM_ACTORS, generator, messages: MESSAGES, seed: SEED },
      probe: ({ native, official: other }, message) => {
        const forged = new Proxy(native, {
          get: (side, name) =>
            name === 'tryOut'
              ? (...parameters: Parameters<typeof side.tryOut>) => {
                  const trial = side.tryOut(...parameters)
                  if (trial === undefined) return undefined
                  const [id, actor] = [...trial.after].at(-1) ?? expect.fail()
                  return {
                    ...trial,
                    after: new Map([...trial.after, [id, { ...actor, balance: actor.balance + 1n }]]),
                  }
                }
              : Reflect.get(side, name),
        })
        return new LowGas(new Random(SEED), 2).probe({ native: forged, official: other }, message)
      },
    })
    expect(disagreement?.message).toBe(1)
    expect(disagreement?.differences.join()).toMatch(/native with a gas limit of \d+: there were \d+ attoFIL/)
  })
})

describe('the comparison', () => {
  it('finds an actor that does otherwise', ({ skip }) => {
    if (official === undefined) return skip(NO_OFFICIAL_ACTORS)
    const { methods: _, ...rest } = systemActor
    const generator = GENERATORS.find(({ actor }) => actor === 'system')
    if (generator === undefined) return expect.unreachable()
    const { disagreement } = runDifferential({
      ...{ crypto, official, actors: [defineActor({ ...rest, methods: {} })], generator },
      ...{ messages: MESSAGES, seed: SEED },
    })
    expect(disagreement?.differences.join()).toMatch(/exit code: native 22, official/)
  })
})
