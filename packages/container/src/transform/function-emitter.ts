/**
 * @module Writes metered function bodies: the original bytes, with code at the places that a scan found.
 *
 * Gas. At the start of a metered block its cost is subtracted from the counter, as in the reference, but the counter is looked at only where
 * that is needed for the code to stop: where loops begin, where functions begin that call others, after charges by an operand, and around blocks
 * and functions of unusual cost. In between nothing can be observed from outside: a call of the host finds a negative counter first, and so does
 * whoever asks why the code trapped. Once negative, the counter stays so, because between two looks less is subtracted than it can hold. For the
 * same reason a block that nothing can be observed of before an `if` is charged for with the blocks in the arms of that. In functions that loop
 * and call nothing, a local holds what the counter does, so that it need not be read before it is written.
 *
 * Stack height. In the reference the caller counts up by what the callee costs, traps above the limit, and counts down after the call. Here the
 * caller leaves the room that there is for callees in a global, and the callee takes its cost from it and compares before anything else of it runs;
 * nothing is to be counted back, because every call is preceded by the caller's room. What is compared is the same, in the same order with respect
 * to gas: the one check that looks at both does so before the function charges for anything.
 */
import { ByteReader } from '../module/byte-reader.ts'
import { Op } from '../module/opcodes.ts'
import { typeOfFunction, ValueType, type WasmModule } from '../module/wasm-module.ts'
import type { ByteWriter } from './byte-writer.ts'
import { type Canonicalisations, findCanonicalisations } from './canonical-floats.ts'
import type { FunctionScan } from './function-scan.ts'
import { EAGER_COST, Insertion } from './insertions.ts'
import type { Cost } from './operator-costs.ts'

const VOID = 0x40
const CANONICAL_NAN_32 = [0x00, 0x00, 0xc0, 0x7f]
const CANONICAL_NAN_64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f]
/** Code that traps where the integer on the stack is negative. */
export const TRAP_IF_NEGATIVE: readonly number[] = [
  Op.I64_CONST,
  0,
  Op.I64_LT_S,
  Op.IF,
  VOID,
  Op.UNREACHABLE,
  Op.END,
]
const NO_CANONICALISATIONS: Canonicalisations = { offsets: [], widths: [] }

/** Indices in the new module of what the inserted code uses. */
export interface Anchors {
  /** Global: how far the stack height of what is called next is below the limit before its own cost. */
  readonly room: number
  /** Global: what is left of the gas, in milligas. */
  readonly gas: number
  /** How many functions have been imported on top: defined functions have moved by as much. */
  readonly functionShift: number
  /** Imported function that stands for `memory.grow`, where there is a memory. */
  readonly memoryGrow: number | undefined
  /** Function that stands for `table.grow`, where code could grow a table. */
  readonly tableGrow: number | undefined
}

/** Writes function bodies into `out`. */
export class FunctionEmitter {
  readonly #module: WasmModule
  readonly #scan: FunctionScan
  readonly #out: ByteWriter
  readonly #anchors: Anchors
  /** Locals of the function that is written: gas, where that is of use; room for callees, where there are any. */
  #gas = -1
  #room = -1
  /** Locals that hold a value for a moment, where that is needed. */
  #operand = -1
  #float32 = -1
  #float64 = -1

  constructor(module: WasmModule, scan: FunctionScan, out: ByteWriter, anchors: Anchors) {
    this.#module = module
    this.#scan = scan
    this.#out = out
    this.#anchors = anchors
  }

  /** Writes the function that was scanned last. */
  emit(defined: number, stackCost: number): void {
    const { bytes } = this.#module
    const body = this.#module.bodies[defined] as { start: number; end: number }
    const scan = this.#scan
    const out = this.#out
    const { insertions } = scan
    const canonical = scan.computesFloats ? this.#findCanonicalisations(defined) : NO_CANONICALISATIONS
    insertions.settle()
    const size = out.placeholderU32()
    this.#locals(body.start, canonical)
    this.#begin(stackCost)

    const { kinds, offsets, ends, operands, costs } = insertions
    let copied = scan.codeStart
    let made = 0
    let nextCanonical = canonical.offsets[0] ?? Infinity
    for (let i = 0; i < insertions.length; i++) {
      const offset = offsets[i] as number
      while (nextCanonical <= offset) {
        out.copy(bytes, copied, nextCanonical)
        copied = nextCanonical
        this.#canonicalise(canonical.widths[made++] as number)
        nextCanonical = canonical.offsets[made] ?? Infinity
      }
      const kind = kinds[i] as number
      const operand = operands[i] as number
      if (kind === Insertion.BLOCK || kind === Insertion.ELSE) {
        const cost = costs[i] as Cost
        if (cost === 0 && operand === 0) continue
        out.copy(bytes, copied, offset)
        copied = offset
        if (kind === Insertion.ELSE) out.byte(Op.ELSE)
        this.#block(cost, operand === 1)
        continue
      }
      out.copy(bytes, copied, offset)
      copied = ends[i] as number
      this.#instead(kind, operand)
    }
    for (; made < canonical.offsets.length; made++) {
      out.copy(bytes, copied, canonical.offsets[made] as number)
      copied = canonical.offsets[made] as number
      this.#canonicalise(canonical.widths[made] as number)
    }
    out.copy(bytes, copied, body.end)
    out.patchU32(size, out.length - size - 5)
  }

  #findCanonicalisations(defined: number): Canonicalisations {
    const { bytes, bodies, imports } = this.#module
    const { start, end } = bodies[defined] as { start: number; end: number }
    const type = typeOfFunction(this.#module, imports.length + defined)
    return findCanonicalisations(this.#module, new ByteReader(bytes, start, end), type)
  }

  /** Declares the function's own locals, and those that are added. */
  #locals(start: number, { widths }: Canonicalisations): void {
    const scan = this.#scan
    const out = this.#out
    let local = scan.localCount
    this.#gas = scan.loops && !scan.callsAnything ? local++ : -1
    this.#room = scan.calls ? local++ : -1
    this.#operand = scan.dynamicCharges > 0 ? local++ : -1
    this.#float32 = widths.includes(32) ? local++ : -1
    this.#float64 = widths.includes(64) ? local++ : -1
    const added = [this.#gas, this.#room, this.#operand, this.#float32, this.#float64]
    out.u32(scan.localGroups + added.filter((index) => index >= 0).length)
    out.copy(this.#module.bytes, this.#groupsStart(start), scan.codeStart)
    if (this.#gas >= 0) out.bytes([1, ValueType.I64])
    if (this.#room >= 0) out.bytes([1, ValueType.I64])
    if (this.#operand >= 0) out.bytes([1, ValueType.I32])
    if (this.#float32 >= 0) out.bytes([1, ValueType.F32])
    if (this.#float64 >= 0) out.bytes([1, ValueType.F64])
  }

  /** Where the groups of locals begin, behind their number. */
  #groupsStart(start: number): number {
    let offset = start
    while ((this.#module.bytes[offset] as number) > 0x7f) offset++
    return offset + 1
  }

  /** Traps where there is no room for this function, as the caller would have in the reference; or where there is no gas. */
  #begin(stackCost: number): void {
    const out = this.#out
    out.op(Op.GLOBAL_GET, this.#anchors.room)
    out.byte(Op.I64_CONST)
    out.s64(stackCost)
    out.byte(Op.I64_SUB)
    if (this.#room >= 0) out.op(Op.LOCAL_TEE, this.#room)
    const endsSoon = !this.#scan.calls && !this.#scan.loops && this.#scan.insertions.totalCost <= EAGER_COST
    if (!endsSoon) {
      out.op(Op.GLOBAL_GET, this.#anchors.gas)
      if (this.#gas >= 0) out.op(Op.LOCAL_TEE, this.#gas)
      out.byte(Op.I64_OR)
    }
    out.bytes(TRAP_IF_NEGATIVE)
  }

  #block(cost: Cost, isChecked: boolean): void {
    const isEager = cost > EAGER_COST
    if (isEager) this.#checkGas()
    if (cost > 0) {
      const out = this.#out
      this.#getGas()
      out.byte(Op.I64_CONST)
      out.s64(cost)
      out.byte(Op.I64_SUB)
      this.#setGas()
    }
    if (isChecked || isEager) this.#checkGas()
  }

  #getGas(): void {
    if (this.#gas >= 0) this.#out.op(Op.LOCAL_GET, this.#gas)
    else this.#out.op(Op.GLOBAL_GET, this.#anchors.gas)
  }

  /** Takes the counter's new value from the stack. */
  #setGas(): void {
    if (this.#gas >= 0) this.#out.op(Op.LOCAL_TEE, this.#gas)
    this.#out.op(Op.GLOBAL_SET, this.#anchors.gas)
  }

  #checkGas(): void {
    this.#getGas()
    this.#out.bytes(TRAP_IF_NEGATIVE)
  }

  /** What stands before an instruction, or for it. */
  #instead(kind: number, operand: number): void {
    const out = this.#out
    const anchors = this.#anchors
    switch (kind) {
      case Insertion.CALL:
        this.#leaveRoom()
        out.op(Op.CALL, operand + anchors.functionShift)
        return
      case Insertion.LEAVE_ROOM:
        this.#leaveRoom()
        return
      case Insertion.DYNAMIC:
        this.#chargeOperand(operand)
        return
      case Insertion.MEMORY_GROW:
        out.op(Op.CALL, anchors.memoryGrow as number)
        return
      case Insertion.TABLE_GROW:
        out.op(Op.CALL, anchors.tableGrow as number)
    }
  }

  #leaveRoom(): void {
    this.#out.op(Op.LOCAL_GET, this.#room)
    this.#out.op(Op.GLOBAL_SET, this.#anchors.room)
  }

  #chargeOperand(unit: number): void {
    const out = this.#out
    out.op(Op.LOCAL_TEE, this.#operand)
    this.#getGas()
    out.op(Op.LOCAL_GET, this.#operand)
    out.byte(Op.I64_EXTEND_I32_U)
    out.byte(Op.I64_CONST)
    out.s64(unit)
    out.bytes([Op.I64_MUL, Op.I64_SUB])
    this.#setGas()
    this.#checkGas()
  }

  /** Keeps the float on the stack where it equals itself, otherwise takes the canonical NaN. */
  #canonicalise(width: number): void {
    const out = this.#out
    const temporary = width === 32 ? this.#float32 : this.#float64
    out.op(Op.LOCAL_TEE, temporary)
    out.byte(width === 32 ? Op.F32_CONST : Op.F64_CONST)
    out.bytes(width === 32 ? CANONICAL_NAN_32 : CANONICAL_NAN_64)
    out.op(Op.LOCAL_GET, temporary)
    out.op(Op.LOCAL_GET, temporary)
    out.byte(width === 32 ? Op.F32_EQ : Op.F64_EQ)
    out.byte(Op.SELECT)
  }
}

/** Writes the code that takes `cost` from the gas counter. */
export function emitCharge(out: ByteWriter, anchors: Anchors, cost: Cost): void {
  out.op(Op.GLOBAL_GET, anchors.gas)
  out.byte(Op.I64_CONST)
  out.s64(cost)
  out.byte(Op.I64_SUB)
  out.op(Op.GLOBAL_SET, anchors.gas)
}

/** Writes a whole function body: its length, `locals`, what `write` writes, and `end`. */
export function emitBody(out: ByteWriter, write: () => void, locals: readonly number[] = [0]): void {
  const size = out.placeholderU32()
  out.bytes(locals)
  write()
  out.byte(Op.END)
  out.patchU32(size, out.length - size - 5)
}
