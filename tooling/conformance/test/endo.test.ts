import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bundleEndoTest } from '../src/endo/endo-test.ts'
import { runEndo } from '../src/endo/run-endo.ts'

const checkout = mkdtempSync(join(tmpdir(), 'troupe-endo-'))
afterAll(() => rmSync(checkout, { recursive: true, force: true }))

function write(path: string, text: string): void {
  const file = join(checkout, 'packages', path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
}

write('ses/package.json', JSON.stringify({ exports: { '.': { import: './index.js' } } }))
write('ses/index.js', 'globalThis.evaluated = true; export const value = [1n, new Map([[1, { a: 2 }]])];')
write(
  'exo/test/good.test.js',
  `import test from 'ava';
  import { value } from 'ses';
  test('passes', async (t) => {
    t.plan(4);
    t.true(evaluated);
    t.deepEqual(value, [1n, new Map([[1, { a: 2 }]])]);
    await t.throwsAsync(async () => { throw TypeError('why') }, { instanceOf: TypeError, message: /w/ });
    t.is(await new Promise((resolve) => setTimeout(resolve, 5, 3)), 3);
  });
  test('fails', (t) => t.deepEqual(value, [1n, new Map([[1, { a: 3 }]])]));
  test('throws', () => { throw Error('at once') });
  test('asserts nothing', () => {});
  test.failing('is known to fail', (t) => t.fail());
  test['skip']('is left out', (t) => t.pass());
  test('does not end', (t) => new Promise(() => t.pass()));`,
)
write(
  'exo/test/node.test.js',
  "import fs from 'node:fs'; import test from 'ava'; test('x', (t) => t.pass(fs));",
)
write(
  'exo/test/bad.test.js',
  "import test from 'ava'; test('x', (t) => t.pass()); throw Error('in the module');",
)

describe("the suite of endo's tests", () => {
  it('tells what became of each, and says what ended a file', async () => {
    const result = await runEndo({ vectors: checkout, jobs: 1, onProgress: () => {} })
    const rows = 'rows' in result ? result.rows : expect.fail()
    expect(rows.map(({ id, status, cases }) => [id, status, cases])).toEqual([
      ['exo/test/bad.test.js', 'failed', 1],
      ['exo/test/good.test.js', 'passed', 2],
      ['exo/test/good.test.js: asserts nothing', 'failed', 1],
      ['exo/test/good.test.js: does not end', 'failed', 1],
      ['exo/test/good.test.js: fails', 'failed', 1],
      ['exo/test/good.test.js: is left out', 'skipped', 1],
      ['exo/test/good.test.js: throws', 'failed', 1],
      ['exo/test/node.test.js', 'skipped', 1],
    ])
    expect(rows[0]?.reason).toContain('in the module')
  })

  it('is skipped without a checkout, and says so', async () => {
    const result = await runEndo({ vectors: '/nowhere', jobs: 1, onProgress: () => {} })
    expect(result).toEqual({ skipped: expect.stringContaining('TROUPE_ENDO') })
  })

  it('names the module that a test wants and nobody has', async () => {
    write('exo/test/other.test.js', "import 'left-pad';")
    expect(await bundleEndoTest(checkout, 'exo/test/other.test.js')).toEqual({ missing: 'left-pad' })
  })
})
