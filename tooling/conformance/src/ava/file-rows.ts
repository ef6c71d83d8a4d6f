import type { Row } from '../suite.ts'
import type { Told } from './ava.ts'

/** A row of a file of tests, or of one test in it. @param title none for the file */
export function rowOf(file: string, title: string, status: Row['status'], reason: string): Row {
  return {
    ...{ id: title === '' ? file : `${file}: ${title}`, status, gas: 0n, cases: 1 },
    ...(reason === '' ? {} : { reason }),
  }
}

/** What became of a file's tests: how many of them pass, and the others by name. @param ended how the file ended, where that is not its own end */
export function rowsOfFile(file: string, told: readonly Told[], ended: string | undefined): Row[] {
  const rows: Row[] = []
  let passed = 0
  for (const { reason, status, title } of told) {
    if (status === 'passed') passed++
    else if (status !== 'begun')
      rows.push(rowOf(file, title, status, status === 'skipped' ? 'the test says so' : reason))
  }
  const begun = told.filter(({ status }) => status === 'begun')
  const open = begun.length - passed - rows.filter(({ status }) => status === 'failed').length
  if (open > 0) rows.push(rowOf(file, begun.at(-1)?.title ?? '', 'failed', ended ?? 'it does not end'))
  else if (ended !== undefined) rows.push(rowOf(file, '', 'failed', ended))
  if (passed > 0) rows.unshift({ id: file, status: 'passed', gas: 0n, cases: passed })
  return rows.length > 0 ? rows : [rowOf(file, '', 'failed', 'it has no tests')]
}
