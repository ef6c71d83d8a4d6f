import { dialectOf, parseModule, validateModule } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { officialModules, RELEASES, SKIP_REASON } from '../support/official-modules.ts'
import { NEW, OLD } from '../support/rules.ts'

describe.each(RELEASES)('the mainnet modules of release %s', (release) => {
  it('are valid', async ({ skip }) => {
    const modules = await officialModules(release)
    if (modules === undefined) return skip(SKIP_REASON)
    const dialect = dialectOf((release === 'v9' ? OLD : NEW).wasm)
    for (const [name, code] of modules)
      expect(() => validateModule(parseModule(code, dialect)), name).not.toThrow()
    expect(modules.size).toBeGreaterThanOrEqual(12)
  })
})
