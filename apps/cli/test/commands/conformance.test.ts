import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MemoryBlockstore } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { runVariant } from '../../src/conformance/run-vector.ts'
import { parseVector, type Vector } from '../../src/conformance/vector.ts'
import { run, temporaryDirectory } from '../support/run.ts'
import { BUNDLE, crypto, type VectorOptions, vectorParts } from '../support/vector.ts'

const ESCAPE = '\u001b'

/** A vector that passes. */
function passing(options: VectorOptions = {}): string {
  const vector = parseVector(JSON.stringify(vectorParts(options)), crypto) as Vector
  const code = new MemoryBlockstore()
  for (const [cid, bytes] of BUNDLE.blocks) code.put(cid, bytes)
  const variant = vector.variants[0] as Vector['variants'][number]
  const { root } = runVariant(vector, variant, { crypto, code, runtimes: [] })
  return JSON.stringify(vectorParts({ ...options, postRoot: root }))
}

/** A directory with vectors, and a cache with the code of their actors. */
async function suite(
  vectors: Readonly<Record<string, string>>,
): Promise<{ directory: string; env: Record<string, string> }> {
  const directory = temporaryDirectory()
  for (const [name, text] of Object.entries(vectors)) {
    const file = join(directory, 'vectors', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const env = { TROUPE_HOME: join(directory, 'home') }
  writeFileSync(join(directory, 'v10.car'), BUNDLE.car)
  await run(['bundle', 'add', 'v10.car'], { directory, env })
  return { directory, env }
}

const conformance = ['conformance', 'fvm', '--vectors', 'vectors']

describe('troupe conformance fvm', { timeout: 60_000 }, () => {
  it('runs vectors in threads, and tells numbers by actor, failures and skips', async () => {
    const options = await suite({
      'one/fil_10_account/Send/Ok/a.json': passing({ id: 'a' }),
      'one/fil_10_account/Send/Ok/b.json': passing({ id: 'b' }),
      'one/fil_10_account/Send/Ok/c.json': JSON.stringify(vectorParts({ id: 'c', gasUsed: 5n })),
      'one/fil_9_account/Send/Ok/d.json': '{',
      'one/fil_9_account/Send/Ok/e.json': JSON.stringify({
        ...vectorParts({ id: 'e' }),
        selector: { chaos_actor: 'true' },
      }),
    })
    const text = await run([...conformance, '--jobs', '2'], options)
    expect(text.status).toBe(1)
    expect(text.stderr).toMatch(/^running 5 vectors of .*vectors with 2 jobs\n$/)
    expect(text.stdout).not.toContain(ESCAPE)
    expect(text.stdout).toMatch(/fil_9_account +0 +1 +1 +0 .*\nfil_10_account +2 +1 +0 +3,\d{3},\d{3} /)
    expect(text.stdout).toMatch(
      /\nfailed one\/fil_10_account\/Send\/Ok\/c.json\n {2}gas used: 1,\d+,\d+, not 5 .*; also state root\n/,
    )
    expect(text.stdout).toMatch(/\nfailed .*d.json\n {2}vector\/truncated: /)
    expect(text.stdout).toMatch(/\nskipped .*e.json\n {2}it needs the chaos actor\n/)
    expect(text.stdout).toMatch(/\n2 passed, 2 failed, 1 skipped; 3,\d{3},\d{3} gas in .*\n$/)

    const json = await run([...conformance, '--json', '--quiet', '--filter', 'FIL_10'], options)
    expect(json).toMatchObject({ status: 1, stderr: '' })
    const summary = JSON.parse(json.stdout)
    expect(summary).toMatchObject({ suite: 'fvm', passed: 2, failed: 1, skipped: 0 })
    expect(summary.gas).toBeGreaterThan(3_000_000)
    expect(summary.seconds).toBeTypeOf('number')
    expect(summary.failures).toEqual([{ id: 'c', reason: expect.stringContaining('gas used') }])
  })

  it('compares with a snapshot, and writes one', async () => {
    const failing = JSON.stringify(vectorParts({ id: 'b', gasUsed: 5n }))
    const options = await suite({ 'a.json': passing({ id: 'a' }), 'b.json': failing })
    const withSnapshot = [...conformance, '--quiet', '--snapshot', 'fvm.json']
    const missing = await run(withSnapshot, options)
    expect(missing).toMatchObject({ status: 1 })
    expect(missing.stderr).toContain('error file/unreadable')

    expect((await run([...withSnapshot, '--update'], options)).status).toBe(0)
    const file = join(options.directory, 'fvm.json')
    const snapshot = readFileSync(file, 'utf8')
    expect(snapshot).toMatch(/"a": \["passed", \d+\],\n {4}"b": \["failed", \d+\]\n/)
    writeFileSync(join(options.directory, 'vectors', 'a.json'), failing.replace('"b"', '"a"'))
    writeFileSync(join(options.directory, 'vectors', 'b.json'), passing({ id: 'b' }))
    const other = await run(withSnapshot, options)
    expect(other.status).toBe(1)
    expect(other.stderr.split('\n')).toEqual([
      'changed: 1 (b); take it over with --update',
      'worse than the snapshot: 1 (a)',
      '',
    ])

    await run([...withSnapshot, '--filter', 'b.json', '--update'], options)
    expect(readFileSync(file, 'utf8')).toBe(
      snapshot
        .replace('["failed"', '["passed"')
        .replace('"passed": 1, "failed": 1', '"passed": 2, "failed": 0'),
    )
  })

  it('succeeds where nothing fails, or nothing but what failed in the snapshot', async () => {
    const failing = JSON.stringify(vectorParts({ id: 'b', gasUsed: 5n }))
    const options = await suite({ 'a.json': passing({ id: 'a' }), 'b.json': failing })
    const snapshot = ['--snapshot', 'fvm.json']
    expect((await run([...conformance, '--filter', 'a.json'], options)).status).toBe(0)
    await run([...conformance, ...snapshot, '--update'], options)
    const partly = await run([...conformance, '--quiet', ...snapshot, '--filter', 'b.json'], options)
    expect(partly).toMatchObject({ status: 0, stderr: 'not run: 1 vectors of the snapshot\n' })
  })

  it('says once which bundle is missing', async () => {
    const { directory } = await suite({ 'a.json': passing({ id: 'a' }), 'b.json': passing({ id: 'b' }) })
    const { status, stdout, stderr } = await run([...conformance, '--quiet'], {
      directory,
      env: { TROUPE_HOME: join(directory, 'elsewhere') },
    })
    expect(status).toBe(1)
    expect(stdout).toContain('vector/unknown-bundle: ')
    expect(stderr.match(/troupe bundle add v10.tar.zst/g)).toHaveLength(1)
  })

  it('refuses two vectors with one id', async () => {
    const options = await suite({ 'a.json': passing(), 'b.json': passing() })
    const { status, stderr } = await run([...conformance, '--quiet'], options)
    expect(status).toBe(1)
    expect(stderr).toContain('error vector/malformed')
  })

  it.each([[['--jobs', '0']], [['--jobs', '1.5']], [['--jobs', '257']], [['--update']]])(
    'refuses %j with status 2',
    async (options) => {
      const { status, stderr } = await run([...conformance, ...options])
      expect(status).toBe(2)
      expect(stderr).toContain('error usage/bad-option')
    },
  )
})
