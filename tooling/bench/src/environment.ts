import { arch, cpus, loadavg, platform, totalmem } from 'node:os'

/** What measurements were taken on. No names, no paths. */
export interface Environment {
  readonly date: string
  readonly node: string
  readonly v8: string
  readonly platform: string
  readonly cpu: string
  readonly cpuCount: number
  readonly memoryGiB: number
  /** Load average over the minute before the run; always 0 on Windows. */
  readonly loadBefore: number
  /** Over the last minute of the run, which is part of it. */
  readonly loadAfter: number
}

/** Takes down the environment; the result gives it once the run is over. */
export function observeEnvironment(): () => Environment {
  const loadBefore = lastMinute()
  return () => ({
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cpuCount: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadBefore,
    loadAfter: lastMinute(),
  })
}

/** Load that an idle machine may have. */
const IDLE_LOAD = 0.3
/** Load that a run makes by itself: the thread that measures, and now and then the engine's own. */
const OWN_LOAD = 1.5

/** Says that, and why, measurements are not to be trusted; `undefined` where the machine did nothing else. */
export function warnOfLoad({
  loadBefore,
  loadAfter,
}: Pick<Environment, 'loadBefore' | 'loadAfter'>): string | undefined {
  if (loadBefore <= IDLE_LOAD && loadAfter <= OWN_LOAD) return undefined
  return `The machine was not idle (load ${loadBefore} before, ${loadAfter} after): these numbers are provisional.`
}

function lastMinute(): number {
  return Math.round((loadavg()[0] as number) * 100) / 100
}
