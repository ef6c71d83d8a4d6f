import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The most that its meter counts to: it is a signed number of 32 bits there. */
const METER_LIMIT = 2 ** 31 - 1
/** How long a process may take. */
const TIMEOUT_MS = 60_000

/** What Agoric's `xsnap-worker` made of a function. */
export interface XsnapRun {
  /** Milliseconds of each run. */
  readonly times: readonly number[]
  /** What the last of them gave. */
  readonly result: number
  /** What its meter counted, for all of them. */
  readonly computrons: number
}

/**
 * Runs a function of a number in a process of `xsnap-worker`, metered, in a compartment. It is told what to evaluate, and answers, in netstrings: files on descriptors 3 and 4 will do.
 *
 * @throws where it does not answer
 */
export function runInXsnap(
  worker: string,
  { source, argument, runs }: { source: string; argument: number; runs: number },
): XsnapRun {
  const program = `(() => {
    const run = new Compartment().evaluate(${JSON.stringify(`(${source})`)})
    const times = []
    let result = run(${argument})
    for (let i = 0; i < ${runs}; i++) {
      const start = performance.now()
      result = run(${argument})
      times.push(performance.now() - start)
    }
    return new TextEncoder().encode(JSON.stringify({ times, result })).buffer
  })()`
  const folder = mkdtempSync(join(tmpdir(), 'troupe-xsnap-'))
  const [asked, answered] = [join(folder, 'asked'), join(folder, 'answered')]
  writeFileSync(asked, `${netstring(`e${program}`)}${netstring('q')}`)
  const [input, output] = [openSync(asked, 'r'), openSync(answered, 'w')]
  try {
    const { error, status, stderr } = spawnSync(worker, ['-l', String(METER_LIMIT)], {
      stdio: ['ignore', 'ignore', 'pipe', input, output],
      timeout: TIMEOUT_MS,
    })
    if (error !== undefined) throw error
    const answer = readFileSync(answered, 'utf8')
    // `.`, the meter as JSON, a byte 1, and the result; `!` and the error where there was one.
    const [head = '', result = ''] = answer.slice(0, -1).split('\u0001')
    const meter = /^\d+:\.(\{.*\})$/.exec(head)?.[1]
    if (meter === undefined)
      throw new Error(`${worker} ends with status ${status}: ${answer || String(stderr)}`)
    const { compute } = JSON.parse(meter) as { compute: number }
    return { ...(JSON.parse(result) as Pick<XsnapRun, 'times' | 'result'>), computrons: compute }
  } finally {
    closeSync(input)
    closeSync(output)
    rmSync(folder, { recursive: true })
  }
}

function netstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`
}
