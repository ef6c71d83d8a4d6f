import { syscallType } from '@troupe/container'
import type { RuleSet } from '@troupe/hypervisor'
import { ValueType } from '../../src/module/wasm-module.ts'
import { type Invoked, type InvokeOptions, invokeGuest } from './invoke-guest.ts'
import { wat } from './wat.ts'

/** A call of a syscall: its name with the module's, and the Wasm values that it gets, the out-pointer first where there is one. */
export type SyscallCall = readonly [name: string, ...values: (number | bigint)[]]

/** What lies in the memory of the actor before it makes a call: bytes by their offset. */
export type Contents = Readonly<Record<number, Uint8Array | string>>

/** What came of calls. */
export interface Called {
  /** The error number of each call, 0 for none. */
  readonly errors: readonly number[]
  /** The memory of the actor after the last call, as far as `shown` says. */
  readonly memory: Uint8Array
  readonly invoked: Invoked
}

/** Options of {@link callSyscalls}. */
export interface CallOptions extends Partial<InvokeOptions> {
  /** Default: 32. */
  readonly pages?: number
  /** How much of the memory is given back, in bytes. Default: a page. */
  readonly shown?: number
}

/** Runs an actor that makes these calls, one after the other, whatever comes of them. */
export async function callSyscalls(
  rules: RuleSet,
  calls: readonly SyscallCall[],
  contents: Contents = {},
  { pages = 32, shown = 65_536, ...options }: CallOptions = {},
): Promise<Called> {
  const names = [...new Set([...calls.map(([name]) => name), 'ipld.block_create'])]
  const imports = names.map((name) => {
    const [module, field] = name.split('.')
    const row = rules.syscalls.find((syscall) => `${syscall.module}.${syscall.name}` === name)
    if (row === undefined) throw new Error(`${rules.name} has no syscall ${name}`)
    const types = syscallType(row).params.map((type) => (type === ValueType.I64 ? 'i64' : 'i32'))
    return {
      text: `(import "${module}" "${field}" (func $${name} (param ${types.join(' ')}) (result i32)))`,
      types,
    }
  })
  const errorsAt = pages * 65_536 - 4096
  const steps = calls.map(([name, ...values], i) => {
    const { types } = imports[names.indexOf(name)] as (typeof imports)[0]
    if (types.length !== values.length) throw new Error(`${name} takes ${types.length} values`)
    const operands = values.map((value, j) => `(${types[j]}.const ${value})`)
    return `(i32.store (i32.const ${errorsAt + 4 * i}) (call $${name} ${operands.join(' ')}))`
  })
  const data = Object.entries(contents).map(
    ([offset, bytes]) => `(data (i32.const ${offset}) "${escaped(bytes)}")`,
  )
  const returned = errorsAt + 4 * calls.length
  const give = (offset: number, length: number): string =>
    `(drop (call $ipld.block_create (i32.const ${returned}) (i64.const 0x55) (i32.const ${offset}) (i32.const ${length})))`
  const invoked = await invokeGuest(
    wat(`(module ${imports.map(({ text }) => text).join(' ')} (memory (export "memory") ${pages}) ${data.join(' ')}
      (func (export "invoke") (param i32) (result i32) ${steps.join(' ')}
        (memory.copy (i32.const ${shown}) (i32.const ${errorsAt}) (i32.const ${4 * calls.length}))
        ${give(0, shown + 4 * calls.length)} (i32.load (i32.const ${returned}))))`),
    { gasLimit: 10_000_000_000n, ...options, rules },
  )
  const bytes = invoked.result?.receipt.returnData ?? new Uint8Array()
  if (invoked.result?.receipt.exitCode !== 0)
    throw new Error(`the calls ended with ${JSON.stringify(invoked.end)}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return {
    errors: calls.map((_, i) => view.getUint32(shown + 4 * i, true)),
    memory: bytes.subarray(0, shown),
    invoked,
  }
}

function escaped(bytes: Uint8Array | string): string {
  const all = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
  return [...all].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
}
