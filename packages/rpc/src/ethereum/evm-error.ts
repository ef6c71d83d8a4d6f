import { ExitCode, exitCodeName } from '@troupe/hypervisor'

/** What go-ethereum says where Filecoin has an exit code. Source: go-ethereum core/vm/errors.go; builtin-actors actors/evm/src/lib.rs. */
const KNOWN: Readonly<Record<number, string>> = {
  [ExitCode.SYS_INSUFFICIENT_FUNDS]: 'insufficient funds for transfer',
  [ExitCode.SYS_OUT_OF_GAS]: 'out of gas',
  [ExitCode.USR_READ_ONLY]: 'write protection',
  33: 'execution reverted',
  34: 'invalid opcode: INVALID',
  35: 'invalid opcode',
  36: 'stack underflow',
  37: 'stack limit reached',
  38: 'illegal memory access',
  39: 'invalid jump destination',
  40: 'self destruct failed',
}

/** What go-ethereum says of such an end; `undefined` where it knows no such. */
export function knownErrorOf(exitCode: number): string | undefined {
  return KNOWN[exitCode]
}

/** What stands for an error in traces: what go-ethereum says, or else the name of the exit code. `undefined` for a success. */
export function errorOf(exitCode: number): string | undefined {
  if (exitCode === ExitCode.OK) return undefined
  return knownErrorOf(exitCode) ?? exitCodeName(exitCode as ExitCode)
}
