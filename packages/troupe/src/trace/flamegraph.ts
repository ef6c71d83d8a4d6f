import type { GasNode } from './gas-profile.ts'

/** How a flame graph is drawn. */
export interface FlamegraphOptions {
  /** What stands above. Default: `Gas`. */
  readonly title?: string
  /** Pixels. Default: 1200. */
  readonly width?: number
}

/** A box of the picture. Positions are parts of the whole width, from 0 to 1. */
interface Box {
  readonly node: GasNode
  readonly left: number
  readonly width: number
  readonly depth: number
}

const WIDTH = 1200
const MARGIN = 12
const HEAD = 44
const ROW = 20
const GAP = 1
/** Width of a letter at the size of labels, about. */
const LETTER = 6.7
/** Boxes narrower than this many pixels are left out: nobody could see them. */
const MIN_WIDTH = 0.4
/** Levels that are drawn. */
const MAX_DEPTH = 200

/**
 * Draws where the gas of a message went, as a flame graph: the message on top, below each box what it called and was charged for, as wide as its gas. The whole number
 * is shown where the pointer is.
 *
 * @returns SVG that needs nothing else, in light and dark
 */
export function renderFlamegraph(profile: GasNode, options: FlamegraphOptions = {}): string {
  const { title = 'Gas', width = WIDTH } = options
  const boxes = boxesOf(profile, width - 2 * MARGIN)
  const depth = boxes.reduce((most, box) => Math.max(most, box.depth), 0)
  const height = HEAD + (depth + 1) * ROW + MARGIN
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="11">`,
    STYLE,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text class="title" x="${MARGIN}" y="26">${escapeXml(title)}</text>`,
    `<text class="total" x="${width - MARGIN}" y="26" text-anchor="end">${formatGas(profile.total)} gas</text>`,
    ...boxes.map((box) => drawBox(box, profile.total, width - 2 * MARGIN)),
    '</svg>',
    '',
  ].join('\n')
}

const STYLE = `<style>
  .page { fill: #ffffff } .title { fill: #1b1f24; font-size: 15px } .total { fill: #57606a }
  .message rect { fill: #d0d7de } .call rect { fill: #f2a65a } .charge rect { fill: #9ec5e8 }
  g:hover rect { stroke: #1b1f24 } g text { fill: #1b1f24; pointer-events: none }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .title { fill: #e6edf3 } .total { fill: #9198a1 }
    .message rect { fill: #8b949e } g:hover rect { stroke: #ffffff }
  }
</style>`

function boxesOf(profile: GasNode, pixels: number): Box[] {
  const boxes: Box[] = []
  const visit = (node: GasNode, left: number, width: number, depth: number): void => {
    if (width * pixels < MIN_WIDTH || depth >= MAX_DEPTH) return
    boxes.push({ node, left, width, depth })
    let at = left
    for (const child of node.children) {
      const part = width * share(child.total, node.total)
      visit(child, at, part, depth + 1)
      at += part
    }
  }
  visit(profile, 0, 1, 0)
  return boxes
}

function drawBox({ node, left, width, depth }: Box, total: bigint, pixels: number): string {
  const x = MARGIN + left * pixels
  const y = HEAD + depth * ROW
  const wide = Math.max(width * pixels - GAP, MIN_WIDTH)
  const percent = (100 * share(node.total, total)).toFixed(1)
  const label = fit(node.name, wide - 8)
  const text = label === '' ? '' : `<text x="${(x + 4).toFixed(1)}" y="${y + 14}">${escapeXml(label)}</text>`
  return `<g class="${node.kind}"><title>${escapeXml(node.name)}: ${formatGas(node.total)} gas (${percent} %)</title><rect x="${x.toFixed(1)}" y="${y}" width="${wide.toFixed(1)}" height="${ROW - GAP}" rx="2"/>${text}</g>`
}

/** As much of a name as has room. */
function fit(name: string, room: number): string {
  const letters = Math.floor(room / LETTER)
  if (name.length <= letters) return name
  return letters < 4 ? '' : `${name.slice(0, letters - 1)}…`
}

function share(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 1_000_000_000n) / whole) / 1e9
}

function formatGas(milligas: bigint): string {
  const gas = milligas / 1000n
  return String(gas).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Names may come from actors: whatever is in them is shown, and does nothing. */
function escapeXml(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) as number
    const isXml =
      code === 0x9 || (code >= 0x20 && code !== 0xfffe && code !== 0xffff && (code < 0xd800 || code > 0xdfff))
    if (!isXml) return '\ufffd'
    return ESCAPES[character] ?? character
  }).join('')
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
