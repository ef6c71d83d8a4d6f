import { BlockRegistry, ErrorNumber } from '@troupe/hypervisor'
import { RAW } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'

const BLOCK = { codec: RAW, data: new Uint8Array(1) }

// ref-fvm master fvm/src/kernel/blocks.rs (`MAX_BLOCKS`): 2^31-1, more than any memory holds
describe('the registry of blocks', () => {
  it('takes as many as it may, and refuses the next', () => {
    const registry = new BlockRegistry([RAW], 3)
    expect([registry.put(BLOCK), registry.putNew(BLOCK)]).toEqual([1, 2])
    expect(registry.isFull).toBe(false)
    expect(registry.put(BLOCK)).toBe(3)
    expect(registry.isFull).toBe(true)
    for (const put of [() => registry.put(BLOCK), () => registry.putNew(BLOCK)])
      expect(put).toThrow(expect.objectContaining({ number: ErrorNumber.LimitExceeded }))
  })

  it('knows handles from the first to the last', () => {
    const registry = new BlockRegistry([RAW])
    for (let handle = 1; handle <= 3; handle++) expect(registry.put(BLOCK)).toBe(handle)
    for (const handle of [1, 3]) expect(registry.get(handle)).toBe(BLOCK)
    for (const handle of [0, 4, -1, 0.5, 2 ** 32 - 1])
      expect(() => registry.get(handle)).toThrow(
        expect.objectContaining({ number: ErrorNumber.InvalidHandle }),
      )
  })
})
