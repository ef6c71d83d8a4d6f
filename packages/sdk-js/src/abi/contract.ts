import {
  type CallOptions,
  ContractRevert,
  callContract,
  type Passable,
  type Ref,
  SdkError,
  toUint8Array,
} from '@troupe/sdk-js'
import type { Abi, AbiFunctionItem, FunctionsOf, Named, ResultOf, Signature, ValuesOf } from './abi-values.ts'
import { type AbiFunction, type ContractAbi, readSelector } from './define-abi.ts'

type FunctionOf<F extends AbiFunctionItem> = (...values: ValuesOf<F['inputs']>) => ResultOf<F['outputs']>
/** Functions of one name are one function with several signatures. */
type Overloads<F> = (F extends AbiFunctionItem ? (_: FunctionOf<F>) => void : never) extends (
  _: infer All,
) => void
  ? All
  : never

/** What contracts of an interface can be called with: by name, or, where several have it, by signature: `['mint(address)']`. */
export type ContractFunctions<A extends Abi> = {
  readonly [N in FunctionsOf<A>['name']]: Overloads<Named<A, N>>
} & { readonly [F in FunctionsOf<A> as Signature<F>]: FunctionOf<F> }

/** A contract that reverted, and why, as far as its interface says. */
export class ContractError extends ContractRevert {
  /** `Error`, `Panic`, or an error of the interface; `undefined` for any other, whose `data` has what there is. */
  readonly errorName: string | undefined
  /** What the error says: a text, the number of a panic, or the error's own. */
  readonly args: readonly Passable[]

  constructor(abi: ContractAbi, signature: string, revert: ContractRevert) {
    super(signature, revert.returned, revert.data)
    const reason = reasonOf(abi, revert.data)
    this.errorName = reason?.name
    this.args = reason?.args ?? []
    this.message = `${signature} reverted with ${reason === undefined ? `${revert.data.byteLength} bytes` : `${reason.name}(${this.args.map(show).join(', ')})`}`
  }
}

/**
 * A contract of the EVM with its interface: `contract(ref, TOKEN).transfer(to, 5n)`. What comes back is what the function returned. Functions that say that they change nothing are called
 * so that they cannot.
 * @throws {ContractError} where it reverts; {@link SdkError} abi/refused for arguments that are not what it takes, abi/malformed where what it returned is not what it says; as other calls
 */
export function contract<const A extends Abi>(
  ref: Ref,
  abi: ContractAbi<A>,
  options: CallOptions = {},
): ContractFunctions<A> {
  const functions = new Proxy(Object.freeze({}), {
    get: (_, name) =>
      typeof name !== 'string' || name === 'then'
        ? undefined
        : (...values: Passable[]) =>
            callFunction(ref, abi, functionOf(abi, name, values.length), values, options),
  })
  return functions as ContractFunctions<A>
}

function callFunction(
  ref: Ref,
  abi: ContractAbi,
  called: AbiFunction,
  values: readonly Passable[],
  options: CallOptions,
): Passable | undefined {
  const calldata = called.encode(values)
  let returned: ArrayBuffer
  try {
    returned = callContract(ref, calldata, called.isReadOnly ? { readOnly: true, ...options } : options)
  } catch (error) {
    throw error instanceof ContractRevert ? new ContractError(abi, called.signature, error) : error
  }
  return called.decodeResult(returned)
}

/** The function of a name that takes so many arguments. */
function functionOf({ functions }: ContractAbi, name: string, count: number): AbiFunction {
  const named = functions.get(name) ?? []
  const fitting = named.length === 1 ? named : named.filter(({ types }) => types.length === count)
  const [found, other] = fitting
  if (found === undefined)
    throw new SdkError('abi/refused', `the interface has no ${name} of ${count} arguments`)
  if (other !== undefined)
    throw new SdkError('abi/refused', `${name} may be ${found.signature} or ${other.signature}: say which`)
  return found
}

function reasonOf(
  { errors }: ContractAbi,
  data: ArrayBuffer,
): { readonly name: string; readonly args: readonly Passable[] } | undefined {
  const content = toUint8Array(data)
  const selector = readSelector(content)
  const error = errors.find((each) => each.selector === selector)
  if (error === undefined) return undefined
  try {
    return { name: error.name, args: error.decode(content) }
  } catch (cause) {
    if (cause instanceof SdkError) return undefined
    throw cause
  }
}

function show(value: Passable): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' ? '…' : `${value}`
}
