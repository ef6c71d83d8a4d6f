import { entryPoints, packageOf } from '@troupe/packed'
import { describe, expect, it } from 'vitest'

describe('entryPoints', () => {
  it('are what a user writes behind `import`', () => {
    const exports = { '.': {}, './car': {}, './package.json': './package.json' }
    expect(entryPoints({ name: '@troupe/x', version: '1.0.0', exports })).toEqual([
      '@troupe/x',
      '@troupe/x/car',
    ])
  })

  it('are none where nothing is exported', () => {
    expect(entryPoints({ name: 'x', version: '1.0.0' })).toEqual([])
  })
})

describe('packageOf', () => {
  it('leaves the sub-path out, and keeps the scope', () => {
    expect(['x', 'x/y/z', '@a/x', '@a/x/y'].map(packageOf)).toEqual(['x', 'x', '@a/x', '@a/x'])
  })
})
