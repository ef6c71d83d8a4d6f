import { parseStateTests, type StateTest } from '@troupe/cli/src/conformance/evm/state-test.ts'
import { loadCrypto } from '@troupe/crypto'
import { describe, expect, it } from 'vitest'
import { compareSteps } from '../src/state-tests/compare-steps.ts'
import { EXCEPTIONS, withExceptions } from '../src/state-tests/ethereum-tests.ts'
import { isSampled } from '../src/state-tests/sample.ts'
import { type Step, StepLog } from '../src/state-tests/step-log.ts'
import type { Row } from '../src/suite.ts'
import { byFile } from '../src/vectors.ts'

const row = (id: string, status: Row['status'], gas: bigint, reason?: string): Row =>
  reason === undefined ? { id, status, gas } : { id, status, gas, reason }

describe('cases of files', () => {
  it('are summed up: what passed, what failed first, and what was skipped for itself', () => {
    const rows = [
      row('f.json#a', 'passed', 5n),
      row('f.json#b', 'skipped', 0n, 'too old'),
      row('f.json#c', 'passed', 7n),
      row('f.json#d', 'skipped', 0n, 'too old'),
      row('g.json#a', 'passed', 1n),
      row('g.json#b', 'failed', 2n, 'wrong'),
      row('h.json#a', 'passed', BigInt(Number.MAX_SAFE_INTEGER)),
      row('h.json#b', 'passed', 1n),
    ]
    expect(byFile({ rows })).toEqual({
      rows: [
        { id: 'f.json', status: 'passed', gas: 12n, cases: 2 },
        { id: 'f.json (skipped)', status: 'skipped', gas: 0n, cases: 2, reason: 'too old' },
        { id: 'g.json', status: 'failed', gas: 3n, cases: 1, reason: 'wrong' },
        { id: 'h.json', status: 'passed', gas: BigInt(Number.MAX_SAFE_INTEGER), cases: 2 },
      ],
    })
  })

  it('that no copy has are told with the reason, and run where they are', () => {
    const [first, second] = Object.keys(EXCEPTIONS) as [string, string]
    const rows = withExceptions([row(first, 'passed', 1n)])
    expect(rows).toEqual([
      row(first, 'passed', 1n),
      { id: second, status: 'skipped', gas: 0n, reason: EXCEPTIONS[second] },
    ])
  })
})

describe('the sample', () => {
  it('is of the cases themselves, and has more of folders that are about the machine', () => {
    const count = (folder: string): number =>
      Array.from({ length: 1000 }, (_, i) => `${folder}/x.json#x/Cancun/${i}/0/0`).filter(isSampled).length
    expect(count('stRandom')).toBeGreaterThan(60)
    expect(count('stRandom')).toBeLessThan(140)
    expect(count('VMTests/vmTests')).toBeGreaterThan(400)
    expect(count('VMTests/vmTests')).toBeLessThan(600)
  })
})

describe('a log of steps', () => {
  const step = (change: Partial<Step> = {}): Step => ({
    ...{
      depth: 0,
      pc: 3,
      opcode: 0x01,
      gasLeft: 100n,
      memorySize: 32,
      height: 20,
      peek: (below) => BigInt(below),
    },
    ...change,
  })
  const logOf = (...steps: readonly Step[]): StepLog => {
    const log = new StepLog()
    for (const each of steps) log.add(each)
    return log
  }

  it.each<[string, Partial<Step>]>([
    ['depth', { depth: 1 }],
    ['place', { pc: 4 }],
    ['instruction', { opcode: 0x02 }],
    ['gas', { gasLeft: 101n }],
    ['memory', { memorySize: 64 }],
    ['height', { height: 21 }],
    ['word within reach', { peek: (below) => (below === 16 ? 99n : BigInt(below)) }],
  ])('tells a step of another %s', (_, change) => {
    expect(logOf(step(), step()).firstDifference(logOf(step(), step(change)))).toBe(1)
  })

  it('tells one that is longer, and none that is equal, however long', () => {
    const long = Array.from({ length: 3000 }, (_, pc) => step({ pc }))
    expect(logOf(...long).firstDifference(logOf(...long))).toBeUndefined()
    expect(logOf(...long).firstDifference(logOf(...long, step()))).toBe(3000)
    expect(logOf(...long, step()).firstDifference(logOf(...long))).toBe(3000)
  })

  it('has the text of the step that is asked for', () => {
    const log = new StepLog(1)
    log.add(step())
    expect(log.text).toBeUndefined()
    log.add(step({ height: 2 }))
    expect(log.text).toBe('depth 0 pc 3 op 1 gas 100 memory 32 stack 2: 0 1')
  })
})

describe('a state test that is compared step for step', () => {
  const SENDER = 'a94f5374fce5edbc8e2a8697c15331677e6ebf0b'
  // Stores 7 and calls itself until it is 2 frames deep; then there is INVALID.
  const CODE = '0x6007600052600035600114601f575f5f60205f5f305af150600760005500fe5bfe'
  const test = parseStateTests(
    JSON.stringify({
      own: {
        env: {
          ...{ currentCoinbase: '0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba', currentGasLimit: '0x989680' },
          ...{
            currentNumber: '0x01',
            currentTimestamp: '0x03e8',
            currentRandom: '0x00',
            currentBaseFee: '0x07',
          },
          currentExcessBlobGas: '0x00',
        },
        pre: {
          [`0x${SENDER}`]: { nonce: '0x00', balance: '0x0de0b6b3a7640000', code: '0x', storage: {} },
          '0x00000000000000000000000000000000000000c0': {
            nonce: '0x00',
            balance: '0x00',
            code: CODE,
            storage: {},
          },
        },
        transaction: {
          ...{ data: ['0x', `0x${'00'.repeat(31)}01`], gasLimit: ['0x030d40', '0x10'], value: ['0x00'] },
          ...{ gasPrice: '0x0a', nonce: '0x00', to: '0x00000000000000000000000000000000000000c0' },
          sender: `0x${SENDER}`,
        },
        post: {
          Cancun: [
            { indexes: { data: 0, gas: 0, value: 0 }, hash: '0x', logs: '0x' },
            { indexes: { data: 0, gas: 1, value: 0 }, hash: '0x', logs: '0x' },
          ],
        },
      },
    }),
  )[0] as StateTest
  const [runs, refused] = test.cases

  it('has the same steps, and roots that the test does not know', async () => {
    const crypto = await loadCrypto()
    const { steps, differences } = await compareSteps(test, runs as never, crypto)
    expect(steps).toBeGreaterThan(20)
    expect(differences.filter((text) => /step|refused/u.test(text))).toEqual([])
    const roots = differences
      .map((text) => /root.*(0x[0-9a-f]{64}), expected 0x$/u.exec(text)?.[1])
      .filter(Boolean)
    expect(roots).toHaveLength(2)
    expect(roots[0]).toBe(roots[1])
  })

  it('is refused by both', async () => {
    const crypto = await loadCrypto()
    const { steps, differences } = await compareSteps(test, refused as never, crypto)
    expect(steps).toBe(0)
    expect(differences.filter((text) => /step|refused/u.test(text))).toEqual([])
  })
})
