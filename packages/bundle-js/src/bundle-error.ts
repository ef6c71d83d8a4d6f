import { CodedError } from '@troupe/crypto'

/** Why an actor cannot be bundled. */
export type BundleProblemCode =
  /** `eval(...)`, which an actor's scope does not have in this form. */
  | 'bundle/direct-eval'
  | 'bundle/dynamic-import'
  /** `<!--` or `-->`, anywhere: engines disagree about what they are. */
  | 'bundle/html-comment'
  | 'bundle/no-default-export'
  /** A module of Node, or of the browser's: an actor does no I/O. */
  | 'bundle/node-builtin'
  | 'bundle/syntax'
  | 'bundle/too-large'
  | 'bundle/top-level-await'
  /** A name that a module of the image does not export. */
  | 'bundle/unknown-export'
  /** A global that actors do not have. */
  | 'bundle/unknown-global'
  | 'bundle/unresolved-import'

/** One thing that is wrong with an actor's sources, and where. */
export interface BundleProblem {
  readonly code: BundleProblemCode
  readonly message: string
  /** What was wanted and is not to be had: the name of a global or a module. */
  readonly name?: string
  /** Path as the bundler has it; `undefined` where it is all of it. */
  readonly file?: string
  /** From 1. */
  readonly line?: number
  /** From 1. */
  readonly column?: number
}

/** What {@link bundleActor} throws: all that is wrong, as far as it could be found out. The code is that of the first. */
export class BundleError extends CodedError<BundleProblemCode> {
  readonly problems: readonly BundleProblem[]

  constructor(problems: readonly [BundleProblem, ...BundleProblem[]]) {
    super(problems[0].code, problems.map(describeProblem).join('\n'))
    this.problems = problems
  }
}

/** A problem in one line: `src/actor.ts:3:8: bundle/node-builtin: ...`. */
export function describeProblem({ code, message, file, line, column }: BundleProblem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  return `${place === '' ? '' : `${place}: `}${code}: ${message}`
}
