import { OLDER_TYPESCRIPT, olderNodes, toolDependencies } from '@troupe/packed'
import { describe, expect, it } from 'vitest'

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']

describe('toolDependencies', () => {
  it('has a Node 22 of at least 22.15, and a Node 24, for every platform', () => {
    for (const platform of PLATFORMS) {
      const [old, middle] = olderNodes(platform).map(({ version }) => version.split('.').map(Number))
      expect(old?.[0]).toBe(22)
      expect(old?.[1]).toBeGreaterThanOrEqual(15)
      expect(middle?.[0]).toBe(24)
    }
  })

  it('names exact versions, each Node under the folder that it is found in', () => {
    for (const platform of PLATFORMS) {
      const dependencies = toolDependencies(platform)
      for (const range of Object.values(dependencies))
        expect(range).toMatch(/^(npm:[a-z0-9-]+@)?\d+\.\d+\.\d+$/)
      for (const { version, folder } of olderNodes(platform))
        expect(dependencies[folder]).toMatch(`@${version}`)
      expect(dependencies['typescript']).toBe(OLDER_TYPESCRIPT)
    }
  })

  it('refuses a platform that it has no Node for', () => {
    expect(() => toolDependencies('plan9-mips')).toThrow()
  })
})
