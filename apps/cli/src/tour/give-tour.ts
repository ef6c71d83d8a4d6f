import type { CommandContext, ExitStatus } from '../command.ts'
import { jsonLine } from '../json.ts'
import { Progress } from '../progress.ts'
import { formatMilliseconds } from '../render/plain.ts'
import { TOUR_ACTORS } from './actors.ts'
import { compileActors, SOURCES } from './compile-actors.ts'
import { drawStep } from './draw-step.ts'
import { drawActors, drawMainnet, drawNext } from './draw-tour.ts'
import { fit } from './fit.ts'
import { replayMainnet } from './mainnet.ts'
import { runInThread } from './run-in-thread.ts'
import type { Step } from './step.ts'

/** How the tour is given. */
export interface TourStyle {
  /** One JSON object instead of lines to read. */
  readonly json: boolean
  /** Nothing of what is going on. */
  readonly quiet: boolean
}

/** Steps of the machine: so many as `playTour` yields. */
const MACHINE_STEPS = 11

/** Gives the tour: compiles, executes, replays, and prints each step when it is done. */
export async function giveTour(context: CommandContext, { json, quiet }: TourStyle): Promise<ExitStatus> {
  const { terminal } = context
  const { colours, columns } = terminal
  const start = performance.now()
  let number = 0
  const print = (lines: (number: number) => readonly string[]): void => {
    number++
    if (!json) for (const line of lines(number)) terminal.print(fit(line, columns))
  }

  const code = await during(
    new Progress(terminal, `compiling ${TOUR_ACTORS.length} actors`, TOUR_ACTORS.length, quiet),
    (progress) => compileActors((name) => progress.step(`compiling ${name}.ts`)),
  )
  const sizes = new Map(TOUR_ACTORS.map((name) => [name, code[name].length]))
  print((at) => drawActors(at, SOURCES, sizes, colours))

  const steps: Step[] = []
  await during(new Progress(terminal, 'running a chain on disk', MACHINE_STEPS, quiet), (progress) =>
    runInThread({ code, colours }, (step) => {
      steps.push(step)
      print((at) => drawStep(at, step, colours))
      progress.step(step.title)
    }),
  )

  const mainnet = await during(new Progress(terminal, 'replaying messages of mainnet', 1, quiet), () =>
    replayMainnet(context),
  )
  print((at) => drawMainnet(at, mainnet, colours))

  const milliseconds = performance.now() - start
  if (json)
    terminal.print(
      jsonLine({
        node: process.version,
        actors: Object.fromEntries(sizes),
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
