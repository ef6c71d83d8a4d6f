import { Code } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'

describe('code', () => {
  it('may be jumped to where a JUMPDEST is no data of a PUSH', () => {
    const { analysis } = new Code(Uint8Array.of(0x5b, 0x60, 0x5b, 0x5b, 0x61, 0x5b, 0x5b, 0x5b))
    expect([...analysis.isJumpDestination]).toEqual([1, 0, 0, 1, 0, 0, 0, 1])
  })

  it('keeps its long constants in their order', () => {
    const { analysis } = new Code(Uint8Array.of(0x63, 0, 0, 1, 0, 0x65, 1, 0, 0, 0, 0, 0))
    expect(analysis.constants).toEqual([256, 2 ** 40])
    expect([analysis.constantAt[0], analysis.constantAt[5]]).toEqual([0, 1])
  })

  it('goes on with zeros where it ends within a constant', () => {
    const { analysis } = new Code(Uint8Array.of(0x7f, 1))
    expect(analysis.constants).toEqual([1n << 248n])
  })
})
