import { type CallFrame, type CallTree, totalGas } from '@troupe/hypervisor'

/** A part of the gas of a message: the message itself, a call, or one kind of charge within a call. */
export interface GasNode {
  readonly kind: 'message' | 'call' | 'charge'
  readonly name: string
  /** Milligas, with that of the children. Never negative. */
  readonly total: bigint
  /** Together they have all of its gas: what a call was charged itself is among them, by kind. */
  readonly children: readonly GasNode[]
}

/** What a call is called in a profile: `f01000 multisig.Propose`. */
export type CallLabel = (frame: CallFrame) => string

/** A call by the numbers of actor and method. */
export const plainLabel: CallLabel = ({ actor, call }) =>
  `${actor === undefined ? 'unknown' : `f0${actor}`} method ${call.method}`

/**
 * Where the gas of a message went, as a tree: calls in their order, and before them what their caller was charged itself, by kind, the most expensive first.
 * Refunds (negative charges of generation 2) are left out, as a profile has no place for them.
 */
export function gasProfile({ inclusion, roots }: CallTree, label: CallLabel = plainLabel): GasNode {
  return nodeOf('message', 'message', inclusion, roots, label)
}

function nodeOf(
  kind: GasNode['kind'],
  name: string,
  gas: ReadonlyMap<string, bigint>,
  calls: readonly CallFrame[],
  label: CallLabel,
): GasNode {
  const charges = [...gas]
    .filter(([, milligas]) => milligas > 0n)
    .sort(([nameA, a], [nameB, b]) => (a === b ? (nameA < nameB ? -1 : 1) : a > b ? -1 : 1))
    .map(([charge, total]): GasNode => ({ kind: 'charge', name: charge, total, children: [] }))
  const children = [
    ...charges,
    ...calls
      .filter((call) => totalGas(call) >= 0n)
      .map((call) => nodeOf('call', label(call), call.gas, call.calls, label)),
  ]
  return { kind, name, total: children.reduce((sum, child) => sum + child.total, 0n), children }
}
