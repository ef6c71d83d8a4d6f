/** What an actor's script is evaluated in. */
export interface ActorScope {
  /** Evaluates a script, and gives its completion value. */
  evaluate(source: string): unknown
  /** A module that the image has, or `undefined`. */
  module(specifier: string): object | undefined
  /** The global that was looked for last and is not there. */
  readonly wanted: string | undefined
  /** Forgets it. */
  forget(): void
}
