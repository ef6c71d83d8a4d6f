import {
  HYGGE,
  OH_SNAP,
  rulesOf,
  SKYR,
  SUPPORTED_NETWORK_VERSIONS,
  TEEP,
  WATERMELON,
} from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('the rule table', () => {
  it('has the network versions 15 to 28', () => {
    expect(SUPPORTED_NETWORK_VERSIONS).toEqual(range(15, 28))
    for (const nv of SUPPORTED_NETWORK_VERSIONS)
      expect(rulesOf(nv)).toMatchObject({ networkVersion: nv, name: `nv${nv}` })
  })

  it.each([[14], [29], [20.5], [Number.NaN], [-1]])('has no network version %d', (nv) => {
    expect(() => rulesOf(nv)).toThrow(expect.objectContaining({ code: 'network/unsupported-version' }))
  })

  // ref-fvm fvm/src/gas/price_list.rs (`price_list_by_network_version`) and fvm/src/machine/default.rs of release/v2, release/v3 and master
  it.each([
    [2, OH_SNAP, range(15, 15)],
    [2, SKYR, range(16, 17)],
    [3, HYGGE, range(18, 20)],
    [4, WATERMELON, range(21, 24)],
    [4, TEEP, range(25, 28)],
  ])('runs generation %i with its prices', (generation, prices, versions) => {
    for (const nv of versions) {
      const rules = rulesOf(nv)
      expect(rules.generation).toBe(generation)
      expect(rules.prices).toBe(prices)
      expect(rules.tracksLinks).toBe(generation === 4)
    }
  })
})
