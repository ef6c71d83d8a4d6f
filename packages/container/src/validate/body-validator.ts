import type { ByteReader } from '../module/byte-reader.ts'
import { readBlockType, refuseOpcode, refusePrefixed } from '../module/immediates.ts'
import { IMMEDIATES, Immediate, Op, POPS, PrefixedOp } from '../module/opcodes.ts'
import { readValueType } from '../module/value-types.ts'
import { type FunctionType, typeOfFunction, ValueType } from '../module/wasm-module.ts'
import type { BodyBounds } from './limits.ts'
import { Locals } from './locals.ts'
import type { ModuleContext } from './module-context.ts'
import type { ValidationRule } from './rules.ts'
import { ACCESS_SIZE, OPERAND, RESULT, SATURATING } from './signatures.ts'
import { invalid, NO_RESULT, UNKNOWN, ValidationStack } from './validation-stack.ts'

const { I32, I64, F32, F64, FUNCREF } = ValueType

/** `funcref` is a value type in every generation; what an older instrumentation cannot read is refused later. */
const REFERENCE_TYPES = { extended: true }

/**
 * Checks the types of function bodies, one after the other, in one pass each.
 *
 * Source: WebAssembly core specification 2.0, sections 3.3 and 3.4, with blocks that take no values and leave at most one.
 */
export class BodyValidator {
  readonly #context: ModuleContext
  readonly #stack = new ValidationStack()
  readonly #locals = new Locals()
  readonly #bounds: BodyBounds
  #reader: ByteReader

  /** @param reader any; each body brings its own */
  constructor(context: ModuleContext, reader: ByteReader, bounds: BodyBounds) {
    this.#context = context
    this.#bounds = bounds
    this.#reader = reader
  }

  /**
   * Checks a body: locals, then code.
   * @throws {ContainerError} module/invalid, module/malformed, module/unsupported, module/limit
   */
  validate(reader: ByteReader, type: FunctionType): void {
    const stack = this.#stack
    this.#reader = reader
    this.#readLocals(type)
    stack.reset(type.results[0] ?? NO_RESULT)
    while (stack.depth > 0) {
      stack.offset = reader.offset
      this.#instruction(reader.byte())
    }
    if (!reader.done) throw invalid('code-after-end', reader.offset)
  }

  #readLocals(type: FunctionType): void {
    const reader = this.#reader
    const locals = this.#locals
    locals.reset()
    for (const param of type.params) locals.declare(1, param)
    const groups = reader.count(2)
    for (let i = 0; i < groups; i++) {
      const offset = reader.offset
      const count = reader.u32()
      if (locals.count + count > this.#bounds.maximumLocals) reader.tooMany('locals', offset)
      locals.declare(count, readValueType(reader, REFERENCE_TYPES))
    }
  }

  #instruction(opcode: number): void {
    const stack = this.#stack
    const reader = this.#reader
    switch (IMMEDIATES[opcode]) {
      case Immediate.LOCAL:
        this.#local(opcode)
        return
      case Immediate.I32:
        reader.s32()
        stack.push(I32)
        return
      case Immediate.NONE:
        if (opcode < 0x20) {
          this.#plainControl(opcode)
          return
        }
        stack.pop(OPERAND[opcode] as number)
        if (POPS[opcode] === 2) stack.pop(OPERAND[opcode] as number)
        stack.push(RESULT[opcode] as number)
        return
      case Immediate.MEMORY_ARGUMENT:
        this.#memoryAccess(opcode)
        return
      case Immediate.BLOCK:
        this.#enter(opcode)
        return
      case Immediate.LABEL:
        this.#branch(opcode)
        return
      case Immediate.LABELS:
        this.#branchTable()
        return
      case Immediate.FUNCTION: {
        const index = reader.u32()
        if (index >= this.#context.module.functions.length) this.#fail('unknown-function')
        this.#call(typeOfFunction(this.#context.module, index))
        return
      }
      case Immediate.TYPE_AND_TABLE: {
        const type = this.#context.module.types[reader.u32()] ?? this.#fail('unknown-type')
        this.#table()
        stack.pop(I32)
        this.#call(type)
        return
      }
      case Immediate.GLOBAL:
        this.#global(opcode)
        return
      case Immediate.I64:
        reader.skipS64()
        stack.push(I64)
        return
      case Immediate.F32:
        reader.skip(4)
        stack.push(F32)
        return
      case Immediate.F64:
        reader.skip(8)
        stack.push(F64)
        return
      case Immediate.MEMORY:
        this.#memory()
        if (opcode === Op.MEMORY_GROW) stack.pop(I32)
        stack.push(I32)
        return
      case Immediate.TABLE:
        this.#table()
        if (opcode === Op.TABLE_SET) stack.pop(FUNCREF)
        stack.pop(I32)
        if (opcode === Op.TABLE_GET) stack.push(FUNCREF)
        return
      case Immediate.PREFIX:
        this.#prefixed()
        return
      default:
        this.#reference(opcode)
    }
  }

  #fail(rule: ValidationRule): never {
    throw invalid(rule, this.#stack.offset)
  }

  /** Instructions below 0x20 with nothing behind the opcode. */
  #plainControl(opcode: number): void {
    const stack = this.#stack
    switch (opcode) {
      case Op.END:
        stack.leave()
        return
      case Op.ELSE:
        stack.otherwise()
        return
      case Op.RETURN:
        this.#take(stack.functionResult)
        stack.markDead()
        return
      case Op.UNREACHABLE:
        stack.markDead()
        return
      case Op.DROP:
        stack.popAny()
        return
      case Op.SELECT:
        this.#select()
    }
  }

  #take(type: number): void {
    if (type !== NO_RESULT) this.#stack.pop(type)
  }

  /** `select` without a type: of numbers only. */
  #select(): void {
    const stack = this.#stack
    stack.pop(I32)
    const second = stack.popAny()
    const first = stack.popAny()
    if (first === FUNCREF || second === FUNCREF) this.#fail('type-mismatch')
    if (first !== second && first !== UNKNOWN && second !== UNKNOWN) this.#fail('type-mismatch')
    stack.push(first === UNKNOWN ? second : first)
  }

  #local(opcode: number): void {
    const stack = this.#stack
    const type = this.#locals.type(this.#reader.u32()) ?? this.#fail('unknown-local')
    if (opcode !== Op.LOCAL_GET) stack.pop(type)
    if (opcode !== Op.LOCAL_SET) stack.push(type)
  }

  #global(opcode: number): void {
    const global = this.#context.global(this.#reader.u32()) ?? this.#fail('unknown-global')
    if (opcode === Op.GLOBAL_GET) {
      this.#stack.push(global.type)
      return
    }
    if (!global.isMutable) this.#fail('immutable-global')
    this.#stack.pop(global.type)
  }

  #memoryAccess(opcode: number): void {
    const reader = this.#reader
    const stack = this.#stack
    if (this.#context.module.memory === undefined) this.#fail('unknown-memory')
    const alignment = reader.u32()
    // Bit 6 would announce the index of a memory.
    if (alignment >= 64 && alignment < 128) reader.unsupported('multi-memory', stack.offset)
    if (alignment > (ACCESS_SIZE[opcode] as number)) this.#fail('alignment')
    reader.u32()
    const value = OPERAND[opcode] as number
    if (value !== 0) stack.pop(value)
    stack.pop(I32)
    if (value === 0) stack.push(RESULT[opcode] as number)
  }

  /** The index of a memory, which is a zero byte. */
  #memory(): void {
    const offset = this.#reader.offset
    if (this.#reader.byte() !== 0) this.#reader.unsupported('multi-memory', offset)
    if (this.#context.module.memory === undefined) this.#fail('unknown-memory')
  }

  /** The index of a table, which may be written longer than it need be. */
  #table(): void {
    const index = this.#reader.u32()
    if (index !== 0 || this.#context.module.table === undefined) this.#fail('unknown-table')
  }

  #enter(opcode: number): void {
    const result = readBlockType(this.#reader, REFERENCE_TYPES) ?? NO_RESULT
    if (opcode === Op.IF) this.#stack.pop(I32)
    this.#stack.enter(opcode, result)
  }

  #branch(opcode: number): void {
    const stack = this.#stack
    const type = stack.label(this.#reader.u32())
    if (opcode === Op.BR) {
      this.#take(type)
      stack.markDead()
      return
    }
    stack.pop(I32)
    if (type === NO_RESULT) return
    stack.pop(type)
    stack.push(type)
  }

  #branchTable(): void {
    const stack = this.#stack
    const reader = this.#reader
    const countOffset = reader.offset
    const count = reader.count(1)
    if (count > this.#bounds.maximumBranches) reader.tooMany('labels', countOffset)
    stack.pop(I32)
    let hasValue: boolean | undefined
    for (let i = 0; i <= count; i++) {
      const type = stack.label(reader.u32())
      hasValue ??= type !== NO_RESULT
      if (hasValue !== (type !== NO_RESULT)) this.#fail('label-arity')
      if (hasValue) stack.peek(type)
    }
    stack.markDead()
  }

  #call({ params, results }: FunctionType): void {
    const stack = this.#stack
    for (let i = params.length - 1; i >= 0; i--) stack.pop(params[i] as number)
    if (results.length > 0) stack.push(results[0] as number)
  }

  #prefixed(): void {
    const stack = this.#stack
    const opcode = this.#reader.u32()
    const conversion = SATURATING[opcode]
    if (conversion !== undefined) {
      stack.pop(conversion[0])
      stack.push(conversion[1])
      return
    }
    switch (opcode) {
      case PrefixedOp.DATA_DROP:
        this.#dataSegment()
        return
      case PrefixedOp.ELEM_DROP:
        this.#elementSegment()
        return
      case PrefixedOp.MEMORY_INIT:
        this.#dataSegment()
        this.#memory()
        break
      case PrefixedOp.MEMORY_COPY:
        this.#memory()
        this.#memory()
        break
      case PrefixedOp.MEMORY_FILL:
        this.#memory()
        break
      case PrefixedOp.TABLE_INIT:
        this.#elementSegment()
        this.#table()
        break
      case PrefixedOp.TABLE_COPY:
        this.#table()
        this.#table()
        break
      case PrefixedOp.TABLE_GROW:
        this.#table()
        stack.pop(I32)
        stack.pop(FUNCREF)
        stack.push(I32)
        return
      case PrefixedOp.TABLE_SIZE:
        this.#table()
        stack.push(I32)
        return
      case PrefixedOp.TABLE_FILL:
        this.#table()
        stack.pop(I32)
        stack.pop(FUNCREF)
        stack.pop(I32)
        return
      default:
        refusePrefixed(this.#reader, opcode, stack.offset)
    }
    for (let i = 0; i < 3; i++) stack.pop(I32)
  }

  #dataSegment(): void {
    const segment = this.#reader.u32()
    const { dataCount } = this.#context.module
    if (dataCount === undefined) this.#fail('data-count')
    if (segment >= dataCount) this.#fail('unknown-data-segment')
  }

  #elementSegment(): void {
    if (this.#reader.u32() >= this.#context.module.elements.length) this.#fail('unknown-element-segment')
  }

  /** Instructions that are valid, although no instrumentation of the reference takes them; and those that are not. */
  #reference(opcode: number): void {
    const stack = this.#stack
    const reader = this.#reader
    switch (opcode) {
      case Op.TYPED_SELECT: {
        if (reader.u32() !== 1) this.#fail('select-arity')
        const type = readValueType(reader, REFERENCE_TYPES)
        stack.pop(I32)
        stack.pop(type)
        stack.pop(type)
        stack.push(type)
        return
      }
      case Op.REF_NULL:
        if (readValueType(reader, REFERENCE_TYPES) !== FUNCREF)
          reader.malformed('a null of a number', stack.offset)
        stack.push(FUNCREF)
        return
      case Op.REF_IS_NULL: {
        const type = stack.popAny()
        if (type !== FUNCREF && type !== UNKNOWN) this.#fail('type-mismatch')
        stack.push(I32)
        return
      }
      case Op.REF_FUNC: {
        const index = reader.u32()
        if (index >= this.#context.module.functions.length) this.#fail('unknown-function')
        if (!this.#context.isDeclared(index)) this.#fail('undeclared-reference')
        stack.push(FUNCREF)
        return
      }
      default:
        refuseOpcode(reader, opcode)
    }
  }
}
