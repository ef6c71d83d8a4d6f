import type { Cid } from '@troupe/ipld'
import type { MessageOutcome } from './outcome.ts'

/** A file from which the block of a failed message can be executed again. */
export interface Repro {
  /** Where it is; `undefined` where it could not be written. */
  readonly path: string | undefined
  /** Why it could not be written. */
  readonly problem: string | undefined
}

/**
 * Writes the witness of a failed message's block to a directory, which is made where there is none: `repro-<CID of the message>.car`. Never throws: that the message failed is what its
 * sender has to be told first.
 * @returns `undefined` where there is no directory, or the outcome is of no message
 */
export async function writeRepro(
  directory: string | undefined,
  outcome: object,
  witnessOf: (block: Cid) => Promise<Uint8Array>,
): Promise<Repro | undefined> {
  const { block, cid: message } = outcome as Partial<MessageOutcome>
  if (directory === undefined || block === undefined || message === undefined) return undefined
  try {
    const [{ mkdir, writeFile }, { join, resolve }] = await Promise.all([
      import('node:fs/promises'),
      import('node:path'),
    ])
    const car = await witnessOf(block)
    const path = join(resolve(directory), `repro-${message}.car`)
    await mkdir(directory, { recursive: true })
    await writeFile(path, car)
    return { path, problem: undefined }
  } catch (error) {
    return { path: undefined, problem: error instanceof Error ? error.message : String(error) }
  }
}

/** What a sender is told of a repro, in a line. */
export function describeRepro({ path, problem }: Repro): string {
  return path === undefined
    ? `its repro could not be written: ${problem}`
    : `to execute it again: troupe replay --trace ${/^[\w./-]+$/u.test(path) ? path : JSON.stringify(path)}`
}
