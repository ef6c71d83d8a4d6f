import { cacheDirectories } from '../cache-directories.ts'
import type { CommandContext, ExitStatus } from '../command.ts'
import { jsonLine } from '../json.ts'
import { Progress } from '../progress.ts'
import { formatMilliseconds } from '../render/plain.ts'
import { type CodeReport, reportCode } from './actors.ts'
import { BUILDS, buildActors } from './build-actors.ts'
import { drawStep, INDENT } from './draw-step.ts'
import { drawActors, drawMainnet, drawNext } from './draw-tour.ts'
import { fit } from './fit.ts'
import { replayMainnet } from './mainnet.ts'
import { STEPS } from './play-tour.ts'
import type { Step } from './step.ts'
import { TourThread } from './tour-thread.ts'

/** How the tour is given. */
export interface TourStyle {
  /** One JSON object instead of lines to read. */
  readonly json: boolean
  /** Nothing of what is going on. */
  readonly quiet: boolean
}

/** How long lines are where there is no screen. */
const DEFAULT_COLUMNS = 120

/** Gives the tour: builds actors, executes, replays, and prints each step when it is done. */
export async function giveTour(context: CommandContext, { json, quiet }: TourStyle): Promise<ExitStatus> {
  const { terminal } = context
  const { colours, columns } = terminal
  const start = performance.now()
  let number = 0
  const print = (lines: (number: number) => readonly string[]): void => {
    number++
    if (!json) for (const line of lines(number)) terminal.print(fit(line, columns))
  }

  const style = { colours, columns: columns ?? DEFAULT_COLUMNS }
  // The engine boots while actors are compiled.
  const thread = new TourThread({
    ...{ colours, images: cacheDirectories(context).images },
    columns: style.columns - INDENT.length,
  })
  const steps: Step[] = []
  const play = async (): Promise<readonly CodeReport[]> => {
    const code = await during(new Progress(terminal, 'building actors', BUILDS, quiet), (progress) =>
      buildActors((what) => progress.step(what)),
    )
    const actors = reportCode(code)
    print((at) => drawActors(at, actors, colours))
    await during(new Progress(terminal, 'booting an engine for JavaScript', 1, quiet), (progress) => {
      progress.step('booting an engine for JavaScript')
      return thread.booted()
    })
    await during(new Progress(terminal, 'running a chain on disk', STEPS, quiet), (progress) =>
      thread.play(code, (step) => {
        steps.push(step)
        print((at) => drawStep(at, step, style))
        progress.step(step.title)
      }),
    )
    return actors
  }
  const actors = await play().finally(() => thread.stop())

  const mainnet = await during(new Progress(terminal, 'replaying messages of mainnet', 1, quiet), () =>
    replayMainnet(context),
  )
  print((at) => drawMainnet(at, mainnet, colours))

  const milliseconds = performance.now() - start
  if (json)
    terminal.print(
      jsonLine({
        node: process.version,
        actors,
        steps: steps.map(withoutTrees),
        mainnet,
        seconds: Math.round(milliseconds) / 1000,
      }),
    )
  else {
    for (const line of drawNext(colours)) terminal.print(fit(line, columns))
    terminal.print('')
    terminal.print(`All of this took ${formatMilliseconds(milliseconds)}, on Node ${process.versions.node}.`)
  }
  return mainnet.messages.every(({ isAsRecorded }) => isAsRecorded) ? 0 : 1
}

async function during<T>(progress: Progress, work: (progress: Progress) => Promise<T>): Promise<T> {
  try {
    return await work(progress)
  } finally {
    progress.end()
  }
}

/** A step without what is drawn for readers. */
function withoutTrees(step: Step): unknown {
  if (step.kind !== 'messages') return step
  return { ...step, messages: step.messages.map(({ tree: _, ...message }) => message) }
}
