import { exitCodeName, type MessageResult } from '@troupe/hypervisor'
import { RpcError } from '../errors.ts'
import { toHex } from '../text/hex.ts'
import { cborBytes } from './cbor-bytes.ts'

/** Exit code of a contract that reverted. */
const REVERTED = 33
/** Selectors of `Error(string)` and `Panic(uint256)`. */
const ERROR = '0x08c379a0'
const PANIC = '0x4e487b71'
const SELECTOR_LENGTH = 4
const WORD_LENGTH = 32
const MAX_REASON_LENGTH = 10_000

/** What Solidity panics for. Source: its documentation, "Panic via assert and Error via require". */
const PANIC_REASONS: Readonly<Record<string, string>> = {
  0: 'generic panic',
  1: 'assertion failed',
  17: 'arithmetic underflow or overflow',
  18: 'division or modulo by zero',
  33: 'enum value out of range',
  34: 'incorrectly encoded storage byte array',
  49: 'pop from an empty array',
  50: 'array index out of bounds',
  65: 'out of memory',
  81: 'call of an uninitialized function',
}

/** The error that a call is for its caller, which failed. */
export function callError({ failure, receipt }: MessageResult): RpcError {
  const { exitCode, returnData } = receipt
  if (exitCode === REVERTED) {
    const data = cborBytes(returnData) ?? returnData
    const reason = revertReason(data)
    return new RpcError('rpc/reverted', `execution reverted${reason === undefined ? '' : `: ${reason}`}`, {
      data: toHex(data),
    })
  }
  const name = exitCodeName(exitCode)
  return new RpcError(
    'rpc/failed',
    `the call failed with ${name}: ${failure?.message ?? 'no reason is known'}`,
    {
      data: { exitCode, name, backtrace: failure?.backtrace?.toString() ?? '' },
    },
  )
}

/** What a contract says that it reverted for; `undefined` where it says nothing, or has an error of its own. */
function revertReason(data: Uint8Array): string | undefined {
  const selector = toHex(data.subarray(0, SELECTOR_LENGTH))
  const body = data.subarray(SELECTOR_LENGTH)
  if (selector === PANIC && body.length >= WORD_LENGTH) {
    const code = BigInt(toHex(body.subarray(0, WORD_LENGTH)))
    return `panic: ${PANIC_REASONS[String(code)] ?? 'unknown reason'} (0x${code.toString(16)})`
  }
  return selector === ERROR ? readString(body) : undefined
}

/** The first parameter of ABI-encoded ones, which is a text. */
function readString(body: Uint8Array): string | undefined {
  const offset = numberAt(body, 0)
  const length = offset === undefined ? undefined : numberAt(body, offset)
  if (offset === undefined || length === undefined) return undefined
  const start = offset + WORD_LENGTH
  if (start + length > body.length) return undefined
  return new TextDecoder().decode(body.subarray(start, start + Math.min(length, MAX_REASON_LENGTH)))
}

/** A word that says where something is, or how long. */
function numberAt(body: Uint8Array, at: number): number | undefined {
  if (at + WORD_LENGTH > body.length) return undefined
  const number = BigInt(toHex(body.subarray(at, at + WORD_LENGTH)))
  return number <= BigInt(body.length) ? Number(number) : undefined
}
