import {
  type CacheUse,
  type CallFrame,
  type CallTree,
  formatCodeStack,
  formatFil,
  ownGas,
  totalGas,
} from '@troupe/hypervisor'
import { paint, paintedLength } from '../text/paint.ts'
import { formatMilligas, grouped, visible } from '../text/plain.ts'
import {
  formatFailure,
  formatMethod,
  formatParameters,
  formatReceiver,
  formatReturn,
  type PartialNames,
} from './call-text.ts'

/** How a call tree is drawn. Everything is handed in: drawing looks nothing up. */
export interface CallTreeOptions extends PartialNames {
  /** Default: no colours. */
  readonly colours?: boolean
  /** Whether what each frame was charged for is listed below it. Default: `true`. */
  readonly charges?: boolean
  /** Whether parameters and return values are shown; otherwise only how long the latter are. Default: `true`. */
  readonly values?: boolean
  /** Calls that are drawn at most; of the others only the number is given. Default: 1000. */
  readonly maxCalls?: number
  /** Levels of calls that are drawn at most. Default: 64. */
  readonly maxDepth?: number
  /** Where a call's line would be longer, it is without what came back and the name of its exit code, and without the sender. Default: lines are as long as they are. */
  readonly columns?: number
}

/** A line before its columns are aligned. */
interface Row {
  /** Milligas with all calls below. */
  readonly total?: bigint
  /** Milligas of the frame itself, or of one charge. */
  readonly own?: bigint
  readonly isCharge?: boolean
  /** What runs the code of the frame. */
  readonly runtime?: string | undefined
  readonly text: string
  /** What is drawn where that is too long: the first that is not. */
  readonly shorter?: readonly string[]
}

const DEFAULT_MAX_CALLS = 1000
const DEFAULT_MAX_DEPTH = 64
const RUNTIME = 'runtime'
const MAX_LOGS = 20
const MAX_TEXT_LENGTH = 200
/** Most digits after the point: gas is counted in thousandths. */
const FRACTION_DIGITS = 3

/**
 * Draws what a message did as a tree, one line a call, a charge or a log line: gas with the calls below, the frame's own gas, and the tree. Gas is
 * aligned at the point.
 *
 * All text that comes from actors is made visible, and on one line.
 */
export function renderCallTree(tree: CallTree, options: CallTreeOptions = {}): string[] {
  const drawing = new Drawing(options)
  drawing.message(tree)
  const lines = align(drawing.rows, options)
  if (options.charges === false || tree.caches === undefined) return lines
  return [...lines, paint('dim', formatCaches(tree.caches), options.colours ?? false)]
}

/** `read caches: 12 of 14 nodes, 2 of 2 codes, 9 of 20 blocks were there`. */
function formatCaches({ blocks, code, nodes }: CacheUse): string {
  const part = ({ hits, misses }: CacheUse['nodes'], what: string): string =>
    `${grouped(hits)} of ${grouped(hits + misses)} ${what}`
  const parts = [
    part(nodes, 'nodes'),
    part(code, 'codes'),
    ...(blocks === undefined ? [] : [part(blocks, 'blocks')]),
  ]
  return `read caches: ${parts.join(', ')} were there`
}

class Drawing {
  readonly rows: Row[] = []
  readonly #options: CallTreeOptions
  readonly #colours: boolean
  readonly #hasValues: boolean
  #callsLeft: number

  constructor(options: CallTreeOptions) {
    this.#options = options
    this.#colours = options.colours ?? false
    this.#hasValues = options.values ?? true
    this.#callsLeft = options.maxCalls ?? DEFAULT_MAX_CALLS
  }

  /** The message itself: what is charged before any call, and its calls. */
  message({ inclusion, roots }: CallTree): void {
    let own = 0n
    for (const milligas of inclusion.values()) own += milligas
    const total = roots.reduce((sum, root) => sum + totalGas(root), own)
    this.rows.push({ total, own, text: paint('bold', 'message', this.#colours) })
    this.#charges(inclusion, '', roots.length > 0)
    this.#calls(roots, '', 0, true)
  }

  #calls(calls: readonly CallFrame[], indent: string, depth: number, isTop: boolean): void {
    const isTooDeep = depth >= (this.#options.maxDepth ?? DEFAULT_MAX_DEPTH)
    const drawn = isTooDeep ? 0 : Math.min(calls.length, this.#callsLeft)
    this.#callsLeft -= drawn
    for (const [index, call] of calls.slice(0, drawn).entries()) {
      const isLast = index === calls.length - 1
      this.#call(
        call,
        `${indent}${isLast ? '└─ ' : '├─ '}`,
        `${indent}${isLast ? '   ' : '│  '}`,
        depth,
        isTop,
      )
    }
    const hidden = calls.slice(drawn)
    if (hidden.length === 0) return
    const count = hidden.reduce((sum, call) => sum + countCalls(call), 0)
    this.rows.push({
      total: hidden.reduce((sum, call) => sum + totalGas(call), 0n),
      text: `${indent}└─ … ${grouped(count)} more ${count === 1 ? 'call' : 'calls'}`,
    })
  }

  #call(frame: CallFrame, start: string, indent: string, depth: number, isTop: boolean): void {
    const said = this.#options.consoleLine?.(frame)
    const from = isTop ? `f0${frame.call.from} → ` : ''
    const label = this.#label(frame)
    const [whole, short] = [this.#outcome(frame, false), this.#outcome(frame, true)]
    const row =
      said === undefined
        ? {
            text: `${start}${from}${label}  ${whole}`,
            shorter: [`${start}${from}${label}  ${short}`, `${start}${label}  ${short}`],
          }
        : { text: `${start}console.log ${paint('yellow', visible(said, MAX_TEXT_LENGTH), this.#colours)}` }
    const runtime = frame.code && this.#options.runtimeName?.(frame.code)
    this.rows.push({ total: totalGas(frame), own: ownGas(frame), runtime, ...row })
    this.#charges(frame.gas, indent, frame.calls.length > 0)
    this.#logs(frame.logs, indent, frame.calls.length > 0)
    this.#calls(frame.calls, indent, depth + 1, false)
    this.#stack(frame, indent)
  }

  /** Who was called, and what for: `f01234 storageminer.ChangePeerID(newId: 0x01) (+1.5 FIL, read-only)`. */
  #label(frame: CallFrame): string {
    const { call } = frame
    const what = paint('cyan', formatMethod(frame, this.#options), this.#colours)
    const parameters = this.#hasValues ? formatParameters(frame, this.#options) : ''
    const remarks = [
      ...(call.value === 0n ? [] : [`+${formatFil(call.value)} FIL`]),
      ...(call.readOnly ? ['read-only'] : []),
    ]
    const remark = remarks.length === 0 ? '' : ` (${remarks.join(', ')})`
    return `${formatReceiver(frame, this.#options)} ${what}${parameters}${remark}`
  }

  #outcome(frame: CallFrame, isShort: boolean): string {
    const failure = formatFailure(frame, isShort)
    const returned = isShort ? '' : this.#returned(frame)
    if (failure !== undefined) return `${paint('red', `✗ ${failure}`, this.#colours)}${returned}`
    return `${paint('green', 'ok', this.#colours)}${returned}`
  }

  /** What a call gave back, or how long it is. */
  #returned(frame: CallFrame): string {
    const text = this.#hasValues ? formatReturn(frame, this.#options) : ''
    if (text !== '') return ` → ${text}`
    const value = frame.outcome?.type === 'return' ? frame.outcome.value : undefined
    return value === undefined ? '' : `, ${grouped(value.data.length)} B`
  }

  #charges(gas: ReadonlyMap<string, bigint>, indent: string, hasCalls: boolean): void {
    if (this.#options.charges === false) return
    const guide = `${indent}${hasCalls ? '│  ' : '   '}`
    const charges = [...gas].filter(([, milligas]) => milligas !== 0n)
    for (const [name, own] of charges.sort(byAmount))
      this.rows.push({ own, isCharge: true, text: `${guide}${name}` })
  }

  /** Where in its code a call failed: after the calls that it had made. */
  #stack({ stack }: CallFrame, indent: string): void {
    if (stack === undefined) return
    for (const line of formatCodeStack(stack))
      this.rows.push({ text: `${indent}   ${paint('dim', visible(line, MAX_TEXT_LENGTH), this.#colours)}` })
  }

  #logs(logs: readonly string[], indent: string, hasCalls: boolean): void {
    const guide = `${indent}${hasCalls ? '│  ' : '   '}`
    for (const line of logs.slice(0, MAX_LOGS))
      this.rows.push({
        text: `${guide}log ${paint('yellow', visible(line, MAX_TEXT_LENGTH), this.#colours)}`,
      })
    if (logs.length > MAX_LOGS)
      this.rows.push({ text: `${guide}log … ${grouped(logs.length - MAX_LOGS)} more lines` })
  }
}

/** The most expensive first; equal ones by name, so that the order does not depend on when they were charged. */
function byAmount([nameA, a]: readonly [string, bigint], [nameB, b]: readonly [string, bigint]): number {
  if (a !== b) return a > b ? -1 : 1
  return nameA < nameB ? -1 : 1
}

function align(rows: readonly Row[], { colours = false, columns, runtimeName }: CallTreeOptions): string[] {
  const total = new Column(
    'gas',
    rows.map((row) => row.total),
  )
  const own = new Column(
    'own',
    rows.map((row) => row.own),
  )
  const runtimes = [RUNTIME, ...rows.map(({ runtime = '' }) => visible(runtime, MAX_TEXT_LENGTH))]
  const width = Math.max(...runtimes.map(({ length }) => length))
  const runtimeCell = (runtime = ''): string =>
    runtimeName === undefined ? '' : `${visible(runtime, MAX_TEXT_LENGTH).padEnd(width)}  `
  const head = `${total.head}  ${own.head}  ${runtimeCell(RUNTIME)}call`
  return [
    paint('dim', head, colours),
    ...rows.map(({ isCharge = false, shorter = [], text, ...row }) => {
      const ownCell = own.cell(row.own)
      const start = `${total.cell(row.total)}  ${isCharge ? paint('dim', ownCell, colours) : ownCell}  ${paint('magenta', runtimeCell(row.runtime), colours)}`
      const room = (columns ?? Number.POSITIVE_INFINITY) - paintedLength(start)
      const texts = [text, ...shorter]
      return `${start}${texts.find((each) => paintedLength(each) <= room) ?? texts.at(-1)}`
    }),
  ]
}

/** A column of gas, aligned at the point. */
class Column {
  readonly head: string
  readonly #whole: number
  readonly #fraction: number

  constructor(title: string, amounts: readonly (bigint | undefined)[]) {
    const parts = amounts.filter((amount) => amount !== undefined).map(splitGas)
    this.#fraction = Math.max(0, ...parts.map(([, fraction]) => fraction.length))
    this.#whole = Math.max(title.length - this.#fraction, ...parts.map(([whole]) => whole.length))
    this.head = title.padStart(this.#whole + this.#fraction)
  }

  cell(amount: bigint | undefined): string {
    if (amount === undefined) return ' '.repeat(this.#whole + this.#fraction)
    const [whole, fraction] = splitGas(amount)
    return `${whole.padStart(this.#whole)}${fraction.padEnd(this.#fraction)}`
  }
}

/** An amount of milligas before the point, and from the point on. */
function splitGas(milligas: bigint): readonly [whole: string, fraction: string] {
  const text = formatMilligas(milligas)
  const point = text.indexOf('.')
  if (point < 0) return [text, '']
  return [text.slice(0, point), text.slice(point, point + 1 + FRACTION_DIGITS)]
}

function countCalls(frame: CallFrame): number {
  return frame.calls.reduce((sum, call) => sum + countCalls(call), 1)
}
