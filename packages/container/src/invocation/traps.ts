import { Abort, ExitCode } from '@troupe/hypervisor'
import { ENGINE } from '../engine.ts'
import { HostStackExhausted } from '../errors.ts'

/**
 * Words in the messages of V8's traps, and the message in the words of the reference (wasmtime 36 crates/environ/src/trap_encoding.rs). They are shown
 * only, never compared. No regular expressions: near the end of the stack an engine may not be able to compile one, and says that it is malformed.
 */
const TRAP_MESSAGES: readonly (readonly [message: string, ...words: string[]])[] = [
  ['wasm `unreachable` instruction executed', 'unreachable'],
  ['out of bounds memory access', 'memory access out of bounds', 'data segment'],
  ['undefined element: out of bounds table access', 'table access', 'table index', 'element segment'],
  ['uninitialized element or indirect call type mismatch', 'signature mismatch', 'null function'],
  ['integer divide by zero', 'divide by zero', 'remainder by zero'],
  ['integer overflow', 'divide result unrepresentable'],
  ['invalid conversion to integer', 'float unrepresentable'],
]

/** The trap that an engine's error is, as the end of an invocation; `undefined` where the error is none. */
export function asTrap(error: unknown): Abort | undefined {
  if (!(error instanceof ENGINE.RuntimeError)) return undefined
  const { message } = error
  const known = TRAP_MESSAGES.find(([, ...words]) => words.some((word) => message.includes(word)))?.[0]
  return new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, `wasm trap: ${known ?? message}`)
}

/** An error that no rule knows, with the exhaustion of the native stack told apart: engines report that as they like. */
export function asHostFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const isExhaustion =
    (error instanceof RangeError && error.message.includes('call stack')) ||
    (error.name === 'InternalError' && error.message.includes('recursion'))
  return isExhaustion ? new HostStackExhausted(error) : error
}

/** Whether the engine has no memory for another instance. No regular expression: this may be near the end of the stack. */
export function isMemoryExhaustion(error: unknown): boolean {
  return error instanceof RangeError && error.message.toLowerCase().includes('memory')
}
