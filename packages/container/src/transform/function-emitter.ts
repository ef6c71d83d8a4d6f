/**
 * @module Writes metered function bodies: the original bytes, with code at the places that a scan found.
 *
 * Gas. At the start of a metered block its cost is subtracted from the counter, as in the reference, but the counter is looked at only where
 * that is needed for the code to stop: where functions and loops begin, after charges by an operand, and around blocks of unusual cost. In
 * between nothing can be observed from outside: a call of the host finds a negative counter first, and so does whoever asks why the code
 * trapped. Once negative, the counter stays so, because between two looks less is subtracted than it can hold.
 *
 * Stack height. In the reference the caller counts up by what the callee costs, traps above the limit, and counts down after the call. Here the
 * caller leaves its own height in a global, and the callee adds its cost and compares before anything else of it runs; nothing is to be
 * counted down, because every call is preceded by the caller's height. The heights that are compared are the same, in the same order with
 * respect to gas.
 */
import { Op } from '../module/opcodes.ts'
import { ValueType, type WasmModule } from '../module/wasm-module.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { FunctionScan } from './function-scan.ts'
import { Insertion } from './insertions.ts'
import type { Cost } from './operator-costs.ts'

/** Blocks that cost more have the counter looked at before and after, so that it never wraps; all real blocks cost far less. */
const EAGER_COST = 2 ** 32

const VOID = 0x40
const CANONICAL_NAN_32 = [0x00, 0x00, 0xc0, 0x7f]
const CANONICAL_NAN_64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f]

/** Indices in the new module of what the inserted code uses. */
export interface Anchors {
  /** Global: the stack height of the function that called last. */
  readonly height: number
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
  readonly #stackLimit: number

  constructor(module: WasmModule, scan: FunctionScan, out: ByteWriter, anchors: Anchors, stackLimit: number) {
    this.#module = module
    this.#scan = scan
    this.#out = out
    this.#anchors = anchors
    this.#stackLimit = stackLimit
  }

  /** Writes the function that was scanned last. */
  emit(defined: number, stackCost: number): void {
    const { bytes } = this.#module
    const body = this.#module.bodies[defined] as { start: number; end: number }
    const scan = this.#scan
    const out = this.#out
    const size = out.placeholderU32()

    let local = scan.localCount
    const height = scan.calls ? local++ : -1
    const operand = scan.dynamicCharges > 0 ? local++ : -1
    const temporary32 = scan.canonicalises32 ? local++ : -1
    const temporary64 = scan.canonicalises64 ? local++ : -1
    const groups = [height, operand, temporary32, temporary64].filter((index) => index >= 0).length
    out.u32(scan.localGroups + groups)
    out.copy(bytes, this.#groupsStart(body.start), scan.codeStart)
    if (height >= 0) out.bytes([1, ValueType.I32])
    if (operand >= 0) out.bytes([1, ValueType.I32])
    if (temporary32 >= 0) out.bytes([1, ValueType.F32])
    if (temporary64 >= 0) out.bytes([1, ValueType.F64])

    this.#checkHeight(stackCost, height)
    const { insertions } = scan
    let copied = scan.codeStart
    for (let i = 0; i < insertions.length; i++) {
      const offset = insertions.offsets[i] as number
      const value = insertions.operands[i] as number
      const kind = insertions.kinds[i]
      if (kind === Insertion.BLOCK) {
        const cost = insertions.costs[i] as Cost
        if (cost === 0 && value === 0) continue
        out.copy(bytes, copied, offset)
        this.#block(cost, value === 1)
      } else {
        out.copy(bytes, copied, offset)
        if (kind === Insertion.CALL) this.#call(value, height)
        else if (kind === Insertion.CALL_INDIRECT) this.#setHeight(height)
        else if (kind === Insertion.DYNAMIC) this.#chargeOperand(value, operand)
        else if (kind === Insertion.MEMORY_GROW) this.#callFunction(this.#anchors.memoryGrow as number)
        else if (kind === Insertion.TABLE_GROW) this.#callFunction(this.#anchors.tableGrow as number)
        else if (kind === Insertion.CANONICALISE_32) this.#canonicalise32(temporary32)
        else this.#canonicalise64(temporary64)
      }
      copied = insertions.ends[i] as number
    }
    out.copy(bytes, copied, body.end)
    out.patchU32(size, out.length - size - 5)
  }

  /** Where the groups of locals begin, behind their number. */
  #groupsStart(start: number): number {
    let offset = start
    while ((this.#module.bytes[offset] as number) > 0x7f) offset++
    return offset + 1
  }

  #block(cost: Cost, isEntry: boolean): void {
    const out = this.#out
    const isEager = cost > EAGER_COST
    if (isEager) this.#checkGas()
    if (cost > 0) emitCharge(out, this.#anchors, cost)
    if (isEntry || isEager) this.#checkGas()
  }

  #checkGas(): void {
    const out = this.#out
    out.byte(Op.GLOBAL_GET)
    out.u32(this.#anchors.gas)
    out.bytes([Op.I64_CONST, 0, Op.I64_LT_S, Op.IF, VOID, Op.UNREACHABLE, Op.END])
  }

  /** Traps where the height is above the limit, as the caller would have in the reference. */
  #checkHeight(stackCost: number, height: number): void {
    const out = this.#out
    out.byte(Op.GLOBAL_GET)
    out.u32(this.#anchors.height)
    out.byte(Op.I32_CONST)
    out.s64(stackCost)
    out.byte(Op.I32_ADD)
    if (height >= 0) {
      out.byte(Op.LOCAL_TEE)
      out.u32(height)
    }
    out.byte(Op.I32_CONST)
    out.s64(this.#stackLimit)
    out.bytes([Op.I32_GT_U, Op.IF, VOID, Op.UNREACHABLE, Op.END])
  }

  #setHeight(height: number): void {
    const out = this.#out
    out.byte(Op.LOCAL_GET)
    out.u32(height)
    out.byte(Op.GLOBAL_SET)
    out.u32(this.#anchors.height)
  }

  #call(callee: number, height: number): void {
    this.#setHeight(height)
    this.#callFunction(callee + this.#anchors.functionShift)
  }

  #callFunction(index: number): void {
    this.#out.byte(Op.CALL)
    this.#out.u32(index)
  }

  #chargeOperand(unit: number, operand: number): void {
    const out = this.#out
    out.byte(Op.LOCAL_TEE)
    out.u32(operand)
    out.byte(Op.GLOBAL_GET)
    out.u32(this.#anchors.gas)
    out.byte(Op.LOCAL_GET)
    out.u32(operand)
    out.byte(Op.I64_EXTEND_I32_U)
    out.byte(Op.I64_CONST)
    out.s64(unit)
    out.bytes([Op.I64_MUL, Op.I64_SUB])
    out.byte(Op.GLOBAL_SET)
    out.u32(this.#anchors.gas)
    this.#checkGas()
  }

  #canonicalise32(temporary: number): void {
    const out = this.#out
    out.byte(Op.LOCAL_TEE)
    out.u32(temporary)
    out.byte(Op.F32_CONST)
    out.bytes(CANONICAL_NAN_32)
    this.#selectNumber(temporary, Op.F32_EQ)
  }

  #canonicalise64(temporary: number): void {
    const out = this.#out
    out.byte(Op.LOCAL_TEE)
    out.u32(temporary)
    out.byte(Op.F64_CONST)
    out.bytes(CANONICAL_NAN_64)
    this.#selectNumber(temporary, Op.F64_EQ)
  }

  /** Keeps the value where it equals itself, otherwise takes the canonical one. */
  #selectNumber(temporary: number, equal: number): void {
    const out = this.#out
    for (let i = 0; i < 2; i++) {
      out.byte(Op.LOCAL_GET)
      out.u32(temporary)
    }
    out.byte(equal)
    out.byte(Op.SELECT)
  }
}

/** Writes the code that takes `cost` from the gas counter. */
export function emitCharge(out: ByteWriter, anchors: Anchors, cost: Cost): void {
  out.byte(Op.GLOBAL_GET)
  out.u32(anchors.gas)
  out.byte(Op.I64_CONST)
  out.s64(cost)
  out.byte(Op.I64_SUB)
  out.byte(Op.GLOBAL_SET)
  out.u32(anchors.gas)
}

/** Writes a whole function body: its length, `locals`, what `write` writes, and `end`. */
export function emitBody(out: ByteWriter, write: () => void, locals: readonly number[] = [0]): void {
  const size = out.placeholderU32()
  out.bytes(locals)
  write()
  out.byte(Op.END)
  out.patchU32(size, out.length - size - 5)
}
