/** @module What is said between a chain in a worker and whoever made it. All values are packed. */
import type { RuleDescription } from '@troupe/hypervisor'
import type { Descriptor } from './descriptor.ts'

/** What the thread is started with. Nothing in it is a function, or an object with methods. */
export interface ThreadSetup {
  /** Of what the rules are made anew, and the fields of the network that are not rules. */
  readonly network: { readonly rules: RuleDescription; readonly fields: unknown } | undefined
  readonly runtimes: readonly Descriptor[]
  readonly store: Descriptor | undefined
  readonly crypto: Descriptor | undefined
  /** Whether what actors log is wanted. */
  readonly logs: boolean
  /** The options of `createTroupe` that can be cloned. */
  readonly options: unknown
}

/** The methods that are called from outside. */
export type MethodName =
  | 'send'
  | 'trySend'
  | 'submit'
  | 'submitTransaction'
  | 'transaction'
  | 'block'
  | 'waitFor'
  | 'view'
  | 'tryView'
  | 'estimateGas'
  | 'installBytes'
  | 'keepSourceMap'
  | 'mine'
  | 'checkout'
  | 'edit'
  | 'getActor'
  | 'resolve'
  | 'diff'
  | 'exportCar'
  | 'exportWitness'

/** To the thread. A chain is named by a number: 0 is the one that the thread was made for, others are its forks. */
export type Request =
  | {
      readonly type: 'call'
      readonly id: number
      readonly chain: number
      readonly method: MethodName
      readonly values: readonly unknown[]
      /** Whether the last value is options, to which a signal belongs. */
      readonly hasSignal: boolean
    }
  | { readonly type: 'fork'; readonly id: number; readonly chain: number; readonly from: unknown }
  | { readonly type: 'close'; readonly id: number; readonly chain: number }
  | { readonly type: 'abort'; readonly id: number; readonly reason: unknown }

/** From the thread. A head comes before the answer of whatever changed it. */
export type Response =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'head'; readonly chain: number; readonly head: unknown }
  | { readonly type: 'event'; readonly chain: number; readonly event: unknown }
  | { readonly type: 'log'; readonly actor: bigint; readonly message: string }
  | { readonly type: 'artifact'; readonly actor: bigint; readonly name: string; readonly data: Uint8Array }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: unknown }
