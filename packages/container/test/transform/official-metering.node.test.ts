import {
  analyse,
  dialectOf,
  type FunctionAnalysis,
  parseModule,
  type TransformRules,
} from '@troupe/container'
import {
  NV17,
  NV18,
  NV19,
  NV20,
  NV21,
  NV22,
  NV23,
  NV24,
  NV25,
  NV26,
  NV27,
  NV28,
  type RuleSet,
} from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { officialModules, type Release, SKIP_REASON } from '../support/official-modules.ts'
import { referenceMetering } from '../support/reference-instrumentation.ts'

/** Whether all modules are compared, which takes a minute. Otherwise one of each release is. */
const IS_EXHAUSTIVE = process.env['TROUPE_EXHAUSTIVE'] !== undefined

/** The network versions that each release runs under, and a module of it. */
const RELEASES: readonly (readonly [release: Release, sample: string, rules: readonly RuleSet[]])[] = [
  ['v9', 'system', [NV17]],
  ['v10', 'ethaccount', [NV18]],
  ['v11', 'system', [NV19, NV20]],
  ['v12', 'cron', [NV21]],
  ['v13', 'eam', [NV22]],
  ['v14', 'account', [NV23]],
  ['v15', 'ethaccount', [NV24]],
  ['v16', 'system', [NV25, NV26]],
  ['v17', 'cron', [NV27]],
  ['v18', 'eam', [NV28]],
]

/** A function's metering in a form that is quick to compare; milligas are numbers here and bigints there. */
function textOf({ stackCost, blocks, dynamic }: FunctionAnalysis): string {
  return `${stackCost}; ${blocks.join(' ')}; ${dynamic.join(' ')}`
}

/** Rules that meter differently. */
function distinct(rules: readonly RuleSet[]): TransformRules[] {
  const byContent = new Map(
    rules.map(({ wasm, prices }) => [JSON.stringify([wasm, prices.wasm]), { wasm, prices: prices.wasm }]),
  )
  return [...byContent.values()]
}

describe.each(RELEASES)('the metering of the mainnet modules of release %s', (release, sample, networks) => {
  it('is that of the slow instrumentation in every function', { timeout: 300_000 }, async ({ skip }) => {
    const modules = await officialModules(release)
    if (modules === undefined) return skip(SKIP_REASON)
    const compared = [...modules].filter(([name]) => IS_EXHAUSTIVE || name === sample)
    expect(compared.length).toBe(IS_EXHAUSTIVE ? modules.size : 1)
    for (const rules of distinct(networks))
      for (const [name, code] of compared) {
        const module = parseModule(code, dialectOf(rules.wasm))
        const metering = analyse(module, rules).functions.map(textOf)
        const expected = referenceMetering(module, rules).map(textOf)
        const differing = expected.findIndex((text, index) => text !== metering[index])
        expect(metering[differing], `${name}, function ${differing}`).toBe(expected[differing])
        expect(metering.length).toBe(expected.length)
      }
  })
})
