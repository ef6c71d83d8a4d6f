import { paint } from '../render/paint.ts'
import { formatMilliseconds, grouped, visible } from '../render/plain.ts'
import { renderTable } from '../render/table.ts'
import type { VectorOutcome } from './task.ts'
import type { VectorSuite } from './vector-suite.ts'

/** An outcome, and the file that it is of. */
export interface NamedOutcome extends VectorOutcome {
  /** Path of the vector below the suite's directory. */
  readonly name: string
}

/** The numbers of a run. */
export interface SuiteTotals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly gas: bigint
}

/** A run in one line of JSON. */
export interface SuiteSummary extends SuiteTotals {
  readonly suite: string
  readonly seconds: number
  readonly failures: readonly { readonly id: string; readonly reason: string }[]
}

/** How many failures are told in text. */
const MAX_FAILURES = 25

/** Adds up outcomes. */
function totalsOf(outcomes: readonly VectorOutcome[]): SuiteTotals {
  const count = (status: VectorOutcome['status']): number =>
    outcomes.filter((outcome) => outcome.status === status).length
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    gas: outcomes.reduce((sum, { gas }) => sum + gas, 0n),
  }
}

/** The summary of a run. */
export function summarize(
  suite: string,
  outcomes: readonly VectorOutcome[],
  milliseconds: number,
): SuiteSummary {
  return {
    suite,
    ...totalsOf(outcomes),
    seconds: Math.round(milliseconds) / 1000,
    failures: outcomes
      .filter(({ status }) => status === 'failed')
      .map(({ id, reason = '' }) => ({ id, reason })),
  }
}

/** A run in lines: a table by family, then what failed or was skipped and why, then the totals. */
export function renderSuite(
  suite: VectorSuite,
  outcomes: readonly NamedOutcome[],
  milliseconds: number,
  colours: boolean,
): string[] {
  const totals = totalsOf(outcomes)
  const summary = `${grouped(totals.passed)} passed, ${grouped(totals.failed)} failed, ${grouped(totals.skipped)} skipped; ${grouped(totals.gas)} gas in ${formatMilliseconds(milliseconds)}`
  return [
    ...renderFamilies(suite, outcomes, colours),
    '',
    ...renderReasons('failed', outcomes, colours),
    ...renderReasons('skipped', outcomes, colours),
    paint(totals.failed === 0 ? 'green' : 'red', summary, colours),
  ]
}

function renderFamilies(suite: VectorSuite, outcomes: readonly NamedOutcome[], colours: boolean): string[] {
  const families = Map.groupBy(outcomes, ({ name }) => suite.familyOf(name))
  const rows = [...families]
    .sort(([a], [b]) => byFamily.compare(a, b))
    .map(([family, members]) => {
      const { passed, failed, skipped, gas } = totalsOf(members)
      const milliseconds = members.reduce((sum, member) => sum + member.milliseconds, 0)
      return [
        visible(family),
        grouped(passed),
        failed === 0 ? '0' : paint('red', grouped(failed), colours),
        grouped(skipped),
        grouped(gas),
        formatMilliseconds(milliseconds),
      ]
    })
  return renderTable(
    [
      { title: suite.family, align: 'left' },
      { title: 'passed', align: 'right' },
      { title: 'failed', align: 'right' },
      { title: 'skipped', align: 'right' },
      { title: 'gas', align: 'right' },
      { title: 'time', align: 'right' },
    ],
    rows,
  )
}

function renderReasons(
  status: 'failed' | 'skipped',
  outcomes: readonly NamedOutcome[],
  colours: boolean,
): string[] {
  const those = outcomes.filter((outcome) => outcome.status === status)
  if (those.length === 0) return []
  const lines = those
    .slice(0, MAX_FAILURES)
    .flatMap(({ name, reason = '' }) => [
      `${paint(status === 'failed' ? 'red' : 'yellow', status, colours)} ${visible(name)}`,
      `  ${visible(reason, 600)}`,
    ])
  const more = those.length - MAX_FAILURES
  return [...lines, ...(more > 0 ? [`${grouped(more)} more ${status}`] : []), '']
}

/** `fil_9_x` before `fil_10_x`, in every locale. */
const byFamily = new Intl.Collator('en', { numeric: true })
