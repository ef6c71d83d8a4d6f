/** @module The results of a run: as data, and as Markdown. */
import type { Environment } from '@troupe/bench'
import type { Row, Suite, SuiteResult } from './suite.ts'

/** A suite with what it gave. */
export interface SuiteRun {
  readonly suite: Pick<Suite, 'name' | 'about'>
  readonly result: SuiteResult
  readonly seconds: number
}

/** What a run gave. */
export interface Report {
  readonly environment: Environment
  readonly suites: readonly ReportedSuite[]
}

interface ReportedSuite {
  readonly name: string
  readonly about: string
  /** Why it was not run. */
  readonly notRun?: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Cases of what passed, failed and was skipped, where rows stand for several. */
  readonly cases?: Readonly<Record<Row['status'], number>>
  readonly gas: bigint
  readonly seconds: number
  readonly failures: readonly Reason[]
  readonly skips: readonly Reason[]
}

interface Reason {
  readonly id: string
  readonly reason: string
}

/** How many rows are told of each kind. */
const MAX_TOLD = 25

/** Adds up rows. */
export function reportOf(runs: readonly SuiteRun[], environment: Environment): Report {
  return { environment, suites: runs.map(reportSuite) }
}

function reportSuite({ suite: { name, about }, result, seconds }: SuiteRun): ReportedSuite {
  const rows = 'rows' in result ? result.rows : []
  const of = (status: Row['status']): Reason[] =>
    rows.filter((row) => row.status === status).map(({ id, reason = '' }) => ({ id, reason }))
  const casesOf = (status: Row['status']): number =>
    rows.reduce((sum, row) => sum + (row.status === status ? (row.cases ?? 0) : 0), 0)
  return {
    name,
    about,
    ...('skipped' in result ? { notRun: result.skipped } : {}),
    passed: of('passed').length,
    failed: of('failed').length,
    skipped: of('skipped').length,
    ...(rows.some((row) => row.cases !== undefined)
      ? { cases: { passed: casesOf('passed'), failed: casesOf('failed'), skipped: casesOf('skipped') } }
      : {}),
    gas: rows.reduce((sum, { gas }) => sum + gas, 0n),
    seconds: Math.round(seconds * 10) / 10,
    failures: of('failed'),
    skips: of('skipped'),
  }
}

/** The report for people. */
export function renderReport({ environment, suites }: Report): string {
  const { date, node, v8, platform, cpu, cpuCount, memoryGiB } = environment
  const lines = [
    '| suite | what | passed | failed | skipped | gas | seconds |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...suites.map(
      (suite) =>
        `| \`${suite.name}\` | ${suite.about} | ${suite.notRun === undefined ? figuresOf(suite).join(' | ') : `not run: ${suite.notRun} | | | |`} |`,
    ),
    '',
    `${date}; Node ${node} (V8 ${v8}) on ${platform}, ${cpuCount} × ${cpu}, ${memoryGiB} GiB.`,
    ...suites.flatMap(({ name, failures, skips }) => [
      ...told(`Failed in \`${name}\``, failures),
      ...told(`Skipped in \`${name}\``, skips),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function figuresOf({ passed, failed, skipped, cases, gas, seconds }: ReportedSuite): (string | number)[] {
  const counted = (rows: number, status: Row['status']): string | number =>
    cases === undefined || rows === 0 ? rows : `${rows} (${grouped(BigInt(cases[status]))} cases)`
  return [
    counted(passed, 'passed'),
    counted(failed, 'failed'),
    counted(skipped, 'skipped'),
    gas === 0n ? '' : grouped(gas),
    seconds,
  ]
}

function told(title: string, rows: readonly Reason[]): string[] {
  if (rows.length === 0) return []
  const more = rows.length - MAX_TOLD
  return [
    '',
    `${title}:`,
    '',
    ...rows.slice(0, MAX_TOLD).map(({ id, reason }) => `- ${id}: ${reason}`),
    ...(more > 0 ? [`- ${more} more`] : []),
  ]
}

function grouped(integer: bigint): string {
  return String(integer).replace(/\B(?=(\d{3})+$)/g, ',')
}
