import { Abort, ExitCode } from '@troupe/hypervisor'
import { CBOR, CborWriter } from '@troupe/ipld'
import { ActorError, type SentBlock } from '@troupe/runtime-native'
import { Frame, type HaltKind, type Result } from '../interpreter/frame.ts'
import type { ContractCode } from './code-cache.ts'
import type { Contract } from './contract.ts'
import type { CodeCaller } from './contract-calls.ts'
import type { ContractGas } from './contract-gas.ts'
import type { ContractHost } from './contract-host.ts'
import { EvmExitCode } from './exit-codes.ts'
import { CONTRACT_WORK } from './fvm-gas.ts'

/** Runs frames of contracts. */
export interface ContractInterpreter<H extends ContractHost> {
  run(frame: Frame<H>): Result
}

/** What code is run with. */
export interface CodeCall extends CodeCaller {
  readonly code: ContractCode
  readonly input: Uint8Array
  /** The contract itself, in Ethereum's form. */
  readonly address: bigint
}

/** How code that does not return ends the invocation. */
const EXIT_CODES: Readonly<Partial<Record<HaltKind, ExitCode>>> = {
  invalid: EvmExitCode.INVALID_INSTRUCTION,
  'undefined-opcode': EvmExitCode.UNDEFINED_INSTRUCTION,
  'stack-underflow': EvmExitCode.STACK_UNDERFLOW,
  'stack-overflow': EvmExitCode.STACK_OVERFLOW,
  'illegal-memory': EvmExitCode.ILLEGAL_MEMORY_ACCESS,
  'return-data-bounds': EvmExitCode.ILLEGAL_MEMORY_ACCESS,
  'bad-jump': EvmExitCode.BAD_JUMP_DESTINATION,
  'static-violation': ExitCode.USR_READ_ONLY,
}

/** Runs code in a contract's name, and gives what it returns. @throws {ActorError | Abort | OutOfGas} as it ends otherwise */
export function runCode<H extends ContractHost>(
  interpreter: ContractInterpreter<H>,
  contract: Contract,
  { code, input, address, caller, value }: CodeCall,
  gas: ContractGas,
  host: H,
): Uint8Array {
  const isStatic = contract.isReadOnly
  const frame = new Frame({ code, input, address, caller, value, isStatic, depth: 0, gas, host })
  const { halt, output } = interpreter.run(frame)
  // EIP-3860 calls it out of gas as well.
  if (halt === 'out-of-gas' || halt === 'init-code-limit') return gas.exhaust()
  gas.settle()
  switch (halt) {
    case 'return':
      if (output.length > 0)
        contract.context.gas.work(CONTRACT_WORK.output.base + CONTRACT_WORK.output.perByte * output.length)
      return output
    case 'stop':
    case 'self-destruct':
      return output
    case 'revert':
      throw new ActorError(EvmExitCode.REVERTED, 'the contract reverted', byteString(output))
    case 'memory-limit':
      // What the official actor asks its allocator for, and does not get, is a trap.
      throw new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, 'there is not as much memory')
    default:
      throw new ActorError(EXIT_CODES[halt] ?? ExitCode.USR_ASSERTION_FAILED, `the contract ended: ${halt}`)
  }
}

/** A block of a CBOR byte string. */
export function byteString(bytes: Uint8Array): SentBlock {
  return { codec: CBOR, data: new CborWriter(bytes.length + 9).bytes(bytes).finish() }
}
