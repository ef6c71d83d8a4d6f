/**
 * @module Finds where NaNs have to be made canonical. In the reference each operation that computes gives a canonical NaN where it gives one;
 * the engine's may have any bits. Those of an operand make no difference to what computes, compares or truncates, so that a NaN need only be
 * made canonical before its bits go anywhere else: to memory, another function, a global, an integer, or a sign.
 *
 * Source: Cranelift's codegen/src/nan_canonicalization.rs for the operations.
 */
import type { ByteReader } from '../module/byte-reader.ts'
import { CANONICALISED, IMMEDIATES, Immediate, Op, POPS, PrefixedOp, PUSHES } from '../module/opcodes.ts'
import { type FunctionType, typeOfFunction, ValueType, type WasmModule } from '../module/wasm-module.ts'
import { Locals } from '../validate/locals.ts'

/** A value whose bits are what they are in the reference. */
const EXACT = -1
/** A float that is certainly a number. */
const NUMBER = -2

const VOID = 0x40
const FIRST_COMPARISON = 0x5b
const LAST_COMPARISON = 0x66

/** The places where a value is made canonical: offset of the instruction behind it, and width of the value, in their order. */
export interface Canonicalisations {
  readonly offsets: readonly number[]
  readonly widths: readonly number[]
}

/**
 * Finds the places of a function body that has been scanned.
 * @param reader of the body
 */
export function findCanonicalisations(
  module: WasmModule,
  reader: ByteReader,
  type: FunctionType,
): Canonicalisations {
  return new FloatFlow(module, reader, type).run()
}

/**
 * Follows values from where they are computed to where they go, in one pass. What a local holds need not be canonical if nothing is ever put into
 * it but what has been computed in this function, or is a number: then it is made so where it is taken out.
 */
class FloatFlow {
  readonly #module: WasmModule
  readonly #reader: ByteReader
  readonly #parameters: number
  readonly #locals = new Locals()
  /** For each value on the stack, the place behind what gave it, or {@link EXACT} or {@link NUMBER}. */
  readonly #stack: number[] = []
  /** Where the values of each open block begin, and whether it leaves one. */
  readonly #bases: number[] = []
  readonly #results: boolean[] = []
  readonly #offsets: number[] = []
  readonly #widths: number[] = []
  /** The local that a place's value is read from; -1 where it is computed. */
  readonly #sources: number[] = []
  /** Whether the value of each place goes where its bits can be seen. */
  readonly #isSeen: boolean[] = []
  /** Computed values that are put into locals: place and local. */
  readonly #puts: (readonly [place: number, local: number])[] = []
  /** Locals that hold values with bits of their own. */
  readonly #exactLocals = new Set<number>()

  constructor(module: WasmModule, reader: ByteReader, { params }: FunctionType) {
    this.#module = module
    this.#reader = reader
    this.#parameters = params.length
    for (const param of params) this.#locals.declare(1, param)
    for (let groups = reader.u32(); groups > 0; groups--) this.#locals.declare(reader.u32(), reader.byte())
  }

  run(): Canonicalisations {
    const reader = this.#reader
    this.#bases.push(0)
    this.#results.push(true)
    while (this.#bases.length > 0) this.#instruction(reader.byte())
    for (const [place, local] of this.#puts) if (this.#exactLocals.has(local)) this.#isSeen[place] = true
    const isNeeded = (place: number): boolean => {
      const source = this.#sources[place] as number
      return (this.#isSeen[place] as boolean) && (source < 0 || !this.#exactLocals.has(source))
    }
    const places = this.#offsets.map((_, place) => place).filter(isNeeded)
    return {
      offsets: places.map((place) => this.#offsets[place] as number),
      widths: places.map((place) => this.#widths[place] as number),
    }
  }

  #pop(): number {
    if (this.#stack.length <= (this.#bases.at(-1) as number)) return EXACT
    return this.#stack.pop() as number
  }

  /** Takes values whose bits can be seen. */
  #see(count: number): void {
    const base = this.#bases.at(-1) as number
    // Where the code cannot be reached, there need be none.
    for (let i = 0; i < count && this.#stack.length > base; i++) {
      const value = this.#stack.pop() as number
      if (value >= 0) this.#isSeen[value] = true
    }
  }

  /** Looks at the value that a branch may take along. */
  #seeTop(): void {
    if (this.#stack.length <= (this.#bases.at(-1) as number)) return
    const value = this.#stack.at(-1) as number
    if (value >= 0) this.#isSeen[value] = true
  }

  #push(count: number): void {
    for (let i = 0; i < count; i++) this.#stack.push(EXACT)
  }

  #place(width: number, source: number): void {
    this.#stack.push(this.#offsets.length)
    this.#offsets.push(this.#reader.offset)
    this.#widths.push(width)
    this.#sources.push(source)
    this.#isSeen.push(false)
  }

  #instruction(opcode: number): void {
    const reader = this.#reader
    switch (IMMEDIATES[opcode]) {
      case Immediate.LOCAL:
        this.#local(opcode, reader.u32())
        return
      case Immediate.NONE:
        if (opcode < 0x20) this.#plainControl(opcode)
        else this.#numeric(opcode)
        return
      case Immediate.BLOCK: {
        const hasResult = reader.byte() !== VOID
        if (opcode === Op.IF) this.#pop()
        this.#bases.push(this.#stack.length)
        this.#results.push(hasResult)
        return
      }
      case Immediate.LABEL:
        reader.u32()
        if (opcode === Op.BR_IF) this.#pop()
        this.#seeTop()
        if (opcode === Op.BR) this.#clear()
        return
      case Immediate.LABELS:
        for (let count = reader.u32(); count >= 0; count--) reader.u32()
        this.#pop()
        this.#see(1)
        this.#clear()
        return
      case Immediate.FUNCTION: {
        const { params, results } = typeOfFunction(this.#module, reader.u32())
        this.#see(params.length)
        this.#push(results.length)
        return
      }
      case Immediate.TYPE_AND_TABLE: {
        const type = this.#module.types[reader.u32()]
        reader.u32()
        this.#see(1 + (type?.params.length ?? 0))
        this.#push(type?.results.length ?? 0)
        return
      }
      case Immediate.F32:
      case Immediate.F64:
        this.#constant(opcode === Op.F32_CONST ? 4 : 8)
        return
      case Immediate.PREFIX:
        this.#prefixed()
        return
      case Immediate.I32:
      case Immediate.I64:
        reader.skipS64()
        break
      case Immediate.MEMORY_ARGUMENT:
        reader.u32()
        reader.u32()
        break
      default:
        // Globals, tables and memories: an index.
        reader.u32()
    }
    this.#see(POPS[opcode] as number)
    this.#push(PUSHES[opcode] as number)
  }

  #plainControl(opcode: number): void {
    switch (opcode) {
      case Op.END: {
        this.#see(1)
        this.#clear()
        this.#bases.pop()
        if (this.#results.pop()) this.#stack.push(EXACT)
        return
      }
      case Op.ELSE:
        this.#see(1)
        this.#clear()
        return
      case Op.RETURN:
        this.#see(1)
        this.#clear()
        return
      case Op.UNREACHABLE:
        this.#clear()
        return
      case Op.DROP:
        this.#pop()
        return
      case Op.SELECT:
        this.#see(3)
        this.#push(1)
    }
  }

  /** Forgets the values of the innermost block. */
  #clear(): void {
    this.#stack.length = this.#bases.at(-1) as number
  }

  #numeric(opcode: number): void {
    const width = CANONICALISED[opcode] as number
    const isComparison = opcode >= FIRST_COMPARISON && opcode <= LAST_COMPARISON
    const isTruncation = (opcode >= 0xa8 && opcode <= 0xab) || (opcode >= 0xae && opcode <= 0xb1)
    const isConversion = (opcode >= 0xb2 && opcode <= 0xb5) || (opcode >= 0xb7 && opcode <= 0xba)
    if (width !== 0 || isComparison || isTruncation || isConversion) {
      for (let i = POPS[opcode] as number; i > 0; i--) this.#pop()
      if (width !== 0) this.#place(width, -1)
      else this.#stack.push(isConversion ? NUMBER : EXACT)
      return
    }
    this.#see(POPS[opcode] as number)
    this.#push(PUSHES[opcode] as number)
  }

  #local(opcode: number, local: number): void {
    if (opcode === Op.LOCAL_GET) {
      const type = this.#locals.type(local)
      if (local < this.#parameters || (type !== ValueType.F32 && type !== ValueType.F64))
        this.#stack.push(EXACT)
      else this.#place(type === ValueType.F32 ? 32 : 64, local)
      return
    }
    const value = this.#pop()
    const isComputed = value >= 0 && (this.#sources[value] as number) < 0
    if (isComputed && local >= this.#parameters) this.#puts.push([value, local])
    else if (value !== NUMBER) {
      if (value >= 0) this.#isSeen[value] = true
      this.#exactLocals.add(local)
    }
    if (opcode === Op.LOCAL_TEE) this.#stack.push(value)
  }

  #constant(size: number): void {
    const reader = this.#reader
    const at = reader.offset
    reader.skip(size)
    // All bits of the exponent are set in NaNs and infinities.
    const high = reader.bytes[at + size - 1] as number
    const next = reader.bytes[at + size - 2] as number
    const isNumber = (high & 0x7f) !== 0x7f || next < (size === 4 ? 0x80 : 0xf0)
    this.#stack.push(isNumber ? NUMBER : EXACT)
  }

  #prefixed(): void {
    const reader = this.#reader
    const opcode = reader.u32()
    if (opcode < PrefixedOp.MEMORY_INIT) {
      this.#pop()
      this.#push(1)
      return
    }
    const isPair =
      opcode === PrefixedOp.MEMORY_INIT ||
      opcode === PrefixedOp.MEMORY_COPY ||
      opcode === PrefixedOp.TABLE_INIT ||
      opcode === PrefixedOp.TABLE_COPY
    reader.u32()
    if (isPair) reader.u32()
    if (opcode === PrefixedOp.TABLE_SIZE) this.#push(1)
    else if (opcode === PrefixedOp.TABLE_GROW) {
      this.#see(2)
      this.#push(1)
    } else if (opcode !== PrefixedOp.DATA_DROP && opcode !== PrefixedOp.ELEM_DROP) this.#see(3)
  }
}
