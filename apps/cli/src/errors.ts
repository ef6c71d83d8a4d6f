import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type CliErrorCode =
  // How the command was called
  | 'usage/unknown-command'
  | 'usage/unknown-option'
  | 'usage/bad-option'
  | 'usage/missing-argument'
  | 'usage/unexpected-argument'
  /** An argument is not what it stands for: an address, a method, a value. */
  | 'usage/bad-argument'
  // Files that were handed in
  | 'file/unreadable'
  | 'file/unwritable'
  | 'file/too-large'
  | 'file/unknown-format'
  // Building actors
  /** What the bundler refuses; the cause says why. */
  | 'build/refused'
  /** Two sources whose code would be written to one file. */
  | 'build/same-name'
  /** A bundle that the cache refuses; the cause says why. */
  | 'bundle/refused'
  // Test vectors
  /** JSON, base64, gzip or CAR ends early. */
  | 'vector/truncated'
  | 'vector/malformed'
  | 'vector/too-large'
  /** A vector of another class than `message`. */
  | 'vector/unsupported-class'
  /** A network version that has no rules here. */
  | 'vector/unsupported-version'
  /** The code of the actors is in no cached bundle. */
  | 'vector/unknown-bundle'
  /** The vector asks the node for something that vectors do not record. */
  | 'vector/unrecorded-extern'
  // Executing again
  /** A result is not as good as `--require-fidelity` says. */
  | 'replay/fidelity'
  // Suites
  | 'suite/no-directory'
  | 'suite/no-vectors'
  /** A worker ended without an answer. */
  | 'suite/worker-died'
  | 'snapshot/malformed'
  // A chain to develop with
  /** There is a chain in the directory, and the command is to begin one. */
  | 'dev/chain-exists'
  /** The chain can never give results as good as `--require-fidelity` says. */
  | 'dev/fidelity'
  /** Another process has the chain open. */
  | 'dev/locked'
  /** The store in the directory has no chain of `troupe dev`. */
  | 'dev/not-a-chain'
  /** The chain in the directory is not as the options want it. */
  | 'dev/other-settings'
  /** The thread of the chain ended, and nobody asked it to. */
  | 'dev/thread-died'
  // A chain that runs somewhere
  /** Nothing answers there. */
  | 'chain/unreachable'
  /** The chain wants its token, or another one. */
  | 'chain/token'
  /** What answers is no chain, or none that is known. */
  | 'chain/unexpected-answer'
  /** The chain does not do it; the cause says why. */
  | 'chain/refused'
  | 'chain/no-accounts'
  /** The exit code of a message or call is not 0, or would not be. */
  | 'message/failed'
  /** The sender cannot pay for it. */
  | 'message/funds'
  /** The file is neither Wasm, nor what `troupe build` writes, nor a source. */
  | 'deploy/unknown-format'
  /** The network has built-in actors only. */
  | 'deploy/no-user-actors'
  // Looking into files
  | 'inspect/no-root'
  | 'inspect/no-actor'
  | 'inspect/bad-address'

/** One reason of several. */
export interface CliErrorReason {
  readonly code: string
  readonly message: string
}

/** What an error says besides its message. */
export interface CliErrorOptions extends ErrorOptions {
  /** Where it happened: a file, a vector. */
  readonly where?: string | undefined
  /** Why, where there are several reasons; without, the causes of `cause` are told. */
  readonly reasons?: readonly CliErrorReason[] | undefined
  /** What to do about it. */
  readonly advice?: string | undefined
}

/** What commands throw for input that they cannot work with: what happened, where, and what to do. */
export class CliError extends CodedError<CliErrorCode> {
  readonly where: string | undefined
  readonly advice: string | undefined
  readonly reasons: readonly CliErrorReason[] | undefined

  constructor(code: CliErrorCode, message: string, options: CliErrorOptions = {}) {
    super(code, message, options)
    this.where = options.where
    this.advice = options.advice
    this.reasons = options.reasons
  }
}
