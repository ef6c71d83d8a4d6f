import { moduleProblems } from '@troupe/packed'
import { describe, expect, it } from 'vitest'

describe('moduleProblems', () => {
  it('are those of resolutions that know ES modules, and those of files', () => {
    const problems = [
      { kind: 'NoResolution', entrypoint: '.', resolutionKind: 'node10' },
      { kind: 'CJSResolvesToESM', entrypoint: '.', resolutionKind: 'node16-cjs' },
      { kind: 'FallbackCondition', entrypoint: './amt', resolutionKind: 'bundler' },
      { kind: 'InternalResolutionError', resolutionOption: 'node16', fileName: '/dist/a.d.ts' },
    ]
    expect(moduleProblems(JSON.stringify({ analysis: { problems } }))).toEqual([
      'FallbackCondition ./amt bundler',
      'InternalResolutionError /dist/a.d.ts',
    ])
  })

  it('are none of a package without types', () => {
    expect(moduleProblems('{"analysis":{}}')).toEqual([])
  })
})
