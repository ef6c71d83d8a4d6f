import { Memory } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'

describe('memory', () => {
  it('keeps what it has when it grows, and is zero beyond', () => {
    const memory = new Memory()
    memory.grow(32)
    memory.bytes[31] = 7
    memory.grow(1 << 20)
    expect(memory.length).toBe(1 << 20)
    expect(memory.view.getUint32(28)).toBe(7)
    expect(memory.read((1 << 20) - 1, 3)).toEqual(new Uint8Array(3))
  })

  it('does not shrink', () => {
    const memory = new Memory()
    memory.grow(64)
    memory.grow(32)
    expect(memory.length).toBe(64)
  })

  it('reads zeros beyond its end', () => {
    const memory = new Memory()
    memory.grow(32)
    memory.bytes.fill(1, 0, 32)
    expect(memory.read(30, 4)).toEqual(Uint8Array.of(1, 1, 0, 0))
    expect(memory.read(1000, 2)).toEqual(new Uint8Array(2))
  })
})
