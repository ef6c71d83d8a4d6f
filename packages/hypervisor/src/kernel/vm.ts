/** @module Syscalls of the module `vm`: what an invocation was called with, and how it ends. */
import { ExitCode, isSystemExitCode } from '../actor/exit-code.ts'
import { Abort } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { syscallAmount } from './syscall-amount.ts'

/** Longest message of an abort that is shown whole, in bytes. */
const MAX_MESSAGE_LENGTH = 1024
const READ_ONLY_FLAG = 1n

/** `vm.exit` (generation 3): ends the invocation with an exit code and a block. @throws {Abort} always */
export function exit(
  _kernel: Kernel,
  exitCode: number,
  blockId: number,
  message: Uint8Array | undefined,
): never {
  if (exitCode !== ExitCode.OK && isSystemExitCode(exitCode))
    throw new Abort(ExitCode.SYS_ILLEGAL_EXIT_CODE, `actor aborted with code ${exitCode}`, blockId)
  throw new Abort(exitCode, abortMessage(message), blockId)
}

/** `vm.abort` (generation 2): ends the invocation with an exit code. @throws {Abort} always */
export function abort(kernel: Kernel, exitCode: number, message: Uint8Array | undefined): never {
  if (kernel.rules.abortRefusesSystemCodes && isSystemExitCode(exitCode))
    throw new Abort(ExitCode.SYS_ILLEGAL_EXIT_CODE, `actor aborted with code ${exitCode}`)
  throw new Abort(exitCode, abortMessage(message))
}

/** `vm.message_context` (generation 3). */
export function messageContext(kernel: Kernel): Readonly<Record<string, bigint>> {
  const { origin } = kernel.calls
  const { caller, receiver, method, valueReceived, readOnly } = kernel.context
  return {
    origin: origin.id,
    nonce: origin.sequence,
    caller,
    receiver,
    methodNumber: method,
    valueReceived: syscallAmount(valueReceived),
    gasPremium: syscallAmount(origin.gasPremium),
    flags: readOnly ? READ_ONLY_FLAG : 0n,
  }
}

/** `vm.context` (generation 2). */
export function context(kernel: Kernel): Readonly<Record<string, bigint | number>> {
  const { caller, receiver, method, valueReceived } = kernel.context
  const { epoch } = kernel.calls.machine.context
  return {
    valueReceived: syscallAmount(valueReceived),
    caller,
    receiver,
    methodNumber: method,
    epoch,
    networkVersion: kernel.rules.networkVersion,
  }
}

function abortMessage(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return 'actor aborted with a message that is out of bounds'
  if (bytes.length === 0) return 'actor aborted'
  const text = new TextDecoder()
  if (bytes.length <= MAX_MESSAGE_LENGTH) return text.decode(bytes)
  const half = MAX_MESSAGE_LENGTH / 2
  const skipped = bytes.length - MAX_MESSAGE_LENGTH
  return `${text.decode(bytes.subarray(0, half))} ... (skipped ${skipped} bytes) ... ${text.decode(bytes.subarray(-half))}`
}
