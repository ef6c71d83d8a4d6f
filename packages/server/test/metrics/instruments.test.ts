import { describe, expect, it } from 'vitest'
import { Counter, Gauge, Histogram, MAX_SERIES } from '../../src/metrics/instruments.ts'

describe('instruments', () => {
  it('are text as Prometheus reads it', () => {
    const counter = new Counter('a_total', 'Of a.', ['x', 'y'])
    counter.add(1, 'p', 'q"\\\n')
    counter.add(2, 'p', 'q"\\\n')
    const gauge = new Gauge('b', 'Of b.')
    gauge.set(1.5)
    expect([...counter.render(), ...gauge.render()]).toEqual([
      '# HELP a_total Of a.',
      '# TYPE a_total counter',
      'a_total{x="p",y="q\\"\\\\\\n"} 3',
      '# HELP b Of b.',
      '# TYPE b gauge',
      'b 1.5',
    ])
  })

  it('count what is up to each bound, the bound included', () => {
    const histogram = new Histogram('h', 'Of h.', [1, 2], ['m'])
    for (const value of [0.5, 1, 1.5, 2, 3]) histogram.observe(value, 'a')
    expect(histogram.render().slice(2)).toEqual([
      'h_bucket{m="a",le="1"} 2',
      'h_bucket{m="a",le="2"} 4',
      'h_bucket{m="a",le="+Inf"} 5',
      'h_sum{m="a"} 8',
      'h_count{m="a"} 5',
    ])
  })

  it('keep only so many series apart, and count the rest together', () => {
    const counter = new Counter('a', 'Of a.', ['x'])
    for (let i = 0; i < MAX_SERIES + 10; i++) counter.add(1, String(i))
    counter.add(1, '0')
    const lines = counter.render().slice(2)
    expect(lines).toHaveLength(MAX_SERIES + 1)
    expect(lines[0]).toBe('a{x="0"} 2')
    expect(lines.at(-1)).toBe('a{x="other"} 10')
  })
})
