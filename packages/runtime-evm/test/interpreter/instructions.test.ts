import {
  CANCUN_INSTRUCTIONS,
  deriveInstructionSet,
  FILECOIN_INSTRUCTIONS,
  type InstructionSet,
  ISTANBUL_INSTRUCTIONS,
  LONDON_INSTRUCTIONS,
  OSAKA_INSTRUCTIONS,
  SHANGHAI_INSTRUCTIONS,
} from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'

function names(set: InstructionSet): string[] {
  return set.instructions.flatMap((instruction) => instruction?.name ?? [])
}

describe('instruction sets', () => {
  it.each([
    [ISTANBUL_INSTRUCTIONS, 142],
    [LONDON_INSTRUCTIONS, 143],
    [SHANGHAI_INSTRUCTIONS, 144],
    [CANCUN_INSTRUCTIONS, 149],
    [OSAKA_INSTRUCTIONS, 150],
    [FILECOIN_INSTRUCTIONS, 147],
  ])('have as many instructions as their forks', (set, count) => {
    expect(names(set).length).toBe(count)
    expect(set.instructions.length).toBe(256)
    expect(set.instructions.every((row, opcode) => row === undefined || row.opcode === opcode)).toBe(true)
  })

  it('of Filecoin have no CALLCODE and no blobs', () => {
    const missing = new Set(names(OSAKA_INSTRUCTIONS)).difference(new Set(names(FILECOIN_INSTRUCTIONS)))
    expect(missing).toEqual(new Set(['BLOBHASH', 'BLOBBASEFEE', 'CALLCODE']))
  })

  it('take no instruction twice, and remove none that is not there', () => {
    const add = { opcode: 1, name: 'ADD', takes: 2, gives: 1 }
    expect(() => deriveInstructionSet(CANCUN_INSTRUCTIONS, 'own', [add])).toThrow(
      expect.objectContaining({ code: 'evm/bad-table' }),
    )
    expect(() => deriveInstructionSet(CANCUN_INSTRUCTIONS, 'own', [], [0x1e])).toThrow(
      expect.objectContaining({ code: 'evm/bad-table' }),
    )
  })
})
