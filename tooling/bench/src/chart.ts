/** @module Line charts in SVG, of how something changes with a size. Both axes are logarithmic. */

/** One line of a chart. */
export interface Series {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** A chart. All coordinates are positive. */
export interface Chart {
  /** Names its file. */
  readonly name: string
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly series: readonly Series[]
}

const WIDTH = 560
const HEIGHT = 340
const PLOT = { left: 70, right: 470, top: 44, bottom: 290 }
/** Told apart by all who see colours differently, too: Okabe and Ito. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9']

/** Draws a chart. The same chart gives the same text. @throws {RangeError} where there is no point, or one that has no logarithm */
export function renderChart({ title, xLabel, yLabel, series }: Chart): string {
  const points = series.flatMap((line) => line.points)
  const x = axis(
    points.map((point) => point.x),
    PLOT.left,
    PLOT.right,
  )
  const y = axis(
    points.map((point) => point.y),
    PLOT.bottom,
    PLOT.top,
  )
  const middle = { x: (PLOT.left + PLOT.right) / 2, y: (PLOT.top + PLOT.bottom) / 2 }
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(middle.x, 24, title, 'text-anchor="middle" font-size="15"'),
    ...x.ticks.flatMap(({ value, at }) => [
      line(at, PLOT.top, at, PLOT.bottom),
      text(at, PLOT.bottom + 18, tickLabel(value), 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap(({ value, at }) => [
      line(PLOT.left, at, PLOT.right, at),
      text(PLOT.left - 8, at + 4, tickLabel(value), 'text-anchor="end"'),
    ]),
    text(middle.x, HEIGHT - 12, xLabel, 'text-anchor="middle"'),
    text(16, middle.y, yLabel, `text-anchor="middle" transform="rotate(-90 16 ${middle.y})"`),
    ...renderSeries(series, x.place, y.place),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

/** The lines, each with its name at its end; names are moved apart where lines end close together. */
function renderSeries(
  series: readonly Series[],
  placeX: (value: number) => number,
  placeY: (value: number) => number,
): string[] {
  const ends = series.map(({ points }) => placeY(points.at(-1)?.y ?? 1))
  const labels = spreadApart(ends, 15)
  return series.flatMap(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length] as string
    const places = points.map((point) => [round(placeX(point.x)), round(placeY(point.y))] as const)
    return [
      `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`),
      text(PLOT.right + 12, (labels[index] as number) + 4, name, `fill="${colour}"`),
    ]
  })
}

interface Axis {
  readonly place: (value: number) => number
  readonly ticks: readonly { readonly value: number; readonly at: number }[]
}

/** A logarithmic axis over values, from `start` to `end`. It has a tick at 1, 2 and 5 times each power of ten, or at the powers alone where those are many. */
function axis(values: readonly number[], start: number, end: number): Axis {
  if (values.length === 0 || values.some((value) => !(value > 0 && value < Number.POSITIVE_INFINITY)))
    throw new RangeError('a logarithmic axis is over positive numbers')
  const first = Math.floor(Math.log10(Math.min(...values)))
  const last = Math.ceil(Math.log10(Math.max(...values)))
  const steps = last - first > 2 ? [1] : [1, 2, 5]
  const candidates = Array.from({ length: last - first + 1 }, (_, index) =>
    steps.map((step) => step * 10 ** (first + index)),
  ).flat()
  const low = candidates.findLast((tick) => tick <= Math.min(...values)) as number
  const high = candidates.find((tick) => tick >= Math.max(...values) && tick > low) ?? low * 10
  const width = Math.log(high / low)
  const place = (value: number): number => start + ((end - start) * Math.log(value / low)) / width
  const ticks = candidates.filter((tick) => tick >= low && tick <= high)
  return { place, ticks: ticks.map((value) => ({ value, at: round(place(value)) })) }
}

/** The same heights in the same order, moved down until each is `distance` below the one above it. */
function spreadApart(heights: readonly number[], distance: number): number[] {
  const moved = [...heights]
  const order = heights.map((_, index) => index).sort((a, b) => (moved[a] as number) - (moved[b] as number))
  for (const [rank, index] of order.entries()) {
    const above = order[rank - 1]
    if (above !== undefined)
      moved[index] = Math.max(moved[index] as number, (moved[above] as number) + distance)
  }
  return moved
}

/** `1,000` as `1k`. */
function tickLabel(value: number): string {
  for (const [unit, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (value >= unit) return `${round(value / unit)}${letter}`
  return String(Number(value.toPrecision(3)))
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/>`
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
