import { resultSize } from '@troupe/container'
import { ErrorNumber, EVENT_ENTRY, type ParameterKind, type RuleSet, type Syscall } from '@troupe/hypervisor'
import type { JsEngine } from '../engine/js-engine.ts'
import { orAbort } from '../engine/js-exception.ts'
import type { JsValue } from '../engine/js-value.ts'
import { HOST_ROWS, UTF8 } from './host-rows.ts'

/** How the host takes a value that a syscall is called with. */
type Reader = (engine: JsEngine, value: JsValue) => readonly (number | bigint)[]

const readInt: Reader = (engine, value) => [engine.int(value)]
const readBits: Reader = (engine, value) => [engine.bits(value)]
const readOffset: Reader = (engine, value) => [engine.bytesRange(value).offset]
const readRange: Reader = (engine, value) => {
  const { offset, length } = engine.bytesRange(value)
  return [offset, length]
}

const READERS: Readonly<Record<ParameterKind, Reader>> = {
  u32: readInt,
  i32: readInt,
  u64: readBits,
  i64: readBits,
  cid: readOffset,
  address: readRange,
  optionalAddress: readRange,
  bytes: readRange,
  lenientBytes: readRange,
  bytes32: readOffset,
  bytes65: readOffset,
  bytes96: readOffset,
  at: readOffset,
  eventEntries: (engine, value) => {
    const { offset, length } = engine.bytesRange(value)
    return [offset, length / EVENT_ENTRY.size]
  },
  text: readRange,
  out: readRange,
  outAt: readOffset,
}

/** A row of the syscall table, and how its values are taken. */
interface HostRow {
  readonly syscall: Syscall
  readonly readers: readonly Reader[]
}

/** The rows of the host script under a rule set; `undefined` for what its network does not have. */
export function hostRows(rules: RuleSet): readonly (HostRow | undefined)[] {
  return HOST_ROWS.map((name) => {
    const syscall = rules.syscalls.find((row) => `${row.module}.${row.name}` === name)
    if (syscall === undefined) return undefined
    const readers = syscall.parameters.map(([, kind]) => READERS[kind])
    return { syscall, readers: resultSize(syscall.result) > 0 ? [readOffset, ...readers] : readers }
  })
}

/**
 * Answers the host script: makes the syscall that it names, with the values that it gives, as a native actor's module would make it; or gives the UTF-8 of a text.
 *
 * @param rows by {@link hostRows}
 * @returns a box: of the error number, 0 for success
 * @throws {Abort} where the engine cannot even say what it wants: its memory is used up
 */
export function answer(
  engine: JsEngine,
  rows: readonly (HostRow | undefined)[],
  count: number,
  pointers: number,
): number {
  return orAbort(() => {
    const [number, ...values] = engine.argumentsAt(pointers, count)
    const index = engine.int(number ?? 0n)
    if (index === UTF8) return utf8(engine, values[0] ?? 0n)
    const row = rows[index]
    if (row === undefined) return engine.box(ErrorNumber.IllegalOperation)
    const wasm = row.readers.flatMap((read, i) => read(engine, values[i] ?? 0n))
    return engine.box(engine.instance.syscall(row.syscall)(...wasm))
  })
}

function utf8(engine: JsEngine, value: JsValue): number {
  const { offset, length } = engine.textRange(value)
  const bytes = engine.checked(engine.value('JS_NewUint8ArrayCopy', engine.context, offset, length))
  engine.call('JS_FreeCString', engine.context, offset)
  return engine.boxed(bytes)
}
