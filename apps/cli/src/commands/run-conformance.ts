import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { integerOption } from '../arguments.ts'
import { cacheDirectories } from '../cache-directories.ts'
import type { CommandArguments, CommandContext, ExitStatus } from '../command.ts'
import { defaultVectorDirectory, findVectors } from '../conformance/find-vectors.ts'
import { runTasks } from '../conformance/pool.ts'
import {
  compareSnapshots,
  readSnapshot,
  type Snapshot,
  snapshotOf,
  updateSnapshot,
  writeSnapshot,
} from '../conformance/snapshot.ts'
import { type NamedOutcome, renderSuite, summarize } from '../conformance/suite-report.ts'
import type { VectorTask } from '../conformance/task.ts'
import type { VectorSuite } from '../conformance/vector-suite.ts'
import { CliError } from '../errors.ts'
import { jsonLine } from '../json.ts'
import { Progress } from '../progress.ts'
import { grouped, visible } from '../render/plain.ts'
import type { Terminal } from '../terminal.ts'

/** Each job has a stack of its own, and code that is compiled for it. */
const MAX_JOBS = 256
/** How many vectors are named that differ from a snapshot. */
const MAX_NAMED = 10

/** Runs `troupe conformance` with a suite of vectors. */
export async function runVectorSuite(
  suite: VectorSuite,
  context: CommandContext,
  args: CommandArguments,
): Promise<ExitStatus> {
  const { terminal } = context
  const jobs = integerOption(args, 'jobs', { min: 1, max: MAX_JOBS }) ?? availableParallelism()
  const snapshotFile = snapshotPath(context, args)
  const directory = args.values.has('vectors')
    ? resolve(context.directory, args.values.get('vectors') as string)
    : await defaultVectorDirectory(context, suite)
  const before = await readExpected(snapshotFile, args.flags.has('update'))
  const tasks = await findVectors(directory, args.values.get('filter') ?? '', suite)

  const start = performance.now()
  const options = { suite, directory, jobs, isQuiet: args.flags.has('quiet') }
  const outcomes = await runSuite(context, tasks, options)
  const milliseconds = performance.now() - start
  checkIds(outcomes)

  const summary = summarize(suite.name, outcomes, milliseconds)
  if (args.flags.has('json')) terminal.print(jsonLine(summary))
  else for (const line of renderSuite(suite, outcomes, milliseconds, terminal.colours)) terminal.print(line)
  tellUnknownBundle(outcomes, terminal)

  const results = snapshotOf(suite.name, outcomes)
  if (snapshotFile !== undefined && args.flags.has('update')) {
    await writeSnapshot(snapshotFile, before === undefined ? results : updateSnapshot(before, results))
    return 0
  }
  if (before !== undefined) return judge(before, results, terminal)
  return summary.failed === 0 ? 0 : 1
}

interface RunSuiteOptions {
  readonly suite: VectorSuite
  readonly directory: string
  readonly jobs: number
  readonly isQuiet: boolean
}

async function runSuite(
  context: CommandContext,
  tasks: readonly VectorTask[],
  { suite, directory, jobs, isQuiet }: RunSuiteOptions,
): Promise<NamedOutcome[]> {
  const title = `running ${grouped(tasks.length)} vectors of ${directory} with ${jobs} ${jobs === 1 ? 'job' : 'jobs'}`
  const progress = new Progress(context.terminal, title, tasks.length, isQuiet)
  const outcomes: NamedOutcome[] = []
  let failed = 0
  await runTasks(tasks, {
    jobs,
    setup: { suite: suite.name, caches: cacheDirectories(context) },
    scripts: cacheDirectories(context).scripts,
    onAnswer: ({ name }, answer) => {
      for (const outcome of answer) outcomes.push({ ...outcome, name })
      failed += answer.filter(({ status }) => status === 'failed').length
      const kind = visible(suite.familyOf(name))
      progress.step(failed === 0 ? kind : `${grouped(failed)} failed, ${kind}`)
    },
  })
  progress.end()
  // Answers come in the order in which threads are done.
  return outcomes.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** Results are known by the vectors' ids, so no two may have the same. */
function checkIds(outcomes: readonly NamedOutcome[]): void {
  const names = new Map<string, string>()
  for (const { id, name } of outcomes) {
    const other = names.get(id)
    if (other !== undefined)
      throw new CliError('vector/malformed', `this vector has the id of another, ${other}: ${id}`, {
        where: name,
      })
    names.set(id, name)
  }
}

/** A missing bundle fails many vectors, and one command mends them all: it is told once. */
function tellUnknownBundle(outcomes: readonly NamedOutcome[], terminal: Terminal): void {
  const advices = outcomes.flatMap(({ error }) =>
    error?.code === 'vector/unknown-bundle' && error.advice !== undefined ? [error.advice] : [],
  )
  for (const advice of new Set(advices)) terminal.note(`vectors failed for want of code: ${advice}`)
}

/** The snapshot to compare with. It has to be there, unless it is to be written: that is found out before the work is done. */
async function readExpected(file: string | undefined, isUpdate: boolean): Promise<Snapshot | undefined> {
  if (file === undefined) return undefined
  const snapshot = await readSnapshot(file)
  if (snapshot !== undefined || isUpdate) return snapshot
  throw new CliError('file/unreadable', 'there is no such snapshot', {
    where: file,
    advice: 'write it with --update',
  })
}

/** Fails where something is worse than in the snapshot. */
function judge(before: Snapshot, results: Snapshot, terminal: Terminal): ExitStatus {
  const { worse, changed, absent } = compareSnapshots(before, results)
  const name = (ids: readonly string[]): string =>
    `${ids.slice(0, MAX_NAMED).join(', ')}${ids.length > MAX_NAMED ? ', ...' : ''}`
  if (absent > 0) terminal.note(`not run: ${grouped(absent)} vectors of the snapshot`)
  if (changed.length > 0)
    terminal.note(`changed: ${grouped(changed.length)} (${name(changed)}); take it over with --update`)
  if (worse.length > 0) terminal.note(`worse than the snapshot: ${grouped(worse.length)} (${name(worse)})`)
  return worse.length === 0 ? 0 : 1
}

function snapshotPath(context: CommandContext, args: CommandArguments): string | undefined {
  const file = args.values.get('snapshot')
  if (file !== undefined) return resolve(context.directory, file)
  if (args.flags.has('update'))
    throw new CliError('usage/bad-option', '--update needs --snapshot', {
      advice: 'name the file to write with --snapshot FILE',
    })
  return undefined
}
