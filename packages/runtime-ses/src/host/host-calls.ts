import { ErrorNumber, EVENT_ENTRY } from '@troupe/hypervisor'
import type { JsEngine } from '../engine/js-engine.ts'
import { orAbort } from '../engine/js-exception.ts'
import type { JsValue } from '../engine/js-value.ts'
import { UTF8 } from './host-rows.ts'
import type { HostRow, ParameterForm } from './parameter-forms.ts'

/** How the host takes a value of a form out of the engine. */
type Reader = (engine: JsEngine, value: JsValue) => readonly (number | bigint)[]

const READERS: Readonly<Record<ParameterForm, Reader>> = {
  int: (engine, value) => [engine.int(value)],
  bits: (engine, value) => [engine.bits(value)],
  offset: (engine, value) => [engine.bytesRange(value).offset],
  range: (engine, value) => {
    const { offset, length } = engine.bytesRange(value)
    return [offset, length]
  },
  entries: (engine, value) => {
    const { offset, length } = engine.bytesRange(value)
    return [offset, length / EVENT_ENTRY.size]
  },
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
    const wasm = row.forms.flatMap((form, i) => READERS[form](engine, values[i] ?? 0n))
    return engine.box(engine.instance.syscall(row.syscall)(...wasm))
  })
}

function utf8(engine: JsEngine, value: JsValue): number {
  const { offset, length } = engine.textRange(value)
  const bytes = engine.checked(engine.value('JS_NewUint8ArrayCopy', engine.context, offset, length))
  engine.call('JS_FreeCString', engine.context, offset)
  return engine.boxed(bytes)
}
