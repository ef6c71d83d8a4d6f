import { compilerConfig, importAll, importScript, runProgram } from '@troupe/packed'
import { describe, expect, it } from 'vitest'

describe('importAll', () => {
  it('uses every module', () => {
    expect(importAll(['@troupe/x', '@troupe/x/car'])).toBe(
      [
        "import * as m0 from '@troupe/x'",
        "import * as m1 from '@troupe/x/car'",
        'export const modules: readonly object[] = [m0,m1]',
        '',
      ].join('\n'),
    )
  })
})

describe('importScript', () => {
  const run = (specifiers: readonly string[]) =>
    runProgram(process.execPath, ['--input-type=module', '--eval', importScript(specifiers)], {
      cwd: import.meta.dirname,
      signal: AbortSignal.timeout(10_000),
    })

  it('says nothing where everything can be imported', async () => {
    expect(await run(['node:fs', 'node:path'])).toEqual({ ok: true, stdout: '', failure: '' })
  })

  it('names each module that cannot be imported, or that exports nothing', async () => {
    const { ok, failure } = await run(['node:gone', 'node:fs', 'data:text/javascript,', './gone.js'])
    expect(ok).toBe(false)
    expect(failure.split('\n').map((line) => line.split(': ')[0])).toEqual([
      'node:gone',
      'data:text/javascript,',
      './gone.js',
    ])
  })
})

describe('compilerConfig', () => {
  it('checks declarations, and knows of a host only what belongs to it', () => {
    expect(compilerConfig('node', 'nodenext', '/types', ['a.ts'])).toMatchObject({
      compilerOptions: { skipLibCheck: false, module: 'nodenext', lib: ['es2022'], types: ['node'] },
      files: ['a.ts'],
    })
    expect(compilerConfig('browser', 'bundler', '/types', ['a.ts'])).toMatchObject({
      compilerOptions: { moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] },
    })
  })
})
