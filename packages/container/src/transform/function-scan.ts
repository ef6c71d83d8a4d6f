/**
 * @module Reads function bodies: checks what must be checked before anything is inserted, simulates the stack height, partitions the code into
 * metered blocks, and notes the places where code will be inserted.
 */
import { ContainerError } from '../errors.ts'
import { ByteReader } from '../module/byte-reader.ts'
import type { Dialect } from '../module/dialect.ts'
import {
  readBlockResults,
  readMemoryArgument,
  readMemoryIndex,
  readSmall,
  readTableIndex,
  refuseOpcode,
  refusePrefixed,
} from '../module/immediates.ts'
import {
  CANONICALISED,
  IMMEDIATES,
  Immediate,
  OBSERVABLE,
  Op,
  POPS,
  PrefixedOp,
  PUSHES,
  SIGN_EXTENSION,
} from '../module/opcodes.ts'
import { PLAIN, PlainKind, PlainShift } from '../module/plain-instructions.ts'
import { readValueType } from '../module/value-types.ts'
import { type FunctionType, typeOfFunction, type WasmModule } from '../module/wasm-module.ts'
import { MAXIMUM_LOCALS } from '../validate/limits.ts'
import { Insertion, Insertions } from './insertions.ts'
import { MeteredBlocks } from './metered-blocks.ts'
import type { Cost, OperatorCosts } from './operator-costs.ts'
import { StackHeight } from './stack-height.ts'

/** No plain instruction is longer. */
const LONGEST_PLAIN = 16

/** Instructions behind {@link Op.PREFIX} that change a table or drop a segment. */
const CHANGES_TABLE_OR_SEGMENTS: ReadonlySet<number> = new Set([
  ...[PrefixedOp.DATA_DROP, PrefixedOp.ELEM_DROP],
  ...[PrefixedOp.TABLE_INIT, PrefixedOp.TABLE_COPY, PrefixedOp.TABLE_GROW, PrefixedOp.TABLE_FILL],
])

/** Scans function bodies, one after the other. What the last scan found stays until the next one. */
export class FunctionScan {
  readonly insertions: Insertions = new Insertions()
  /** Offset of the first instruction. */
  codeStart = 0
  /** Parameters and declared locals. */
  localCount = 0
  /** Those of them that are parameters. */
  parameterCount = 0
  /** Declarations of locals, each of one type. */
  localGroups = 0
  /** Greatest height of the value stack, the activation frame's share included. */
  maximumHeight = 0
  /** Whether anything is called that has a stack cost. */
  calls = false
  /** Whether anything is called, by which the gas counter may change. */
  callsAnything = false
  /** Whether there is a loop. */
  loops = false
  /** Whether an operation may give a NaN that is canonicalised. */
  computesFloats = false
  /** Instructions that are charged by their last operand. */
  dynamicCharges = 0
  /** Whether any of the functions scanned so far, reached or not, may change its table or drop a segment: what no code can take back. */
  changesTableOrSegments = false

  readonly #module: WasmModule
  readonly #dialect: Dialect
  readonly #costs: OperatorCosts
  readonly #isEmbedded: boolean
  readonly #height = new StackHeight()
  readonly #blocks: MeteredBlocks
  #reader: ByteReader
  /** Offset of the instruction before, where that was `i32.const`; otherwise -1. */
  #constantOffset = -1

  /** @param isEmbedded whether imported functions may call back, so that they have to find the room of the stack */
  constructor(module: WasmModule, dialect: Dialect, costs: OperatorCosts, isEmbedded = false) {
    this.#isEmbedded = isEmbedded
    this.#module = module
    this.#dialect = dialect
    this.#costs = costs
    this.#blocks = new MeteredBlocks(this.insertions)
    this.#reader = new ByteReader(module.bytes)
  }

  /**
   * Scans the body of a function that is not imported.
   * @param defined its number among those
   * @throws {ContainerError} module/malformed, module/unsupported, module/not-instrumentable, module/limit
   */
  scan(defined: number): void {
    const body = this.#module.bodies[defined]
    if (body === undefined) throw new RangeError(`there is no body ${defined}`)
    const type = typeOfFunction(this.#module, this.#module.imports.length + defined)
    const reader = new ByteReader(this.#module.bytes, body.start, body.end)
    this.#reader = reader
    this.#readLocals(type)
    this.codeStart = reader.offset
    this.calls = false
    this.dynamicCharges = 0
    this.loops = false
    this.computesFloats = false
    this.callsAnything = false
    this.insertions.reset()
    this.#height.reset(type.results.length)
    this.#blocks.reset(reader.offset)
    this.#constantOffset = -1
    while (this.#blocks.depth > 0) {
      this.#passPlain()
      this.#height.observe()
      const offset = reader.offset
      const opcode = reader.byte()
      this.#instruction(offset, opcode, type)
      this.#constantOffset = opcode === Op.I32_CONST ? offset : -1
    }
    if (!reader.done) reader.malformed('code after the end of a function')
    // The reference keeps the operand in a local more, and validates the function again.
    if (this.dynamicCharges > 0 && this.localCount >= MAXIMUM_LOCALS) reader.tooMany('locals', body.start)
    this.maximumHeight = this.#height.maximum
  }

  /** What an activation of the function that was scanned last adds to the stack height, in units of the limiter. */
  stackCost(): number {
    const locals =
      this.#dialect.stackCostCounts === 'locals' ? this.localCount - this.parameterCount : this.localGroups
    return locals + this.maximumHeight
  }

  #readLocals(type: FunctionType): void {
    const reader = this.#reader
    const groups = reader.count(2)
    this.parameterCount = type.params.length
    let locals = type.params.length
    for (let i = 0; i < groups; i++) {
      const offset = reader.offset
      locals += reader.u32()
      if (locals > MAXIMUM_LOCALS) reader.tooMany('locals', offset)
      readValueType(reader, this.#dialect)
    }
    this.localCount = locals
    this.localGroups = groups
  }

  /**
   * Passes over instructions that only take values and leave values, as {@link FunctionScan.#instruction} would, but quickly: most are such. Stops
   * before what is not, and before anything unusual.
   */
  #passPlain(): void {
    const reader = this.#reader
    const height = this.#height
    const { bytes } = reader
    const { fixed } = this.#costs
    const globals = this.#module.globals.length
    const hasMemory = this.#module.memory !== undefined
    const last = reader.end - LONGEST_PLAIN
    const { start, isDead } = height
    let { current, maximum } = height
    let offset = reader.offset
    let constantOffset = this.#constantOffset
    let cost = 0
    let seen = 0
    while (offset < last) {
      const opcode = bytes[offset] as number
      const plain = PLAIN[opcode] as number
      let next = offset + 1
      switch (plain & PlainKind.MASK) {
        case PlainKind.NONE:
          break
        case PlainKind.LOCAL: {
          let index = bytes[next++] as number
          if (index > 0x7f) index += ((bytes[next++] as number) - 1) << 7
          if (index >= this.localCount || index > 0x3fff) next = 0
          break
        }
        case PlainKind.GLOBAL: {
          const index = bytes[next++] as number
          if (index > 0x7f || index >= globals) next = 0
          break
        }
        case PlainKind.INTEGER: {
          // Whether unused bits of the last possible byte are as they must be is left to the reader.
          let length = 1
          while ((bytes[next++] as number) > 0x7f) length++
          if (length > (opcode === Op.I32_CONST ? 4 : 9)) next = 0
          break
        }
        case PlainKind.F32:
          next += 4
          break
        case PlainKind.F64:
          next += 8
          break
        case PlainKind.MEMORY_ARGUMENT: {
          const alignment = bytes[next++] as number
          let length = 1
          while ((bytes[next++] as number) > 0x7f) length++
          if (length > 4 || alignment > 31 || !hasMemory) next = 0
          break
        }
        default:
          next = 0
      }
      if (next === 0) break
      if (!isDead && current > maximum) maximum = current
      const pops = (plain >> PlainShift.POPS) & 3
      if (pops > 0) {
        if (current !== start) {
          if (current < pops) break
          current -= pops
        } else if (!isDead) break
      }
      current += (plain >> PlainShift.PUSHES) & 1
      cost += fixed[opcode] as number
      seen |= plain
      constantOffset = opcode === Op.I32_CONST ? offset : -1
      offset = next
    }
    reader.offset = offset
    height.resume(current, maximum)
    this.#constantOffset = constantOffset
    if (cost > 0) this.#blocks.add(cost)
    if (((seen >> PlainShift.OBSERVABLE) & 1) === 1) this.#blocks.isSilent = false
    if (((seen >> PlainShift.FLOAT) & 1) === 1) this.computesFloats = true
  }

  #instruction(offset: number, opcode: number, type: FunctionType): void {
    const reader = this.#reader
    const height = this.#height
    let cost: Cost = this.#costs.fixed[opcode] as number
    if (OBSERVABLE[opcode] === 1) this.#blocks.isSilent = false
    switch (IMMEDIATES[opcode]) {
      case Immediate.NONE:
        if (opcode < 0x20) {
          this.#plainControl(offset, opcode, cost, type)
          return
        }
        if (opcode >= SIGN_EXTENSION[0] && opcode <= SIGN_EXTENSION[1] && !this.#dialect.extended)
          reader.unsupported('sign extension', offset)
        break
      case Immediate.LOCAL:
        if (reader.u32() >= this.localCount) reader.malformed('unknown local', offset)
        break
      case Immediate.I32:
        reader.s32()
        break
      case Immediate.MEMORY_ARGUMENT:
        readMemoryArgument(reader, this.#module)
        break
      case Immediate.BLOCK:
        this.#enter(opcode, cost)
        return
      case Immediate.LABEL:
        this.#branch(opcode, cost)
        return
      case Immediate.LABELS:
        this.#branchTable(cost)
        return
      case Immediate.FUNCTION:
        this.#call(offset, cost as number)
        return
      case Immediate.TYPE_AND_TABLE:
        this.#callIndirect(offset, cost)
        return
      case Immediate.GLOBAL:
        if (reader.u32() >= this.#module.globals.length) reader.malformed('unknown global', offset)
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
      case Immediate.MEMORY:
        readMemoryIndex(reader, this.#module)
        if (opcode === Op.MEMORY_GROW) {
          cost = this.#linear(offset, cost as number, this.#costs.growPage)
          this.insertions.add(Insertion.MEMORY_GROW, offset, 0, reader.offset)
          this.callsAnything = true
        }
        break
      case Immediate.TABLE:
        if (!this.#dialect.extended) reader.unsupported('reference types', offset)
        readTableIndex(reader, this.#module, this.#dialect)
        if (opcode === Op.TABLE_SET) this.changesTableOrSegments = true
        break
      case Immediate.PREFIX:
        this.#prefixed(offset, cost as number)
        return
      default:
        refuseOpcode(reader, opcode)
    }
    height.pop(POPS[opcode] as number)
    height.push(PUSHES[opcode] as number)
    this.#blocks.add(cost)
    if (CANONICALISED[opcode] !== 0) this.computesFloats = true
  }

  /** Instructions below 0x20 with nothing behind the opcode. */
  #plainControl(offset: number, opcode: number, cost: Cost, type: FunctionType): void {
    const height = this.#height
    const blocks = this.#blocks
    const next = this.#reader.offset
    switch (opcode) {
      case Op.END:
        height.leave()
        blocks.leave(offset, next)
        return
      case Op.ELSE:
        blocks.separate(next)
        return
      case Op.RETURN:
        height.pop(type.results.length)
        height.markDead()
        blocks.add(cost)
        blocks.branch(next)
        blocks.branchTo(0)
        blocks.markDead()
        return
      case Op.UNREACHABLE:
        height.markDead()
        blocks.markDead()
        break
      case Op.DROP:
        height.pop(1)
        break
      case Op.SELECT:
        height.pop(2)
        height.pop(1)
        height.push(1)
        break
    }
    blocks.add(cost)
  }

  #enter(opcode: number, cost: Cost): void {
    const reader = this.#reader
    const results = readBlockResults(reader, this.#dialect)
    if (opcode === Op.IF) this.#height.pop(1)
    this.#height.enter(results, opcode === Op.LOOP)
    this.#blocks.add(cost)
    if (opcode === Op.BLOCK) this.#blocks.enterBlock()
    else if (opcode === Op.IF) this.#blocks.enterIf(reader.offset)
    else {
      this.loops = true
      this.#blocks.enterLoop(reader.offset)
    }
  }

  #branch(opcode: number, cost: Cost): void {
    const label = this.#label()
    const arity = this.#height.branchArity(label)
    this.#height.pop(arity)
    if (opcode === Op.BR) this.#height.markDead()
    else {
      this.#height.pop(1)
      this.#height.push(arity)
    }
    this.#blocks.add(cost)
    const target = this.#blocks.depth - 1 - label
    this.#blocks.branch(this.#reader.offset)
    this.#blocks.branchTo(target)
    if (opcode === Op.BR) this.#blocks.markDead()
  }

  #label(): number {
    const offset = this.#reader.offset
    const label = this.#reader.u32()
    if (label >= this.#blocks.depth) this.#reader.malformed('unknown label', offset)
    return label
  }

  #branchTable(cost: Cost): void {
    const reader = this.#reader
    const count = reader.count(1)
    const first = reader.offset
    for (let i = 0; i < count; i++) this.#label()
    const fallback = this.#label()
    const next = reader.offset
    const arity = this.#height.branchArity(fallback)
    this.#blocks.add(cost)
    this.#blocks.branch(next)
    const innermost = this.#blocks.depth - 1
    if (this.#dialect.branchTableCountsDefault) this.#blocks.branchTo(innermost - fallback)
    else this.#blocks.overlookedBranchTo(innermost - fallback)
    reader.offset = first
    for (let i = 0; i < count; i++) {
      const label = reader.u32()
      if (this.#height.branchArity(label) !== arity) reader.malformed('labels of different arity', first)
      this.#blocks.branchTo(innermost - label)
    }
    reader.offset = next
    this.#height.pop(arity)
    this.#height.markDead()
    this.#blocks.markDead()
  }

  #call(offset: number, cost: number): void {
    const reader = this.#reader
    const callee = reader.u32()
    if (callee >= this.#module.functions.length) reader.malformed('unknown function', offset)
    const type = typeOfFunction(this.#module, callee)
    this.#height.pop(type.params.length)
    this.#height.push(type.results.length)
    this.callsAnything = true
    if (callee < this.#module.imports.length) {
      this.#blocks.add(cost)
      if (!this.#isEmbedded) return
      this.calls = true
      this.insertions.add(Insertion.LEAVE_ROOM, offset)
      return
    }
    this.calls = true
    this.#blocks.add(cost + this.#costs.limiter)
    this.insertions.add(Insertion.CALL, offset, callee, reader.offset)
  }

  #callIndirect(offset: number, cost: Cost): void {
    const reader = this.#reader
    const type = this.#module.types[reader.u32()] ?? reader.malformed('unknown type', offset)
    readTableIndex(reader, this.#module, this.#dialect)
    this.#height.pop(1)
    this.#height.pop(type.params.length)
    this.#height.push(type.results.length)
    this.calls = true
    this.callsAnything = true
    this.#blocks.add(cost)
    this.insertions.add(Insertion.LEAVE_ROOM, offset)
  }

  #prefixed(offset: number, base: number): void {
    const reader = this.#reader
    const height = this.#height
    const opcode = readSmall(reader, this.#dialect)
    if (CHANGES_TABLE_OR_SEGMENTS.has(opcode)) this.changesTableOrSegments = true
    let cost: Cost = base
    if (opcode <= 7) {
      if (!this.#dialect.extended) reader.unsupported('saturating conversions', offset)
      height.pop(1)
      height.push(1)
    } else if (opcode <= PrefixedOp.TABLE_COPY) {
      cost = this.#bulk(offset, opcode, base)
    } else if (opcode <= PrefixedOp.TABLE_FILL) {
      if (!this.#dialect.extended) reader.unsupported('reference types', offset)
      readTableIndex(reader, this.#module, this.#dialect)
      cost = this.#growableTable(offset, opcode, base)
    } else {
      refusePrefixed(reader, opcode, offset)
    }
    this.#blocks.add(cost)
  }

  /** The instructions of the bulk memory proposal. */
  #bulk(offset: number, opcode: number, base: number): Cost {
    const reader = this.#reader
    const isMemory = opcode <= PrefixedOp.MEMORY_FILL
    if (opcode === PrefixedOp.DATA_DROP) {
      reader.u32()
      return base
    }
    if (opcode === PrefixedOp.ELEM_DROP) {
      if (reader.u32() >= this.#module.elements.length) reader.malformed('unknown segment', offset)
      return base
    }
    if (opcode === PrefixedOp.MEMORY_INIT || opcode === PrefixedOp.TABLE_INIT) {
      const segment = reader.u32()
      if (segment !== 0 && !this.#dialect.extended)
        reader.unsupported('a segment other than the first', offset)
      if (opcode === PrefixedOp.TABLE_INIT && segment >= this.#module.elements.length)
        reader.malformed('unknown segment', offset)
    }
    const isCopy = opcode === PrefixedOp.MEMORY_COPY || opcode === PrefixedOp.TABLE_COPY
    for (let i = isCopy ? 2 : 1; i > 0; i--) {
      if (isMemory) readMemoryIndex(reader, this.#module)
      else readTableIndex(reader, this.#module, this.#dialect)
    }
    const cost = this.#linear(offset, base, isMemory ? this.#costs.bulkByte : this.#costs.tableElement)
    this.#height.pop(3)
    if (isCopy && this.#dialect.copyHasPhantomUnreachable) this.#height.markDead()
    return cost
  }

  /** `table.grow`, `table.size`, `table.fill`. */
  #growableTable(offset: number, opcode: number, base: number): Cost {
    const height = this.#height
    if (opcode === PrefixedOp.TABLE_SIZE) {
      height.push(1)
      return base
    }
    const cost = this.#linear(offset, base, this.#costs.tableElement)
    if (opcode === PrefixedOp.TABLE_FILL) {
      height.pop(3)
      return cost
    }
    this.insertions.add(Insertion.TABLE_GROW, offset, 0, this.#reader.offset)
    this.callsAnything = true
    height.pop(2)
    height.push(1)
    return cost
  }

  /**
   * The static cost of an instruction that is charged by its last operand: with the operand, where an `i32.const` stands before it; otherwise
   * without, and the rest is charged when it runs.
   */
  #linear(offset: number, base: number, unit: number): Cost {
    if (unit === 0) return base
    if (this.#constantOffset < 0) {
      this.dynamicCharges++
      this.insertions.add(Insertion.DYNAMIC, offset, unit)
      return base
    }
    const constant = new ByteReader(this.#module.bytes, this.#constantOffset + 1).s32()
    if (constant < 0)
      throw new ContainerError(
        'module/not-instrumentable',
        'a negative constant for an instruction priced by it',
        {
          offset,
        },
      )
    const linear = constant * unit
    return linear <= Number.MAX_SAFE_INTEGER - base
      ? base + linear
      : BigInt(base) + BigInt(constant) * BigInt(unit)
  }
}
