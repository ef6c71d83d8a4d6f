/**
 * @module Asking what stands outside of the machine. Its fidelity is noted after the answer, because it may find out only then that it has to make
 * one up.
 */
import { ErrorNumber } from '../actor/error-number.ts'
import { ExternRefusal, type Externs } from '../externs/externs.ts'
import { ProofRefusal, type ProofVerifier } from '../externs/proofs.ts'
import { SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'

/** Asks the node. @throws {SyscallError} IllegalArgument where it has no answer, on any host */
export function askExterns<T>(kernel: Kernel, ask: (externs: Externs) => T): T {
  const { externs } = kernel.calls.machine
  try {
    return ask(externs)
  } catch (error) {
    if (error instanceof ExternRefusal) throw new SyscallError(ErrorNumber.IllegalArgument, error.message)
    throw error
  } finally {
    kernel.calls.fidelity.touch(externs.fidelity)
  }
}

/** Asks for the verification of a proof. @throws {SyscallError} IllegalArgument where there is nothing that could be verified, on any host */
export function askProofs(kernel: Kernel, ask: (proofs: ProofVerifier) => boolean): boolean {
  const { proofs } = kernel.calls.machine
  try {
    return ask(proofs)
  } catch (error) {
    if (error instanceof ProofRefusal) throw new SyscallError(ErrorNumber.IllegalArgument, error.message)
    throw error
  } finally {
    kernel.calls.fidelity.touch(proofs.fidelity)
  }
}
