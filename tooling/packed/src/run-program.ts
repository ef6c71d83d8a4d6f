import { execFile } from 'node:child_process'

/** How a program runs. */
export interface ProgramOptions {
  readonly cwd: string
  /** Ends the program. */
  readonly signal: AbortSignal
  readonly env?: NodeJS.ProcessEnv
}

/** How a program ended. */
export interface ProgramResult {
  readonly ok: boolean
  readonly stdout: string
  /** Why it failed: all that it said, or what kept it from running. Empty where it did not fail. */
  readonly failure: string
}

/** Runs a program to its end. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    execFile(file, args, { ...options, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim()
      const failure = error === null ? '' : said === '' || options.signal.aborted ? error.message : said
      resolve({ ok: error === null, stdout, failure })
    })
  })
}

/** Runs a program without which nothing goes on, and gives what it wrote. */
export async function mustRun(
  file: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<string> {
  const { ok, stdout, failure } = await runProgram(file, args, options)
  if (!ok) throw new Error(failure)
  return stdout
}
