import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HistoryMap } from '../../src/state/history-map.ts'

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('set' as const), key: fc.nat(5), value: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('mark' as const), key: fc.nat(5), value: fc.nat() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('rollback' as const), key: fc.nat(5), value: fc.nat() }),
  },
)

describe('HistoryMap', () => {
  it('is after a rollback what it was at the mark', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const map = new HistoryMap<number, number>()
        const marks: { mark: number; copy: [number, number][] }[] = []
        for (const { type, key, value } of steps) {
          if (type === 'set') map.set(key, value)
          else if (type === 'mark') marks.push({ mark: map.mark, copy: [...map.entries()] })
          else {
            const last = marks.pop()
            if (last === undefined) continue
            map.rollback(last.mark)
            expect(new Map(map.entries())).toEqual(new Map(last.copy))
          }
        }
      }),
      { seed: 2 },
    )
  })

  it('keeps what was cached through a rollback', () => {
    const map = new HistoryMap<string, number>()
    const mark = map.mark
    map.cache('read', 1)
    map.set('written', 2)
    map.rollback(mark)
    expect(map.get('read')).toBe(1)
    expect(map.has('written')).toBe(false)
  })
})
