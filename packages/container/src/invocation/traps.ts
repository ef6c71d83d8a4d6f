import { Abort, ExitCode } from '@troupe/hypervisor'
import { ENGINE } from '../engine.ts'
import { HostStackExhausted } from '../errors.ts'

/** Messages of V8's traps, in the words of the reference (wasmtime 36 crates/environ/src/trap_encoding.rs). They are shown only, never compared. */
const TRAP_MESSAGES: readonly (readonly [pattern: RegExp, message: string])[] = [
  [/^unreachable/, 'wasm `unreachable` instruction executed'],
  [/memory access out of bounds|data segment/, 'out of bounds memory access'],
  [
    /table (index|access) is out of bounds|table index|element segment/,
    'undefined element: out of bounds table access',
  ],
  [/signature mismatch|null function/, 'uninitialized element or indirect call type mismatch'],
  [/(divide|remainder) by zero/, 'integer divide by zero'],
  [/divide result unrepresentable/, 'integer overflow'],
  [/float unrepresentable/, 'invalid conversion to integer'],
]

/** The trap that an engine's error is, as the end of an invocation; `undefined` where the error is none. */
export function asTrap(error: unknown): Abort | undefined {
  if (!(error instanceof ENGINE.RuntimeError)) return undefined
  const { message } = error
  const known = TRAP_MESSAGES.find(([pattern]) => pattern.test(message))?.[1]
  return new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, `wasm trap: ${known ?? message}`)
}

/** An error that no rule knows, with the exhaustion of the native stack told apart: engines report that as they like. */
export function asHostFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const isExhaustion =
    (error instanceof RangeError && /call stack/i.test(error.message)) ||
    (error.name === 'InternalError' && /recursion/.test(error.message))
  return isExhaustion ? new HostStackExhausted(error) : error
}
