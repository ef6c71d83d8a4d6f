import { CborWriter } from '@troupe/ipld'
import { AbiCoder, Interface } from 'ethers'
import { EVM_CONTRACT_REVERTED, MAX_REASON_LENGTH, readRevert, revertOfReceipt } from 'troupe/ethereum'
import { describe, expect, it } from 'vitest'

const errors = new Interface([
  'error Error(string)',
  'error Panic(uint256)',
  'error Insufficient(uint256,address)',
  'error Paused()',
])
const bytes = (text: string) => Uint8Array.fromHex(text.slice(2))
const errorOf = (name: string, ...values: unknown[]) => bytes(errors.encodeErrorResult(name, values))

describe('what a contract reverts with', () => {
  it.each([
    ['error', 'no', errorOf('Error', 'no')],
    ['error', 'grüezi, 🦀', errorOf('Error', 'grüezi, 🦀')],
    ['error', '', errorOf('Error', '')],
    ['panic', 'arithmetic overflow or underflow (0x11)', errorOf('Panic', 0x11)],
    ['panic', 'generic panic (0x00)', errorOf('Panic', 0)],
    ['panic', 'unknown panic (0x99)', errorOf('Panic', 0x99)],
    ['custom', 'custom error 0x9e87fac8', errorOf('Paused')],
    [
      'custom',
      /^custom error 0x[0-9a-f]{8}, with 64 bytes/u,
      errorOf('Insufficient', 5, `0x${'11'.repeat(20)}`),
    ],
    ['custom', 'custom error 0x01', Uint8Array.of(1)],
    ['empty', 'no reason given', new Uint8Array()],
  ])('is %s: %s', (kind, reason, data) => {
    const revert = readRevert(data)
    expect(revert).toMatchObject({ kind, data })
    if (typeof reason === 'string') expect(revert.reason).toBe(reason)
    else expect(revert.reason).toMatch(reason)
  })

  it('is an error of its own where it only looks like one of Solidity', () => {
    const good = errorOf('Error', 'no')
    const panic = errorOf('Panic', 1)
    const word = (value: bigint) => bytes(AbiCoder.defaultAbiCoder().encode(['uint256'], [value]))
    const cases = [
      good.subarray(0, 4),
      good.subarray(0, 40),
      Uint8Array.of(...good.subarray(0, 4), ...word(2n ** 255n), ...good.subarray(36)),
      Uint8Array.of(...good.subarray(0, 36), ...word(1000n), ...good.subarray(68)),
      Uint8Array.of(...good.subarray(0, 4), ...word(96n), ...good.subarray(36)),
      panic.subarray(0, 35),
      Uint8Array.of(...panic, 0),
    ]
    for (const data of cases) expect(readRevert(data).kind).toBe('custom')
  })

  it('is shown as long as it may be, and no longer', () => {
    expect(readRevert(errorOf('Error', 'x'.repeat(MAX_REASON_LENGTH))).reason).toHaveLength(MAX_REASON_LENGTH)
    expect(readRevert(errorOf('Error', 'x'.repeat(MAX_REASON_LENGTH + 1))).reason).toHaveLength(
      MAX_REASON_LENGTH,
    )
  })

  it('comes from the receipt of a contract, and of nothing else', () => {
    const returnData = new CborWriter().bytes(errorOf('Error', 'no')).finish()
    expect(revertOfReceipt({ exitCode: EVM_CONTRACT_REVERTED, returnData })).toMatchObject({ reason: 'no' })
    expect(revertOfReceipt({ exitCode: EVM_CONTRACT_REVERTED, returnData: Uint8Array.of(0x40) })?.kind).toBe(
      'empty',
    )
    for (const [exitCode, data] of [
      [0, returnData],
      [34, returnData],
      [EVM_CONTRACT_REVERTED, new Uint8Array()],
      [EVM_CONTRACT_REVERTED, Uint8Array.of(0x80)],
      [EVM_CONTRACT_REVERTED, Uint8Array.of(...returnData, 0)],
    ] as const)
      expect(revertOfReceipt({ exitCode, returnData: data })).toBeUndefined()
  })
})
