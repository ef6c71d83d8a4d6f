import type { EmbeddedInstance } from '@troupe/container'
import { Abort, ExitCode } from '@troupe/hypervisor'
import { addressWithin } from './engine-address.ts'
import type { EngineOutput } from './engine-output.ts'
import { JsException } from './js-exception.ts'
import { asInt, isException, type JsValue, ofInt, UNDEFINED } from './js-value.ts'
import { Rejections } from './rejections.ts'

/** The engine's functions that are called, all of its C interface. */
export const ENGINE_FUNCTIONS: readonly EngineFunction[] = [
  ...(['_initialize', 'qjs_init', 'qjs_set_memory_limit', 'qjs_set_max_stack_size', 'JS_RunGC'] as const),
  ...(['qjs_get_context_ptr', 'qjs_get_runtime_ptr', 'qjs_new_host_function', 'qjs_get_undefined'] as const),
  ...(['qjs_set_promise_rejection_handler', 'qjs_free_value'] as const),
  ...(['malloc', 'free', 'JS_Eval', 'JS_Call', 'JS_ExecutePendingJob', 'JS_GetException'] as const),
  ...(['JS_NewStringLen', 'JS_NewBigUint64', 'JS_NewUint8ArrayCopy', 'JS_GetPropertyUint32'] as const),
  ...(['JS_ToCStringLen2', 'JS_FreeCString', 'JS_FreeValue', 'JS_ToBigInt64', 'JS_GetUint8Array'] as const),
]

/** A function that the engine exports, and the host calls. */
export type EngineFunction =
  | '_initialize'
  | `qjs_${'init' | 'set_memory_limit' | 'set_max_stack_size'}`
  | `qjs_${'set_promise_rejection_handler' | 'free_value'}`
  | `qjs_${'get_context_ptr' | 'get_runtime_ptr' | 'new_host_function' | 'get_undefined'}`
  | 'malloc'
  | 'free'
  | `JS_${'RunGC' | 'Eval' | 'Call' | 'ExecutePendingJob' | 'GetException' | 'FreeValue'}`
  | `JS_${'NewStringLen' | 'NewBigUint64' | 'NewUint8ArrayCopy' | 'GetPropertyUint32'}`
  | `JS_${'ToCStringLen2' | 'FreeCString' | 'ToBigInt64' | 'GetUint8Array'}`

const VALUE_SIZE = 8
const POINTER_SIZE = 4
const FILE_NAME = 'actor.js'
/** Of a call of the host: a row of its table, and what a syscall takes. */
const MAXIMUM_ARGUMENTS = 16

/** Bytes of the engine's memory. */
export interface MemoryRange {
  readonly offset: number
  readonly length: number
}

/**
 * An engine as the host calls it. Everything here runs the engine's own code, and so consumes gas: what is called, with what and in which order must be the same on every host, and
 * depend on nothing but what the code has been given.
 *
 * Values that come from it are the caller's to free, those that go in stay the caller's. Nothing is ever freed at the end of an invocation: the memory is given another
 * content.
 */
export class JsEngine {
  readonly instance: EmbeddedInstance
  /** Promises that nobody waits for. */
  readonly rejections: Rejections = new Rejections()
  /** Pointers to the engine's context and runtime. */
  context = 0
  runtime = 0
  /** Where what it writes goes, if anywhere. */
  output: EngineOutput | undefined

  constructor(instance: EmbeddedInstance) {
    this.instance = instance
  }

  /** Calls a function of the engine. */
  call(name: EngineFunction, ...values: (number | bigint)[]): number {
    return this.#function(name)(...values) as number
  }

  /** Calls one that gives a value. */
  value(name: EngineFunction, ...values: (number | bigint)[]): JsValue {
    return this.#function(name)(...values) as JsValue
  }

  /**
   * Evaluates a script.
   * @returns its completion value
   * @throws {JsException}
   */
  evaluate(source: string): JsValue {
    const text = this.#store(new TextEncoder().encode(`${source}\0`))
    const name = this.#store(new TextEncoder().encode(`${FILE_NAME}\0`))
    const result = this.value('JS_Eval', this.context, text.offset, text.length - 1, name.offset, 0)
    this.call('free', name.offset)
    this.call('free', text.offset)
    return this.checked(result)
  }

  /** Calls a function, with no `this`. @throws {JsException} */
  apply(callee: JsValue, values: readonly JsValue[]): JsValue {
    const pointer = this.#allocate(values.length * VALUE_SIZE)
    for (const [i, value] of values.entries()) this.#write(pointer + i * VALUE_SIZE, value)
    const result = this.value('JS_Call', this.context, callee, UNDEFINED, values.length, pointer)
    this.call('free', pointer)
    return this.checked(result)
  }

  /** Runs all jobs that promises have queued, and those that come of them. @throws {JsException} where the engine is at its end: what code throws is in its promises */
  runJobs(): void {
    const pointer = this.#allocate(POINTER_SIZE)
    for (;;) {
      const ran = this.call('JS_ExecutePendingJob', this.runtime, pointer)
      if (ran < 0) throw this.#exception()
      if (ran === 0) break
    }
    this.call('free', pointer)
  }

  /** A function by which JavaScript calls the host. */
  hostFunction(): JsValue {
    const name = this.#store(new Uint8Array([0x68]))
    const box = this.call('qjs_new_host_function', name.offset, name.length, 0)
    this.call('free', name.offset)
    return this.valueAt(box)
  }

  /** @param utf8 well-formed */
  newText(utf8: Uint8Array): JsValue {
    const stored = this.#store(utf8)
    const text = this.value('JS_NewStringLen', this.context, stored.offset, stored.length)
    this.call('free', stored.offset)
    return this.checked(text)
  }

  /** An element of an array. */
  element(array: JsValue, index: number): JsValue {
    return this.checked(this.value('JS_GetPropertyUint32', this.context, array, index))
  }

  /** The text of a value; whatever is no text is made one, by code of the actor too. @throws {JsException} */
  text(value: JsValue): string {
    const { offset, length } = this.textRange(value)
    const text = this.#utf8(offset, length)
    this.call('JS_FreeCString', this.context, offset)
    return text
  }

  /** The bytes of a value's text in UTF-8, until `JS_FreeCString`. @throws {JsException} */
  textRange(value: JsValue): MemoryRange {
    return this.#withLength((out) => this.call('JS_ToCStringLen2', this.context, out, value, 0))
  }

  /** The bytes of a `Uint8Array`. @throws {JsException} where it is something else */
  bytesRange(value: JsValue): MemoryRange {
    return this.#withLength((out) => this.call('JS_GetUint8Array', this.context, out, value))
  }

  /** The lower 64 bits of a BigInt. @throws {JsException} where it is something else */
  bits(value: JsValue): bigint {
    const out = this.#allocate(VALUE_SIZE)
    const failed = this.call('JS_ToBigInt64', this.context, out, value)
    const bits = this.valueAt(out)
    this.call('free', out)
    if (failed !== 0) throw this.#exception()
    return bits
  }

  /** A box that holds an integer: what a host function gives back. */
  box(value: number): number {
    return this.boxed(ofInt(value))
  }

  /** A box that holds a value, which it takes. */
  boxed(value: JsValue): number {
    const box = this.call('qjs_get_undefined')
    this.#write(box, value)
    return box
  }

  /** The values that a host function was called with: borrowed. @throws {Abort} where there are more than a host function has */
  argumentsAt(pointers: number, count: number): JsValue[] {
    if (count >>> 0 > MAXIMUM_ARGUMENTS)
      throw new Abort(
        ExitCode.SYS_ILLEGAL_INSTRUCTION,
        'the engine of the actor calls the host with too much',
      )
    return Array.from({ length: count }, (_, i) => this.valueAt(this.#pointer(pointers + i * POINTER_SIZE)))
  }

  /** A value in the engine's memory. @throws {Abort} where there is none */
  valueAt(address: number): JsValue {
    const { memory } = this.instance
    return memory.view.getBigInt64(addressWithin(memory, address, VALUE_SIZE), true)
  }

  /** @throws {JsException} where the value says that something was thrown */
  checked(value: JsValue): JsValue {
    if (isException(value)) throw this.#exception()
    return value
  }

  /** @throws {JsException} where it is none */
  int(value: JsValue): number {
    const found = asInt(value)
    if (found === undefined) throw new JsException('TypeError: not an integer of 32 bits')
    return found
  }

  #exception(): JsException {
    const thrown = this.value('JS_GetException', this.context)
    const out = this.#allocate(POINTER_SIZE)
    const offset = this.call('JS_ToCStringLen2', this.context, out, thrown, 0)
    if (offset === 0) return new JsException('something that has no text')
    return new JsException(this.#utf8(offset, this.#pointer(out)))
  }

  #withLength(read: (out: number) => number): MemoryRange {
    const out = this.#allocate(POINTER_SIZE)
    const offset = read(out)
    const length = this.#pointer(out)
    this.call('free', out)
    if (offset === 0) throw this.#exception()
    return { offset, length }
  }

  #store(bytes: Uint8Array): MemoryRange {
    const offset = this.#allocate(bytes.length)
    this.instance.memory.bytes.set(bytes, addressWithin(this.instance.memory, offset, bytes.length))
    return { offset, length: bytes.length }
  }

  #allocate(size: number): number {
    const offset = this.call('malloc', Math.max(1, size))
    if (offset === 0) throw new JsException('InternalError: out of memory')
    return offset
  }

  #write(address: number, value: JsValue): void {
    const { memory } = this.instance
    memory.view.setBigInt64(addressWithin(memory, address, VALUE_SIZE), value, true)
  }

  /** A pointer, or a length, which is as long. */
  #pointer(address: number): number {
    const { memory } = this.instance
    return memory.view.getUint32(addressWithin(memory, address, POINTER_SIZE), true)
  }

  #utf8(address: number, length: number): string {
    const { memory } = this.instance
    return new TextDecoder().decode(memory.slice(addressWithin(memory, address, length), length))
  }

  #function(name: EngineFunction): (...values: (number | bigint)[]) => number | bigint | undefined {
    const found = this.instance.functions[name]
    if (found === undefined) throw new RangeError(`the engine has no function ${name}`)
    return found
  }
}
