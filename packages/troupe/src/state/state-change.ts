import type { IpldValue } from '@troupe/ipld'
import { formatValue, type ValueLimits } from '../text/format-value.ts'
import { paint } from '../text/paint.ts'
import { visible } from '../text/plain.ts'

/** One place in which two states differ. In `console.table` it is a row of path, before and after. */
export class StateChange {
  /** Where: the segments as a JSON pointer, `/f0100/balance`. */
  readonly path: string
  /** What was there, decoded; `undefined` where there was nothing. */
  readonly before: IpldValue | undefined
  /** What is there now, decoded; `undefined` where there is nothing any more. */
  readonly after: IpldValue | undefined
  readonly #segments: readonly string[]

  constructor(segments: readonly string[], before: IpldValue | undefined, after: IpldValue | undefined) {
    this.#segments = segments
    this.path = segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    this.before = before
    this.after = after
  }

  /** The actor, and the names and keys below it. */
  get segments(): readonly string[] {
    return this.#segments
  }

  /** On one line: `/f0100/balance: 5 → 7`. */
  toString(): string {
    return renderChange(this, false)
  }
}

/** How a difference is drawn. */
export interface DiffRendering {
  /** Default: no colours. */
  readonly colours?: boolean
}

/** Draws the difference of two states for a terminal, one line a change. All text that comes from actors is made visible, and is short. */
export function renderDiff(
  changes: Iterable<StateChange>,
  { colours = false }: DiffRendering = {},
): string[] {
  return Array.from(changes, (change) => renderChange(change, colours))
}

/** New actors have a line with all that they are. */
const LIMITS: ValueLimits = { maxLength: 200 }

function renderChange({ path, before, after }: StateChange, colours: boolean): string {
  const where = `${paint('cyan', visible(path), colours)}: `
  if (before === undefined)
    return `${where}${paint('green', `(new) ${after === undefined ? '' : formatValue(after, LIMITS)}`, colours)}`
  if (after === undefined) return `${where}${paint('red', `(gone) ${formatValue(before, LIMITS)}`, colours)}`
  return `${where}${paint('red', formatValue(before, LIMITS), colours)} → ${paint('green', formatValue(after, LIMITS), colours)}`
}
