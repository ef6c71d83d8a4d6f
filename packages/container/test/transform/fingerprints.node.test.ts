import { analyse, dialectOf, parseModule } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { officialModules, SKIP_REASON } from '../support/official-modules.ts'
import { NEW, OLD } from '../support/rules.ts'
import { FINGERPRINTS } from './fingerprints.ts'

/** FNV-1a over 32-bit words. */
function digest(words: readonly number[]): number {
  return words.reduce((hash, word) => Math.imul(hash ^ word, 0x01000193) >>> 0, 0x811c9dc5)
}

describe.each(['v9', 'v10', 'v11'] as const)(
  'the metering of the mainnet modules of release %s',
  (release) => {
    it('is the reference’s in every block, charge and stack cost', async ({ skip }) => {
      const modules = await officialModules(release)
      if (modules === undefined) return skip(SKIP_REASON)
      const rules = release === 'v9' ? OLD : NEW
      const fingerprints = Object.fromEntries(
        [...modules].map(([name, bytes]) => {
          const module = parseModule(bytes, dialectOf(rules.wasm))
          const analysis = analyse(module, rules)
          const words = analysis.functions.flatMap(({ stackCost, blocks, dynamic }) => [
            stackCost,
            ...blocks.flatMap(([offset, cost]) => [offset, Number(cost) / 400]),
            ...dynamic.flat(),
          ])
          return [
            name,
            [
              bytes.length,
              module.imports.length,
              module.bodies.length,
              analysis.meteredBlocks,
              analysis.blockCosts,
              analysis.largestBlock,
              analysis.dynamicCharges,
              analysis.thunks,
              analysis.maximumStackCost,
              analysis.stackCosts,
              digest(words),
            ],
          ]
        }),
      )
      expect(fingerprints).toEqual(FINGERPRINTS[release])
    })
  },
)
