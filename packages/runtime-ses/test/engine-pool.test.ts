import { describe, expect, it } from 'vitest'
import { EnginePool } from '../src/engine/engine-pool.ts'
import type { JsEngine } from '../src/engine/js-engine.ts'

const MIB = 1024 * 1024
const engine = (byteLength: number): JsEngine =>
  ({ instance: { memory: { byteLength } } }) as unknown as JsEngine

describe('engines that wait', () => {
  it('are handed out where their memory is not too large: the largest first, of those the last that came', () => {
    const pool = new EnginePool()
    const [small, large, other, tooLarge] = [4, 5, 5, 6].map((size) => engine(size * MIB)) as [
      JsEngine,
      JsEngine,
      JsEngine,
      JsEngine,
    ]
    for (const each of [small, large, other, tooLarge]) pool.give(each)
    expect([1, 2, 3, 4].map(() => pool.take(5 * MIB))).toEqual([other, large, small, undefined])
    expect(pool.take(6 * MIB)).toBe(tooLarge)
  })

  it('are 16 at most, of 128 MiB in all, and the one that has waited longest goes', () => {
    const many = new EnginePool()
    const engines = Array.from({ length: 17 }, () => engine(MIB))
    for (const each of engines.slice(0, 16)) many.give(each)
    expect(many.size).toBe(16)
    many.give(engines[16] as JsEngine)
    expect(many.size).toBe(16)
    const kept = engines.map(() => many.take(MIB)).filter((each) => each !== undefined)
    expect(kept).not.toContain(engines[0])

    const heavy = new EnginePool()
    for (const each of [64, 64].map((size) => engine(size * MIB))) heavy.give(each)
    expect(heavy.size).toBe(2)
    heavy.give(engine(1))
    expect(heavy.size).toBe(2)
  })

  it('can all be let go', () => {
    const pool = new EnginePool()
    pool.give(engine(MIB))
    pool.clear()
    expect([pool.size, pool.take(MIB)]).toEqual([0, undefined])
  })
})
