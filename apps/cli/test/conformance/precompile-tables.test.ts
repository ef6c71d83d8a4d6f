import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCrypto } from '@troupe/crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { performPrecompileTable } from '../../src/conformance/evm/perform-precompile-table.ts'
import { parsePrecompileTable, subjectOf } from '../../src/conformance/evm/precompile-table.ts'

const crypto = await loadCrypto()
const directory = mkdtempSync(join(tmpdir(), 'troupe-tables-'))
afterAll(() => rmSync(directory, { recursive: true }))

function perform(name: string, table: unknown): ReturnType<typeof performPrecompileTable> {
  const file = join(directory, name)
  writeFileSync(file, typeof table === 'string' ? table : JSON.stringify(table))
  return performPrecompileTable({ file, name }, crypto)
}

describe('a table of precompiles', () => {
  it('is known by the name of its file, and its prices with it', () => {
    const priceOf = (name: string): unknown => {
      const subject = subjectOf(name)
      return [subject?.address, subject?.rows.find(({ address }) => address === subject.address)?.price]
    }
    expect(priceOf('ecRecover')).toEqual([0x01, { kind: 'flat', base: 3000 }])
    expect(priceOf('modexp')).toEqual([0x05, { kind: 'modexp', pricing: 'eip-198' }])
    expect(priceOf('modexp_eip2565')).toEqual([0x05, { kind: 'modexp', pricing: 'eip-2565' }])
    expect(priceOf('modexp_eip7883')).toEqual([0x05, { kind: 'modexp', pricing: 'eip-7883' }])
    expect(priceOf('eip7951_p256verify')).toEqual([0x0100, { kind: 'flat', base: 3450 }])
    expect(priceOf('p256Verify')).toEqual([0x0100, { kind: 'flat', base: 6900 }])
    expect(subjectOf('fail-blsG2MultiExp')?.address).toBe(0x0e)
    expect(subjectOf('msm_G1_bls')?.address).toBe(0x0c)
    expect(subjectOf('nothing')).toBeUndefined()
  })

  it('passes where output, failure and gas are as it says', () => {
    const outcomes = perform('fail-blake2f.json', [
      { Name: 'empty', Input: '', ExpectedError: 'invalid input length' },
    ])
    expect(outcomes).toMatchObject([{ id: 'fail-blake2f.json#0', status: 'passed', gas: 0n }])
  })

  it('fails where they are not, and says how', () => {
    const sum = '00'.repeat(64)
    const outcomes = perform('bn256Add.json', [
      { Name: 'right', Input: '', Expected: sum, Gas: 150 },
      { Name: 'dear', Input: '', Expected: sum, Gas: 500 },
      { Name: 'other', Input: '', Expected: '01', Gas: 150 },
      { Name: 'refused', Input: 'ff', Expected: sum },
      { Name: 'taken', Input: '', ExpectedError: 'any' },
    ])
    expect(outcomes.map(({ status, reason }) => [status, reason])).toEqual([
      ['passed', undefined],
      ['failed', 'dear: gas is 150, not 500'],
      ['failed', `other: the output is ${sum}, not 01; on Filecoin the output is ${sum}, not 01`],
      [
        'failed',
        `refused: it failed (field-element), where it should give ${sum}; on Filecoin it failed (field-element), where it should give ${sum}`,
      ],
      [
        'failed',
        `taken: the output is ${sum}, where it should have failed; on Filecoin the output is ${sum}, where it should have failed`,
      ],
    ])
  })

  it('is skipped where nobody knows it, and fails where it is none', () => {
    expect(perform('other.json', [])).toMatchObject([{ id: 'other.json', status: 'skipped' }])
    expect(perform('modexp.json', '{')).toMatchObject([
      { id: 'modexp.json', status: 'failed', error: { code: 'vector/malformed' } },
    ])
  })

  it.each([
    '{}',
    '[1]',
    '[{"Name":"a","Input":"0","Expected":""}]',
    '[{"Name":"a","Input":"0g","Expected":""}]',
    '[{"Name":"a","Input":""}]',
    '[{"Name":"a","Input":"","Expected":"","ExpectedError":"b"}]',
    '[{"Name":"a","Input":"","Expected":"","Gas":1.5}]',
    '[{"Input":"","Expected":""}]',
  ])('is refused where it is none: %s', (text) => {
    expect(() => parsePrecompileTable(text)).toThrow(expect.objectContaining({ code: 'vector/malformed' }))
  })
})
