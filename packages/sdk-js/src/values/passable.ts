/** @module The values that can be kept in state, passed and returned. */
import type { Ref } from '../refs/ref.ts'

/** A tagged value; see `makeTagged` of `@endo/pass-style`. */
export interface Tagged {
  readonly [Symbol.toStringTag]: string
  readonly payload: Passable
}

/** A value that can be kept in state, passed and returned. Whole numbers are `bigint`: a `number` is a float. */
export type Passable =
  | null
  | boolean
  | number
  | bigint
  | string
  | ArrayBuffer
  | Ref
  | Tagged
  | readonly Passable[]
  | { readonly [key: string]: Passable }
