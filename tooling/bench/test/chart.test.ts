import { type Chart, renderChart } from '@troupe/bench'
import { describe, expect, it } from 'vitest'

const CHART: Chart = {
  name: 'growth',
  title: 'a < b & c',
  xLabel: 'entries',
  yLabel: 'per second',
  series: [
    {
      name: 'first',
      points: [
        { x: 10, y: 2_000 },
        { x: 100, y: 1_000 },
        { x: 1_000, y: 500 },
      ],
    },
    {
      name: 'second',
      points: [
        { x: 10, y: 1_000 },
        { x: 1_000, y: 501 },
      ],
    },
  ],
}

function pointsOf(svg: string): number[][][] {
  return [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points = '']) =>
    points.split(' ').map((point) => point.split(',').map(Number)),
  )
}

describe('a chart', () => {
  it('draws a line with a mark for each point of a series', () => {
    const svg = renderChart(CHART)
    expect(pointsOf(svg).map((points) => points.length)).toEqual([3, 2])
    expect(svg.match(/<circle /g)).toHaveLength(5)
  })

  it('gives equal factors equal room', () => {
    const [[a, b, c] = []] = pointsOf(renderChart(CHART)) as [number[][]]
    const [[ax, ay] = [], [bx, by] = [], [cx, cy] = []] = [a, b, c] as [number[], number[], number[]]
    expect(Number(bx) - Number(ax)).toBeCloseTo(Number(cx) - Number(bx), 0)
    expect(Number(by) - Number(ay)).toBeCloseTo(Number(cy) - Number(by), 0)
    expect(Number(by)).toBeGreaterThan(Number(ay))
  })

  it('stays inside of its picture', () => {
    const svg = renderChart(CHART)
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)?.map(Number) ?? []
    for (const [x, y] of pointsOf(svg).flat()) {
      expect(x).toBeGreaterThan(0)
      expect(x).toBeLessThan(width as number)
      expect(y).toBeGreaterThan(0)
      expect(y).toBeLessThan(height as number)
    }
  })

  it('keeps names apart where lines end together', () => {
    const heights = [...renderChart(CHART).matchAll(/y="([\d.]+)" fill="#[^"]*">(?:first|second)</g)].map(
      ([, y]) => Number(y),
    )
    expect(heights).toHaveLength(2)
    expect(Math.abs((heights[0] as number) - (heights[1] as number))).toBeGreaterThanOrEqual(15)
  })

  it('writes text as XML has it', () => {
    expect(renderChart(CHART)).toContain('>a &lt; b &amp; c</text>')
  })

  it('has short numbers at its axes', () => {
    const labels = [...renderChart(CHART).matchAll(/>([\d.]+[kMG]?)<\/text>/g)].map(([, label]) => label)
    expect(labels).toEqual(expect.arrayContaining(['10', '100', '1k', '500', '2k']))
  })

  it('draws a single point', () => {
    const svg = renderChart({ ...CHART, series: [{ name: 'one', points: [{ x: 1, y: 1 }] }] })
    expect(svg).not.toContain('NaN')
    expect(svg).not.toContain('Infinity')
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, which has no place on it', (y) => {
    const series = [{ name: 'bad', points: [{ x: 1, y }] }]
    expect(() => renderChart({ ...CHART, series })).toThrow(RangeError)
  })

  it('refuses to be of nothing', () => {
    expect(() => renderChart({ ...CHART, series: [] })).toThrow(RangeError)
  })
})
