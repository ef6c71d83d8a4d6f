/** @module Copies function bodies and constant expressions into a linked module, with their indices changed. */
import { ByteReader } from '../module/byte-reader.ts'
import { refuseOpcode, refusePrefixed } from '../module/immediates.ts'
import { IMMEDIATES, Immediate, Op, PrefixedOp } from '../module/opcodes.ts'
import type { ByteRange } from '../module/wasm-module.ts'
import type { ByteWriter } from '../transform/byte-writer.ts'
import { importedGlobals, type Unit } from './units.ts'

/**
 * Copies instructions up to the end of what the reader reads. Memory and table are the only ones there are, and keep their indices.
 * @throws {ContainerError} module/malformed, module/unsupported
 */
function rewriteCode(reader: ByteReader, out: ByteWriter, map: Unit): void {
  let copied = reader.offset
  /** Reads an index, and writes what stands before it and what it becomes. */
  const index = (changed: (index: number) => number | undefined): void => {
    const { bytes, offset } = reader
    const found = reader.u32()
    out.copy(bytes, copied, offset)
    out.u32(changed(found) ?? reader.malformed('unknown index', offset))
    copied = reader.offset
  }
  const prefixed = (): void => {
    const offset = reader.offset - 1
    const opcode = reader.u32()
    if (opcode > PrefixedOp.TABLE_FILL) refusePrefixed(reader, opcode, offset)
    if (opcode < PrefixedOp.MEMORY_INIT) return
    if (opcode === PrefixedOp.MEMORY_INIT || opcode === PrefixedOp.DATA_DROP) index((data) => data + map.data)
    if (opcode === PrefixedOp.TABLE_INIT || opcode === PrefixedOp.ELEM_DROP)
      index((segment) => segment + map.elements)
    if (opcode === PrefixedOp.DATA_DROP || opcode === PrefixedOp.ELEM_DROP) return
    reader.u32()
    if (opcode === PrefixedOp.MEMORY_COPY || opcode === PrefixedOp.TABLE_COPY) reader.u32()
  }
  while (!reader.done) {
    const opcode = reader.byte()
    switch (IMMEDIATES[opcode]) {
      case Immediate.NONE:
        break
      case Immediate.BLOCK:
        reader.byte()
        break
      case Immediate.LABELS:
        for (let rest = reader.count(1) + 1; rest > 0; rest--) reader.u32()
        break
      case Immediate.FUNCTION:
        index((callee) => map.functions[callee])
        break
      case Immediate.GLOBAL:
        index((global) => map.globals[global])
        break
      case Immediate.TYPE_AND_TABLE:
        index((type) => type + map.types)
        reader.u32()
        break
      case Immediate.LABEL:
      case Immediate.LOCAL:
      case Immediate.MEMORY:
      case Immediate.TABLE:
        reader.u32()
        break
      case Immediate.MEMORY_ARGUMENT:
        reader.u32()
        reader.u32()
        break
      case Immediate.I32:
        reader.s32()
        break
      case Immediate.I64:
        reader.skipS64()
        break
      case Immediate.F32:
        reader.skip(4)
        break
      case Immediate.F64:
        reader.skip(8)
        break
      case Immediate.PREFIX:
        prefixed()
        break
      default:
        refuseOpcode(reader, opcode)
    }
  }
  out.copy(reader.bytes, copied, reader.end)
}

/** Writes the body of a function. */
export function writeBody(unit: Unit, { start, end }: ByteRange, out: ByteWriter): void {
  const { bytes } = unit.module
  const reader = new ByteReader(bytes, start, end)
  const size = out.placeholderU32()
  for (let groups = reader.count(2); groups > 0; groups--) {
    reader.u32()
    reader.byte()
  }
  out.copy(bytes, start, reader.offset)
  rewriteCode(reader, out, unit)
  out.patchU32(size, out.length - size - 5)
}

/** Writes the initial value of a global: a constant expression, or what stands for one that is imported, by its index. */
export function writeConstant(unit: Unit, init: ByteRange | number, out: ByteWriter): void {
  if (typeof init === 'number') writeBase(unit, init, out)
  else writeConstantAt(unit, new ByteReader(unit.module.bytes, init.start, init.end), out)
}

/** Writes the constant expression that a reader stands before; of a library's, what it reads from a global is written down. */
export function writeConstantAt(unit: Unit, reader: ByteReader, out: ByteWriter): void {
  const start = reader.offset
  const opcode = reader.byte()
  if (opcode === Op.GLOBAL_GET) {
    writeBase(unit, reader.u32(), out)
    reader.byte()
    return
  }
  if (opcode === Op.REF_FUNC) {
    out.byte(opcode)
    out.u32(unit.functions[reader.u32()] as number)
    out.byte(reader.byte())
    return
  }
  if (opcode === Op.F32_CONST) reader.skip(4)
  else if (opcode === Op.F64_CONST) reader.skip(8)
  else if (opcode === Op.REF_NULL) reader.byte()
  else reader.skipS64()
  reader.byte()
  out.copy(reader.bytes, start, reader.offset)
}

/** Writes the place that a library is told by an imported global. */
function writeBase({ module, place }: Unit, index: number, out: ByteWriter): void {
  const { memoryBase = 0, tableBase = 0 } = place ?? {}
  out.byte(Op.I32_CONST)
  out.s64((importedGlobals(module)[index] === '__memory_base' ? memoryBase : tableBase) | 0)
  out.byte(Op.END)
}
