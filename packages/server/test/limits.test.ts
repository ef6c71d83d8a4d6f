import { SERVER_LIMITS } from '@troupe/server'
import { describe, expect, it } from 'vitest'
import { limitsWith } from '../src/limits.ts'

describe('limits', () => {
  it('are those that were chosen, and otherwise the usual ones', () => {
    expect(limitsWith({ batch: 3 })).toEqual({ ...SERVER_LIMITS, batch: 3 })
  })

  it.each([{ batch: 0 }, { batch: 1.5 }, { batch: Number.NaN }, { batch: 2 ** 31 }, { other: 1 }])(
    'cannot be %j',
    (chosen) => {
      expect(() => limitsWith(chosen)).toThrow(expect.objectContaining({ code: 'server/bad-option' }))
    },
  )
})
