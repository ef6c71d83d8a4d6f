import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface Options {
  /** Names of suites; none for all. */
  readonly suites: readonly string[]
  readonly vectors: string | undefined
  readonly jobs: number
  readonly update: boolean
  readonly json: boolean
}

const MAX_JOBS = 256

/** Reads the command line. @throws {TypeError} that says what is wrong with it */
export function readOptions(args: readonly string[], known: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      vectors: { type: 'string' },
      jobs: { type: 'string' },
      update: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new TypeError(`there is no suite ${unknown}: ${known.join(', ')}`)
  const jobs = Number(values.jobs ?? availableParallelism())
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MAX_JOBS)
    throw new TypeError(`${values.jobs} is not a number of jobs from 1 to ${MAX_JOBS}`)
  const { vectors, update, json } = values
  return { suites: positionals, vectors, jobs, update, json }
}
