import { basename, resolve } from 'node:path'
import { cacheDirectories } from '../cache-directories.ts'
import type { CommandArguments, CommandContext, ExitStatus } from '../command.ts'
import { runTasks } from '../conformance/pool.ts'
import { describeReplay, renderReplay } from '../conformance/replay-text.ts'
import type { VectorOutcome } from '../conformance/task.ts'
import { jsonLine } from '../json.ts'
import { formatError } from '../report-error.ts'
import { checkFidelities, requiredFidelity } from '../required-fidelity.ts'
import type { Terminal } from '../terminal.ts'

/** Runs `troupe replay`. */
export async function runReplay(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  const { terminal } = context
  const json = args.flags.has('json')
  const required = requiredFidelity(args)
  const file = resolve(context.directory, args.positionals[0] as string)
  if (file.endsWith('.car'))
    return (await import('./run-replay-witness.ts')).runReplayWitness(context, args, file)
  const trace = !args.flags.has('trace') ? 'none' : json ? 'data' : 'text'
  const outcomes: VectorOutcome[] = []
  await runTasks([{ file, name: basename(file), replay: { trace, colours: terminal.colours } }], {
    jobs: 1,
    setup: { caches: cacheDirectories(context) },
    scripts: cacheDirectories(context).scripts,
    // At once: the end of the thread takes a while.
    onAnswer(_, answer) {
      outcomes.push(...answer)
      for (const outcome of answer) tell(outcome, file, terminal, json)
    },
  })
  if (outcomes.some(({ error }) => error?.code === 'internal')) return 70
  checkFidelities(
    outcomes.flatMap(({ replay }) => replay?.fidelity ?? []),
    required,
    file,
  )
  return outcomes.some(({ status }) => status === 'failed') ? 1 : 0
}

function tell(outcome: VectorOutcome, file: string, terminal: Terminal, json: boolean): void {
  if (json) {
    terminal.print(jsonLine(describeReplay(outcome)))
    return
  }
  for (const line of renderReplay(outcome, terminal.colours)) terminal.print(line)
  if (outcome.error === undefined) return
  const report = { ...outcome.error, where: outcome.error.where ?? file }
  for (const line of formatError(report, terminal.noteColours)) terminal.note(line)
}
