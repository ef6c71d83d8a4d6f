/** @module Where in an actor's code something happened, as far as a runtime can tell and somebody listens. No rule depends on it. */
import type { Cid } from '@troupe/ipld'

/** A place in a text: line and column (UTF-16 units), from 1. */
export interface CodePosition {
  readonly line: number
  readonly column: number
}

/** A place in what code was made from. */
export interface SourcePosition extends CodePosition {
  readonly file: string
  /** What the function is called there; `undefined` where it has no name. */
  readonly functionName: string | undefined
}

/** A function of an actor's code that was being run, and where in the code it was. */
export interface CodeFrame extends CodePosition {
  /** As the code has it; `undefined` where it has no name. */
  readonly functionName: string | undefined
  /** Where the code has that name, as far as it is known. */
  readonly nameAt?: CodePosition | undefined
  /** Where that was written, where somebody has looked it up. */
  readonly source?: SourcePosition | undefined
}

/** The functions that were being run, the innermost first. */
export interface CodeStack {
  readonly frames: readonly CodeFrame[]
  /** What is to be said besides: why it is not known where the code was written. */
  readonly note?: string | undefined
}

/** Looks up where the places of a code were written. */
export type SourceLookup = (code: Cid, frames: readonly CodeFrame[]) => CodeStack

/** A stack in lines: `at add (actors/counter.ts:12:7)`, and its note. Where the source is not known, places are those of the code: `at add (code:2:345)`. */
export function formatCodeStack({ frames, note }: CodeStack): string[] {
  const lines = frames.map(({ functionName, line, column, source }) => {
    const { file, ...place } = source ?? { file: 'code', functionName, line, column }
    const where = `${file}:${place.line}:${place.column}`
    return place.functionName === undefined ? `at ${where}` : `at ${place.functionName} (${where})`
  })
  const shown = runsOf(lines).map(([line, times]) => (times === 1 ? line : `${line}, ${times} times`))
  return note === undefined ? shown : [...shown, `(${note})`]
}

/** Lines that follow each other and are the same, as one: of what recurs. */
function runsOf(lines: readonly string[]): (readonly [line: string, times: number])[] {
  const runs: [string, number][] = []
  for (const line of lines) {
    const last = runs.at(-1)
    if (last?.[0] === line) last[1]++
    else runs.push([line, 1])
  }
  return runs
}
