/** @module The interfaces of contracts as Solidity's compilers write them (JSON), and the values that go in and out, for the compiler. */
import type { Passable } from '@troupe/sdk-js'

/** A parameter, a result, or a part of either. */
export interface AbiParameter {
  readonly type: string
  readonly name?: string
  /** Of a tuple. */
  readonly components?: readonly AbiParameter[]
}

/** Whether a function changes anything, and takes value. */
export type Mutability = 'nonpayable' | 'payable' | 'pure' | 'view'

/** A function of a contract. */
export interface AbiFunctionItem {
  readonly type: 'function'
  readonly name: string
  readonly inputs: readonly AbiParameter[]
  readonly outputs: readonly AbiParameter[]
  readonly stateMutability: Mutability
}

/** An error that a contract reverts with. */
export interface AbiErrorItem {
  readonly type: 'error'
  readonly name: string
  readonly inputs: readonly AbiParameter[]
}

/** What else there is in an interface, and nobody calls. */
export interface OtherAbiItem {
  readonly type: 'constructor' | 'event' | 'fallback' | 'receive'
}

/** An interface: what `abi` is in what a compiler writes. */
export type Abi = readonly (AbiFunctionItem | AbiErrorItem | OtherAbiItem)[]

/** An address of Ethereum's: 20 bytes. */
export type EthereumAddress = `0x${string}`

/** The value of a parameter: integers are `bigint`, bytes are array buffers, tuples with names are records. */
export type ValueOf<P extends AbiParameter> = P['type'] extends `${infer Base}[${infer Rest}`
  ? Listed<BaseValue<Base, P>, `[${Rest}`>
  : BaseValue<P['type'], P>

/** The values of several. */
export type ValuesOf<P extends readonly AbiParameter[]> = { readonly [I in keyof P]: ValueOf<P[I]> }

/** What a function gives: nothing, a value, or several. */
export type ResultOf<P extends readonly AbiParameter[]> = P extends readonly []
  ? undefined
  : P extends readonly [infer One extends AbiParameter]
    ? ValueOf<One>
    : ValuesOf<P>

type Listed<V, Suffix extends string> = Suffix extends `[${string}]${infer More}`
  ? Listed<readonly V[], More>
  : V

type BaseValue<T extends string, P extends AbiParameter> = string extends T
  ? Passable
  : T extends 'tuple'
    ? TupleValue<P['components']>
    : T extends `${'u' | ''}int${string}`
      ? bigint
      : T extends 'bool'
        ? boolean
        : T extends 'address'
          ? EthereumAddress
          : T extends 'string'
            ? string
            : T extends `bytes${string}`
              ? ArrayBuffer
              : never

type TupleValue<C> = C extends readonly AbiParameter[]
  ? '' extends NameOf<C[number]>
    ? ValuesOf<C>
    : { readonly [K in C[number] as NameOf<K>]: ValueOf<K> }
  : never

/** Empty for a component without a name. */
type NameOf<P extends AbiParameter> = P extends { readonly name: infer N extends string } ? N : ''

/** The functions of an interface. */
export type FunctionsOf<A extends Abi> = Extract<A[number], AbiFunctionItem>

/** Those of a name. */
export type Named<A extends Abi, N> = Extract<FunctionsOf<A>, { readonly name: N }>

/** The signature of a function: `transfer(address,uint256)`. */
export type Signature<F extends AbiFunctionItem> = `${F['name']}(${TypeList<F['inputs']>})`

type TypeList<P> = P extends readonly [
  infer First extends AbiParameter,
  ...infer Rest extends readonly AbiParameter[],
]
  ? `${Canonical<First>}${Rest extends readonly [] ? '' : `,${TypeList<Rest>}`}`
  : ''

type Canonical<P extends AbiParameter> = P['type'] extends `tuple${infer Suffix}`
  ? `(${TypeList<P['components']>})${Suffix}`
  : P['type']
