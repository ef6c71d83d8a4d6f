import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runInXsnap } from '../src/xsnap.ts'

const folder = mkdtempSync(join(tmpdir(), 'troupe-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A program that speaks as `xsnap-worker` does. */
function worker(name: string, answer: string): string {
  const path = join(folder, name)
  writeFileSync(
    path,
    `#!${process.execPath}
const { readFileSync, writeSync } = require('node:fs')
const [, length, command] = /^(\\d+):(.)/.exec(readFileSync(3, 'utf8'))
const text = ${JSON.stringify(answer)}.replace('ASKED', command + (length > 100))
writeSync(4, Buffer.byteLength(text) + ':' + text + ',')
`,
  )
  chmodSync(path, 0o755)
  return path
}

const JOB = { source: '(rounds) => rounds', argument: 5, runs: 2 }

describe('what xsnap makes of a kernel', () => {
  it('is read from its answer, with what the meter counted', () => {
    const path = worker('good.cjs', '.{"compute":77,"asked":"ASKED"}\u0001{"times":[1.5,2],"result":5}')
    expect(runInXsnap(path, JOB)).toEqual({ times: [1.5, 2], result: 5, computrons: 77 })
  })

  it('is an error where it answers with one', () => {
    expect(() => runInXsnap(worker('bad.cjs', '!ASKED'), JOB)).toThrow('!etrue')
  })

  it('is an error where there is no such program', () => {
    expect(() => runInXsnap(join(folder, 'none'), JOB)).toThrow('ENOENT')
  })
})
