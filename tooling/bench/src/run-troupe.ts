import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../../../apps/cli/bin/troupe.js', import.meta.url))
const PEAK_MEMORY = new URL('./peak-memory.ts', import.meta.url).href
const LIMIT_MS = 600_000

/** What came of running the command. */
export interface TroupeRun {
  readonly output: string
  /** From the start of the process to the first byte of its output. */
  readonly firstOutputMs: number
  readonly wholeMs: number
  readonly peakBytes: number
}

/**
 * Runs the `troupe` command in a process of its own.
 * @throws {Error} where it fails
 */
export async function runTroupe(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<TroupeRun> {
  const start = performance.now()
  const child = spawn(process.execPath, ['--import', PEAK_MEMORY, COMMAND, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  const [out, complaints, peak] = ['', '', ''].map((text) => ({ text })) as [Text, Text, Text]
  let firstOutputMs = Number.NaN
  child.stdio[1]?.once('data', () => {
    firstOutputMs = performance.now() - start
  })
  for (const [stream, into] of [
    [child.stdio[1], out],
    [child.stdio[2], complaints],
    [child.stdio[3], peak],
  ] as const)
    stream?.on('data', (chunk: Buffer) => {
      into.text += chunk.toString()
    })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0)
    throw new Error(`troupe ${args[0]} ended with status ${status}: ${complaints.text.trim()}`)
  return {
    output: out.text,
    firstOutputMs,
    wholeMs: performance.now() - start,
    peakBytes: Number(peak.text),
  }
}

interface Text {
  text: string
}
