import { countTests, findExamples } from '@troupe/clients'
import { describe, expect, it } from 'vitest'

describe('examples', () => {
  it('are found, and pin what they install', async () => {
    const examples = await findExamples()
    expect(examples.map(({ name }) => name)).toEqual([
      'ethers',
      'foundry',
      'hardhat',
      'javascript',
      'viem',
      'web3',
    ])
    for (const { dependencies } of examples)
      for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

describe('the sums of a test run', () => {
  it.each([
    ['Node', 'ℹ tests 3\nℹ pass 2\nℹ fail 1\n', { passed: 2, failed: 1 }],
    ['Hardhat', '  4 passing (12ms)\n  1 failing\n', { passed: 4, failed: 1 }],
    ['Hardhat without failures', '\n  4 passing (2 test runners)\n', { passed: 4, failed: 0 }],
    ['something else', 'it is well', undefined],
  ])('are found as %s writes them', (_, output, count) => {
    expect(countTests(output)).toEqual(count)
  })
})
