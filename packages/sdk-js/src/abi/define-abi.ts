import { bytes, type Passable, SdkError, selectorOf, toUint8Array } from '@troupe/sdk-js'
import { AbiReader, AbiWriter } from './abi-buffer.ts'
import { type AbiType, badAbi, makeType, sequence, writeItems } from './abi-type.ts'
import type { Abi, AbiErrorItem, AbiFunctionItem, AbiParameter } from './abi-values.ts'

const SELECTOR_SIZE = 4
/** Functions and errors that an interface may have. */
const MAX_ITEMS = 1024

/** What calldata and reverts begin with, and the values behind it. */
class AbiCall {
  /** `transfer(address,uint256)`. */
  readonly signature: string
  readonly types: readonly AbiType[]
  #selector: number | undefined

  constructor(name: string, inputs: readonly AbiParameter[]) {
    const { types, name: list } = sequence(inputs.map((input) => makeType(input)))
    this.types = types
    this.signature = `${name}${list}`
  }

  /** Asked for when it is needed: outside of a method there is nobody to ask. */
  get selector(): number {
    this.#selector ??= selectorOf(this.signature)
    return this.#selector
  }

  /** @throws {SdkError} abi/refused */
  encode(values: readonly unknown[]): ArrayBuffer {
    if (values.length !== this.types.length)
      throw new SdkError('abi/refused', `${this.signature} does not take ${values.length} arguments`)
    const writer = new AbiWriter()
    writer.uint32(writer.reserve(SELECTOR_SIZE), this.selector)
    try {
      writeItems(this.types, writer, values)
    } catch (cause) {
      if (!(cause instanceof SdkError)) throw cause
      throw new SdkError('abi/refused', `${this.signature}: ${cause.message}`, { cause })
    }
    return bytes(writer.finish())
  }

  /** The values behind the selector. @throws {SdkError} abi/malformed */
  decode(data: Uint8Array): readonly Passable[] {
    return decodeAll(this.types, data.subarray(SELECTOR_SIZE))
  }
}

/** A function of an interface, ready to be called. */
export class AbiFunction extends AbiCall {
  readonly name: string
  /** Whether it says that it changes nothing. */
  readonly isReadOnly: boolean
  readonly isPayable: boolean
  readonly #outputs: readonly AbiType[]

  constructor({ name, inputs, outputs, stateMutability }: AbiFunctionItem) {
    super(name, inputs)
    this.name = name
    this.isReadOnly = stateMutability === 'pure' || stateMutability === 'view'
    this.isPayable = stateMutability === 'payable'
    this.#outputs = outputs.map((output) => makeType(output))
  }

  /** What it returned: nothing, a value, or a list of several. @throws {SdkError} abi/malformed */
  decodeResult(data: ArrayBuffer): Passable | undefined {
    if (this.#outputs.length === 0) return undefined
    const values = decodeAll(this.#outputs, toUint8Array(data))
    return values.length === 1 ? (values[0] as Passable) : values
  }

  /** Likewise, as bytes. @throws {SdkError} abi/refused */
  encodeResult(value: unknown): ArrayBuffer {
    const { length } = this.#outputs
    const values = length === 1 ? [value] : length === 0 ? [] : value
    if (!Array.isArray(values) || values.length !== length)
      throw new SdkError('abi/refused', `${this.signature} does not return ${length} values`)
    const writer = new AbiWriter()
    writeItems(this.#outputs, writer, values)
    return bytes(writer.finish())
  }
}

function decodeAll(types: readonly AbiType[], data: Uint8Array): readonly Passable[] {
  return sequence(types).read(new AbiReader(data), 0) as readonly Passable[]
}

/** What calldata, or what a contract reverted with, begins with. */
export function readSelector(data: Uint8Array): number | undefined {
  if (data.length < SELECTOR_SIZE) return undefined
  return new DataView(data.buffer, data.byteOffset).getUint32(0)
}

/** An error that a contract reverts with. */
export class AbiError extends AbiCall {
  readonly name: string

  constructor({ name, inputs }: AbiErrorItem) {
    super(name, inputs)
    this.name = name
  }
}

declare const ABI: unique symbol

/** An interface of contracts, ready to be used. `A` is what it was made of, for the compiler. */
export interface ContractAbi<A extends Abi = Abi> {
  readonly [ABI]?: A
  /** By name, which several may have, and by signature. */
  readonly functions: ReadonlyMap<string, readonly AbiFunction[]>
  readonly errors: readonly AbiError[]
  /** Whether contracts take value without a call. */
  readonly takesValue: boolean
}

/** What every contract may revert with. */
const COMMON_ERRORS: readonly AbiErrorItem[] = [
  { type: 'error', name: 'Error', inputs: [{ type: 'string' }] },
  { type: 'error', name: 'Panic', inputs: [{ type: 'uint256' }] },
]

/**
 * Makes an interface ready: once, beside the actor, so that no call has to.
 * @param abi as a compiler writes it, `as const` where it stands in a constant of its own
 * @throws {DefinitionError} definition/bad-abi
 */
export function defineAbi<const A extends Abi>(abi: A): ContractAbi<A> {
  if (!Array.isArray(abi)) badAbi('an interface that is no list: of what a compiler writes, it is `abi`')
  if (abi.length > MAX_ITEMS) badAbi(`an interface of more than ${MAX_ITEMS} items`)
  const functions = new Map<string, AbiFunction[]>()
  const errors: AbiError[] = []
  for (const item of [...COMMON_ERRORS, ...(abi as Abi)])
    if (item.type === 'function') {
      const made = new AbiFunction(item)
      if (functions.has(made.signature)) badAbi(`${made.signature}, twice`)
      functions.set(made.signature, [made])
      functions.set(item.name, [...(functions.get(item.name) ?? []), made])
    } else if (item.type === 'error') errors.push(new AbiError(item))
  return { functions, errors, takesValue: abi.some(({ type }) => type === 'receive') }
}
