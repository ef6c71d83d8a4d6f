/**
 * @module Makes of each row of the syscall table a function that actor code can import.
 *
 * Order of events in a call: charge what the code consumed; charge the syscall; check the out-pointer, and give IllegalArgument at once where the
 * result does not fit (the gas counter is then *not* set anew, see {@link ExecutionGas}); read the parameters; run the operation; write the result;
 * set the gas counter anew, however the operation ended. The imported function gives 0 or an error number.
 *
 * Source: ref-fvm release/v2 and release/v3 fvm/src/syscalls/bind.rs.
 */
import {
  ChargeName,
  ErrorNumber,
  type Kernel,
  OPERATIONS,
  type Syscall,
  SyscallError,
} from '@troupe/hypervisor'
import type { FunctionType } from '../module/wasm-module.ts'
import { ValueType } from '../module/wasm-module.ts'
import type { Invocation } from './invocation.ts'
import { isOutcome } from './outcome.ts'
import {
  PARAMETER_READERS,
  PARAMETER_TYPES,
  type ParameterReader,
  syscallParameterTypes,
  type WasmValues,
} from './parameters.ts'
import { bufferWriter, resultSize, resultWriter } from './results.ts'
import { asHostFailure } from './traps.ts'

/** The function that one invocation imports for a syscall. */
export type SyscallFunction = (...values: (number | bigint)[]) => number

/** A row of the syscall table, ready to be imported. */
export interface BoundSyscall {
  readonly syscall: Syscall
  /** The Wasm type that an import of it must have. */
  readonly type: FunctionType
  /** The function for one invocation. */
  create(invocation: Invocation): SyscallFunction
}

/** Runs a syscall whose out-pointer has been checked. */
type Body = (invocation: Invocation, values: WasmValues, out: number) => void

interface Parameter {
  readonly read: ParameterReader
  /** Position of its first Wasm value. */
  readonly at: number
}

/** The Wasm type that code imports a syscall with. */
export function syscallType(syscall: Syscall): FunctionType {
  const hasOutPointer = resultSize(syscall.result) > 0
  return { params: syscallParameterTypes(syscall, hasOutPointer), results: [ValueType.I32] }
}

/** Binds a row of the syscall table. */
export function bindSyscall(syscall: Syscall): BoundSyscall {
  const size = resultSize(syscall.result)
  const body = debugOnly(syscall, syscallBody(syscall, size > 0 ? 1 : 0))
  return {
    syscall,
    type: syscallType(syscall),
    create: (invocation) => guarded(syscall, body, size, invocation),
  }
}

function guarded(syscall: Syscall, body: Body, size: number, invocation: Invocation): SyscallFunction {
  const price = invocation.kernel.rules.prices.onSyscall()
  return (...values) => {
    const { kernel, gas, memory } = invocation
    gas.charge()
    kernel.gas.charge(ChargeName.ON_SYSCALL, price)
    let out = 0
    if (size > 0) {
      out = (values[0] as number) >>> 0
      if (out + size > memory.length) {
        const error = new SyscallError(ErrorNumber.IllegalArgument, 'no space for return value')
        kernel.lastFailure = { syscall, error }
        traced(kernel, syscall, error.number)
        return error.number
      }
    }
    let number: ErrorNumber | 0 = 0
    try {
      body(invocation, values, out)
      kernel.lastFailure = undefined
    } catch (error) {
      if (error instanceof SyscallError) {
        kernel.lastFailure = { syscall, error }
        number = error.number
      } else if (isOutcome(error)) {
        traced(kernel, syscall, 0)
        gas.update()
        throw error
      } else {
        invocation.hostFailure = { error: asHostFailure(error) }
        throw invocation.hostFailure.error
      }
    }
    traced(kernel, syscall, number)
    gas.update()
    return number
  }
}

function traced({ trace }: Kernel, { module, name }: Syscall, errorNumber: ErrorNumber | 0): void {
  trace?.({ type: 'syscall', module, name, errorNumber })
}

function debugOnly(syscall: Syscall, body: Body): Body {
  if (syscall.debugOnly !== true) return body
  const enabled = operation('debug.enabled') as unknown as (kernel: Kernel) => { value: number }
  return (invocation, values, out) => {
    if (enabled(invocation.kernel).value === 0) body(invocation, values, out)
  }
}

function operation(name: string): (kernel: Kernel, ...parameters: unknown[]) => unknown {
  const found = OPERATIONS[name]
  if (found === undefined) throw new RangeError(`there is no operation ${name}`)
  return found as (kernel: Kernel, ...parameters: unknown[]) => unknown
}

function syscallBody(syscall: Syscall, firstValue: number): Body {
  const run = operation(syscall.operation)
  const { result } = syscall
  let at = firstValue
  const parameters = syscall.parameters.map(([, kind]) => {
    const parameter = { kind, read: PARAMETER_READERS[kind], at }
    at += PARAMETER_TYPES[kind].length
    return parameter
  })
  if (typeof result === 'string' || !('lengthOf' in result)) {
    const call = caller(run, parameters)
    const write = resultWriter(result)
    return (invocation, values, out) => write(invocation.memory, out, call(invocation, values))
  }
  const buffer = parameters.find(({ kind }) => kind === 'out')
  if (buffer === undefined) throw new RangeError(`${syscall.name} has no out parameter`)
  const call = caller(
    run,
    parameters.filter((parameter) => parameter !== buffer),
  )
  const write = bufferWriter(result.lengthOf)
  const minimum = syscall.minimumOut ?? 0
  return (invocation, values, out) => {
    const target = buffer.read(invocation, values, buffer.at) as Uint8Array
    if (target.length < minimum)
      throw new SyscallError(
        ErrorNumber.BufferTooSmall,
        `output buffer must have a minimum capacity of ${minimum} bytes`,
      )
    write(invocation.memory, out, target, call(invocation, values))
  }
}

/** Reads the parameters and runs the operation; spelled out for few parameters, so that no array is made. */
function caller(
  run: (kernel: Kernel, ...parameters: unknown[]) => unknown,
  parameters: readonly Parameter[],
): (invocation: Invocation, values: WasmValues) => unknown {
  const [a, b, c] = parameters
  if (a === undefined) return ({ kernel }) => run(kernel)
  if (b === undefined) return (invocation, values) => run(invocation.kernel, a.read(invocation, values, a.at))
  if (c === undefined)
    return (invocation, values) =>
      run(invocation.kernel, a.read(invocation, values, a.at), b.read(invocation, values, b.at))
  if (parameters.length === 3)
    return (invocation, values) =>
      run(
        invocation.kernel,
        a.read(invocation, values, a.at),
        b.read(invocation, values, b.at),
        c.read(invocation, values, c.at),
      )
  return (invocation, values) =>
    run(invocation.kernel, ...parameters.map(({ read, at }) => read(invocation, values, at)))
}
