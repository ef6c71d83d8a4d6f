import { timeInterleaved, timeRepeated } from '@troupe/bench'
import { describe, expect, it } from 'vitest'

/** A clock that stands still but for what runs. */
function handClock(): { now: () => number; takes: (milliseconds: number) => () => void } {
  let time = 0
  return {
    now: () => time,
    takes: (milliseconds) => () => {
      time += milliseconds
    },
  }
}

describe('sampling', () => {
  it('takes samples for as long as it is told', () => {
    const { now, takes } = handClock()
    const times = timeRepeated(takes(10), { warmUpMs: 0, measureMs: 95 }, now)
    expect(times).toEqual(Array.from({ length: 10 }, () => 10))
  })

  it('takes no fewer samples than it is told, however long that is', () => {
    const { now, takes } = handClock()
    expect(timeRepeated(takes(1_000), { warmUpMs: 0, measureMs: 1, minimumSamples: 3 }, now)).toEqual([
      1_000, 1_000, 1_000,
    ])
  })

  it('does not count the warm-up', () => {
    const { now, takes } = handClock()
    const durations = [500, 400, 1, 2, 3, 4, 5]
    const run = (): void => takes(durations.shift() as number)()
    expect(timeRepeated(run, { warmUpMs: 900, measureMs: 1 }, now)).toEqual([1, 2, 3, 4, 5])
  })

  it('runs what is compared in turns', () => {
    const { now, takes } = handClock()
    const order: string[] = []
    const named = (name: string, milliseconds: number) => () => {
      order.push(name)
      takes(milliseconds)()
    }
    const times = timeInterleaved(
      [named('a', 1), named('b', 2)],
      { warmUpMs: 0, measureMs: 0, minimumSamples: 2 },
      now,
    )
    expect(times).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(order.join('')).toBe('abababab')
  })
})
