import { CodedError } from '@troupe/crypto'

/** Every code that the SDK throws at an actor or ends its invocation with, and the exit code that the invocation has then where nobody catches it. */
export const EXIT_CODES = {
  // Calls that come in
  'actor/already-constructed': 18,
  'actor/constructor-caller': 18,
  'actor/continuation-missing': 20,
  'actor/migration-missing': 20,
  'actor/not-constructed': 20,
  'actor/reentered': 20,
  'actor/schema-version': 20,
  'actor/upgrade-failed': 24,
  'argument/refused': 16,
  'argument/undecodable': 21,
  'method/not-payable': 26,
  'method/unknown': 22,
  'context/not-given': 24,
  'promise/pending': 24,
  'promise/unhandled': 24,
  'result/refused': 24,
  // State
  'durable/refused': 20,
  'durable/out-of-range': 16,
  'state/malformed': 20,
  'state/refused': 20,
  'state/unknown-field': 20,
  // Values on their way into blocks
  'value/cyclic': 21,
  'value/not-passable': 21,
  'value/too-deep': 21,
  'value/too-large': 21,
  // Values on their way to contracts, and back
  'abi/malformed': 21,
  'abi/refused': 16,
  // Vats in actors
  'vat/kind-twice': 24,
  'vat/kind-undefined': 20,
  'vat/not-durable': 21,
  'vat/unsupported': 24,
  // References and grants
  'grant/refused': 18,
  'grant/too-deep': 16,
  'ref/narrowed': 18,
  'ref/not-a-ref': 16,
  'ref/own': 24,
  // Calls that go out
  'call/failed': 23,
  'future/has-continuation': 24,
  'future/no-continuation': 22,
  'future/no-gas': 24,
  'future/not-a-future': 16,
  'future/refused': 24,
  'future/too-large': 21,
  'future/unknown': 17,
  'future/unsupported': 24,
  'payment/refused': 24,
  // Refusals of the kernel
  'host/refused': 24,
  'invocation/none': 24,
} as const

/** See {@link EXIT_CODES}. */
export type SdkErrorCode = keyof typeof EXIT_CODES

/** What the SDK throws at actors, which may catch it. */
export class SdkError extends CodedError<SdkErrorCode> {
  /** How the invocation ends where nobody catches this. */
  get exitCode(): number {
    return EXIT_CODES[this.code]
  }
}

/** Runs what may refuse a value, and says in its errors which one that was. */
export function inPlace<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof SdkError && error.code.startsWith('value/'))
      throw new SdkError(error.code, `${what}: ${error.message}`, { cause: error })
    throw error
  }
}

/** Error numbers of the kernel that say more than that something is wrong. */
const EXIT_CODES_OF_REFUSALS: Readonly<Record<number, number>> = { 5: 19, 6: 17, 11: 18, 13: 25 }

/** A syscall that the kernel refused. */
export class HostRefusal extends SdkError {
  /** The error number of the FVM. */
  readonly errorNumber: number

  constructor(errorNumber: number, what: string) {
    super('host/refused', `${what}: refused with error ${errorNumber}`)
    this.errorNumber = errorNumber
  }

  override get exitCode(): number {
    return EXIT_CODES_OF_REFUSALS[this.errorNumber] ?? super.exitCode
  }
}

/** A call of another actor that took place and failed. All that it did is undone. */
export class CallError extends SdkError {
  readonly #exitCode: number
  /** What the callee returned besides, as it came; `undefined` for nothing. */
  readonly returned: { readonly codec: number; readonly data: ArrayBuffer } | undefined

  constructor(
    what: string,
    exitCode: number,
    returned: { readonly codec: number; readonly data: ArrayBuffer } | undefined,
  ) {
    super('call/failed', `${what} ended with exit code ${exitCode}`)
    this.#exitCode = exitCode
    this.returned = returned
  }

  /** The callee's exit code. */
  get calleeExitCode(): number {
    return this.#exitCode
  }

  /** Whoever does not catch it ends alike, where that is an exit code that actors may end with. */
  override get exitCode(): number {
    return this.#exitCode >= FIRST_USER_EXIT_CODE ? this.#exitCode : super.exitCode
  }
}

/** The lowest exit code that an actor may end itself with. */
export const FIRST_USER_EXIT_CODE = 16
/** How an invocation ends that an actor's own error ended. */
export const UNSPECIFIED = 23
