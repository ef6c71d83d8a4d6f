import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bundleErtpTest } from '../src/ertp/ertp-test.ts'
import { isAsExpected } from '../src/ertp/hidden-values.ts'
import { runErtp } from '../src/ertp/run-ertp.ts'

const checkout = mkdtempSync(join(tmpdir(), 'troupe-ertp-'))
afterAll(() => rmSync(checkout, { recursive: true, force: true }))

function write(path: string, text: string): void {
  const file = join(checkout, 'packages', path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
}

write('ERTP/package.json', JSON.stringify({ main: 'index.js' }))
write('ERTP/index.js', 'export const names = []')
write('vat-data/package.json', '{}')
write('vat-data/index.js', "export * from './src/vat-data-bindings.js'")
write('vat-data/src/vat-data-bindings.js', 'export const { makeScalarBigMapStore } = globalThis.VatData')
write(
  'ERTP/test/unitTests/good.test.js',
  `import { test } from '@agoric/swingset-vat/tools/prepare-test-env-ava.js';
  import { makeScalarBigMapStore } from '@agoric/vat-data';
  import { names } from '@agoric/ertp';
  import { E } from '@endo/eventual-send';
  import { M, mustMatch } from '@endo/patterns';
  import { getBaggage } from './env.js';
  test('keeps what it makes', async (t) => {
    const store = makeScalarBigMapStore('store', { durable: true });
    getBaggage().init('store', store);
    store.init(1n, harden(['one']));
    t.deepEqual(getBaggage().get('store').get(1n), ['one']);
    t.is(await E(store).getSize(), 1);
  });
  test('finds nothing of another', (t) => {
    names.push('name');
    t.false(getBaggage().has('store'));
  });
  test('finds the heap as the code left it', (t) => t.deepEqual(names, []));
  test('knows messages without values', (t) => {
    t.throws(() => mustMatch(5, M.string()), { message: 'number 5 - Must be a string' });
    t.throws(() => mustMatch('a', M.bigint()), { message: /"a" - Must be/ });
  });
  test('fails', (t) => t.throws(() => mustMatch(5, M.string()), { message: 'number 5 - Must be a bigint' }));
  test('does not end', (t) => new Promise(() => t.pass()));
  test['todo']('is to be written');`,
)
write(
  'ERTP/test/unitTests/env.js',
  "export { getBaggage } from '@agoric/swingset-vat/tools/prepare-strict-test-env-ava.js'",
)
write('ERTP/test/unitTests/bad.test.js', "import test from 'ava'; test('x', () => {}); throw Error('early');")
write('vat-data/test/absent.test.js', '')

describe("the suite of Agoric's tests", () => {
  it('tells what became of each, in an actor of its own', async () => {
    const result = await runErtp({ vectors: checkout, jobs: 1, onProgress: () => {} })
    const rows = 'rows' in result ? result.rows : expect.fail()
    const good = 'ERTP/test/unitTests/good.test.js'
    expect(rows.map(({ id, status, cases }) => [id, status, cases])).toEqual([
      ['ERTP/test/unitTests/bad.test.js', 'failed', 1],
      [good, 'passed', 4],
      [`${good}: does not end`, 'failed', 1],
      [`${good}: fails`, 'failed', 1],
      [`${good}: is to be written`, 'skipped', 1],
      ['vat-data/test/absent.test.js', 'skipped', 1],
    ])
    expect(rows[0]?.reason).toContain('early')
    expect(rows[2]?.reason).toContain('waits for a promise')
    expect(rows[5]?.reason).toContain('VatData')
  })

  it('is skipped without a checkout, and says so', async () => {
    const result = await runErtp({ vectors: '/nowhere', jobs: 1, onProgress: () => {} })
    expect(result).toEqual({ skipped: expect.stringContaining('TROUPE_AGORIC_SDK') })
  })

  it('names the module that a test wants and nobody has', async () => {
    write('store/test/other.test.js', "import 'left-pad';")
    expect(await bundleErtpTest(checkout, 'store/test/other.test.js')).toEqual({ missing: 'left-pad' })
  })
})

describe('a message without its values', () => {
  it.each([
    ['(a number) - Must be >= (a number)', '-3 - Must be >= 0'],
    ['no (an object), and no (a bigint) (really)', 'no {"a":[1]}, and no "[4n]" (really)'],
    ['duplicate keys: (a string)', /duplicate(| key)s: "a"/],
    ['(an object) and (an object) are incomparable', /\{"brand":.*?\} and \{"brand":.*?\} are incomparable/],
    ['duplicate keys: "a"', /duplicate(| key)s: "a"/],
  ])('is as expected: %s', (message, expected) => expect(isAsExpected(message, expected)).toBe(true))

  it.each([
    ['(a number) - Must be >= (a number)', '-3 - Must be <= 0'],
    ['(a number)', ''],
    ['a number', '-3'],
    ['duplicate keys: (a string)', /duplicate(| key)s: a/],
    ['duplicate keys: "b"', /duplicate(| key)s: "a"/],
  ])('is not: %s', (message, expected) => expect(isAsExpected(message, expected)).toBe(false))
})
