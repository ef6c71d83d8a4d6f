import { loadNodeCrypto } from '@troupe/crypto-node'
import { describe, expect, it } from 'vitest'
import { performStateTests } from '../../src/conformance/evm/perform-state-tests.ts'
import { parseStateTests } from '../../src/conformance/evm/state-test.ts'
import { defaultVectorDirectory, findVectors } from '../../src/conformance/find-vectors.ts'
import type { VectorTask } from '../../src/conformance/task.ts'
import { EVM_SUITE } from '../../src/conformance/vector-suite.ts'

/** Every so many files: all of them take half a minute, and are what `troupe conformance evm` is for. */
const STRIDE = process.env['TROUPE_EXHAUSTIVE'] === undefined ? 12 : 1
/** Loops as long as their gas lasts. */
const LONG = /vmPerformance/

const tasks = await vectors()

async function vectors(): Promise<VectorTask[]> {
  try {
    return await findVectors(await defaultVectorDirectory({ env: process.env }, EVM_SUITE), '', EVM_SUITE)
  } catch {
    return []
  }
}

describe('state tests of Ethereum', () => {
  it('pass, with state root and hash of logs', async ({ skip }) => {
    skip(tasks.length === 0, 'the state tests are not here: set TROUPE_VECTORS')
    const crypto = await loadNodeCrypto()
    const some = tasks.filter(({ name }, index) => index % STRIDE === 0 && !LONG.test(name))
    const outcomes = some.flatMap((task) => performStateTests(task, crypto))
    expect(outcomes.length).toBeGreaterThan(some.length)
    expect(outcomes.filter(({ status }) => status !== 'passed')).toEqual([])
  })

  const transaction = {
    data: ['0x01', '0x'],
    gasLimit: ['0x5208'],
    value: ['0x00'],
    nonce: '0x00',
    to: '',
    sender: '0x01',
    gasPrice: '0x0a',
    accessLists: [null, []],
  }
  const env = {
    currentCoinbase: '0x02',
    currentGasLimit: '0x03',
    currentNumber: '0x04',
    currentTimestamp: '0x05',
    currentDifficulty: '0x06',
  }
  const expected = (data: number) => ({ hash: '0x', logs: '0x', indexes: { data, gas: 0, value: 0 } })
  const test = {
    env,
    pre: {},
    transaction,
    post: { Berlin: [expected(0), expected(1)], Byzantium: [expected(0)] },
  }

  it('are read case by case', () => {
    const [read] = parseStateTests(JSON.stringify({ name: test }))
    expect(read?.cases.map(({ id, transaction: { type, to, data } }) => [id, type, to, data.length])).toEqual(
      [
        ['name/Berlin/0/0/0', 0, undefined, 1],
        ['name/Berlin/1/0/0', 1, undefined, 0],
        ['name/Byzantium/0/0/0', 0, undefined, 1],
      ],
    )
    expect(read?.block).toMatchObject({ prevRandao: 6n, baseFee: 0n, excessBlobGas: 0n })
  })

  it.each(['{', '[]', '{"a":1}', JSON.stringify({ a: { ...test, env: { ...env, currentNumber: 'x' } } })])(
    'are refused where they are none: %s',
    (text) => {
      expect(() => parseStateTests(text)).toThrow(expect.objectContaining({ code: 'vector/malformed' }))
    },
  )
})
