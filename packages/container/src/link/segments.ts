/** @module Element and data segments of linked modules, placed where the layout has them. */
import { ByteReader } from '../module/byte-reader.ts'
import type { ByteWriter } from '../transform/byte-writer.ts'
import { writeConstantAt } from './rewrite.ts'
import type { Unit } from './units.ts'

/** Writes the element segments of all units: their number, and each. */
export function writeElements(units: readonly Unit[], out: ByteWriter): void {
  out.u32(units.reduce((sum, { module }) => sum + module.elements.length, 0))
  for (const unit of units)
    for (const { head, functions } of unit.module.elements) {
      const reader = new ByteReader(unit.module.bytes, head.start, head.end)
      const flags = reader.u32()
      out.u32(flags)
      if ((flags & 1) === 0) {
        // An explicit index of the only table.
        if ((flags & 2) !== 0) out.u32(reader.u32())
        writeConstantAt(unit, reader, out)
      }
      out.copy(reader.bytes, reader.offset, reader.end)
      out.u32(functions.length)
      for (const index of functions) out.u32(unit.functions[index] as number)
    }
}

/** Writes the data segments of all units, likewise. */
export function writeData(units: readonly Unit[], out: ByteWriter): void {
  out.u32(units.reduce((sum, { module }) => sum + module.dataSegments, 0))
  for (const unit of units) {
    const { bytes, dataBytes, dataSegments } = unit.module
    if (dataSegments === 0) continue
    const reader = new ByteReader(bytes, dataBytes.start, dataBytes.end)
    reader.u32()
    for (let i = 0; i < dataSegments; i++) {
      const flags = reader.u32()
      out.u32(flags)
      if (flags === 2) out.u32(reader.u32())
      if (flags !== 1) writeConstantAt(unit, reader, out)
      const start = reader.offset
      reader.part()
      out.copy(bytes, start, reader.offset)
    }
  }
}
