import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadCrypto } from '@troupe/crypto'
import { describe, expect, it } from 'vitest'
import { ecRecoverCases } from './ecrecover-cases.ts'

describe('the portable provider', () => {
  ecRecoverCases(loadCrypto)

  it('names the versions that are installed', async () => {
    const { name, implementations } = await loadCrypto()
    expect(name).toBe('portable')
    const versionOf = (library: string) =>
      JSON.parse(readFileSync(join(import.meta.dirname, '../node_modules', library, 'package.json'), 'utf8'))
        .version
    for (const library of ['hash-wasm', '@noble/curves']) {
      const reported = Object.values(implementations).find((text) => text.startsWith(`${library} `))
      expect(reported).toBe(`${library} ${versionOf(library)}`)
    }
  })
})
