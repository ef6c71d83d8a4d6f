import { Abort, ExitCode } from '@troupe/hypervisor'

/** What JavaScript threw where nothing in the engine catches it, as text. */
export class JsException {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * Runs the engine, whose end is the invocation's: the SDK catches all that an actor throws, so that what comes out says that there is no stack or no memory left.
 * @throws {Abort} with exit code 24 in place of a {@link JsException}
 */
export function orAbort<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof JsException) throw new Abort(ExitCode.USR_ASSERTION_FAILED, error.text)
    throw error
  }
}
