import { describe, expect, it } from 'vitest'
import { bundleName, isBundleName } from '../src/label.ts'

describe('the name of a bundle', () => {
  it.each([
    [['v10.tar.zst', 'builtin-actors-mainnet.car'], 'v10/mainnet'],
    [['v10', 'dir/builtin-actors-testing-fake-proofs.car'], 'v10/testing-fake-proofs'],
    [['builtin-actors-mainnet.car', ''], 'mainnet'],
    [['', ''], ''],
    [['', 'a\\b.car'], 'b'],
    [['../..', 'x\u001b[2J\n.car'], '../x-2J-'],
    [['x'.repeat(200), 'y'], `${'x'.repeat(64)}/y`],
  ])('made from %o is %s', (fileNames, expected) => {
    expect(bundleName(...fileNames)).toBe(expected)
    expect(isBundleName(expected)).toBe(expected !== '')
  })

  it('is not any text', () => {
    for (const name of ['', 'a/b/c', 'a b', '\u001b', 'a/', '/a', 'x'.repeat(65)])
      expect(isBundleName(name)).toBe(false)
  })
})
