/** @module SHAPES.md: in what answers differ from those of other nodes, and why. */
import type { Difference } from './compare.ts'
import { REASONS, type Reason, reasonFor } from './reasons.ts'

/** What a comparison came to. */
export interface ShapeReport {
  /** The document. */
  readonly text: string
  readonly questions: number
  /** Those in which nobody else has the same as here. */
  readonly differences: number
  /** What nobody knows a reason for. */
  readonly unexplained: readonly Difference[]
  /** Reasons that nothing needs any more. */
  readonly idle: readonly Reason[]
}

/** Writes what a comparison came to. @param names versions of the others */
export function reportShapes(
  differences: readonly Difference[],
  questions: number,
  names: readonly string[],
): ShapeReport {
  const own = differences.filter(({ same }) => same.length === 0)
  const split = differences.filter(({ same }) => same.length > 0)
  const unexplained = own.filter((difference) => reasonFor(difference) === undefined)
  const sections = REASONS.map((reason) => ({ reason, rows: own.filter((one) => reasonFor(one) === reason) }))
  const lines = [
    '# How answers differ from those of other nodes',
    '',
    `Written by \`npm run clients -- shapes --update\`, which plays the same transactions on a devnet of Troupe, on ${names.join(' and on ')}, asks all of them ${questions} questions,`,
    'and compares keys, types, forms of hexadecimal texts, numbers and bytes of errors, and every value that is the same on all chains: inputs and outputs of calls,',
    'addresses, topics, reasons of reverts, and the instructions that were executed. Without `--update` the task fails where this document is not what it finds.',
    '',
    'EDR is asked without Hardhat around it, which turns its errors into others.',
    '',
    '## What is otherwise here than with all others that have the method',
  ]
  for (const { reason, rows } of sections) {
    if (rows.length === 0) continue
    lines.push('', reason.reason, '', ...tableOf(rows))
  }
  if (unexplained.length > 0) lines.push('', 'Nobody knows why:', '', ...tableOf(unexplained))
  lines.push(
    '',
    '## In what others differ from each other, and it is here as with one of them',
    '',
    ...tableOf(split),
    '',
  )
  return {
    ...{ text: lines.join('\n'), questions, differences: own.length, unexplained },
    idle: sections.filter(({ rows }) => rows.length === 0).map(({ reason }) => reason),
  }
}

function tableOf(differences: readonly Difference[]): string[] {
  return [
    '| method | where | here | others |',
    '| --- | --- | --- | --- |',
    ...merged(differences).map(
      ({ here, method, place, there }) =>
        `| \`${method}\` | ${place === '' ? 'the answer' : `\`${place}\``} | ${cell(here)} | ${Object.entries(
          there,
        )
          .map(([name, what]) => `${name}: ${cell(what)}`)
          .join('; ')} |`,
    ),
  ]
}

/** Rows that say the same of a place with other words of a value are one. */
function merged(differences: readonly Difference[]): Difference[] {
  const rows = new Map<string, Difference>()
  for (const difference of differences) {
    const key = JSON.stringify([difference.method, difference.place, Object.keys(difference.there)])
    if (!rows.has(key)) rows.set(key, difference)
  }
  return [...rows.values()].sort((a, b) => compare(a.method, b.method) || compare(a.place, b.place))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function cell(text: string): string {
  return text === '-' ? '–' : text.replaceAll('|', '\\|')
}
