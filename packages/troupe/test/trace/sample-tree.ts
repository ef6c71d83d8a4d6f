import { CallTree, idAddress, type TraceListener } from '@troupe/hypervisor'
import { type Cid, createCid, RAW, SHA2_256 } from '@troupe/ipld'
import type { Names } from 'troupe/trace'

export const MINER: Cid = createCid(RAW, SHA2_256, new Uint8Array(32).fill(1))
const OTHER = createCid(RAW, SHA2_256, new Uint8Array(32).fill(2))
/** Names for the codes below. */
export const NAMES: Names = {
  formatAddress: () => `f3${'x'.repeat(84)}`,
  actorName: (code) => (code.equals(MINER) ? 'storageminer' : undefined),
  methodName: (actor, method) =>
    method === 0n ? 'Send' : actor === 'storageminer' && method === 4n ? 'ChangePeerID' : undefined,
}

/** Opens a call, and resolves its receiver. */
export function open(
  trace: TraceListener,
  { to = 1000n, method = 4n, value = 0n, readOnly = false, code = MINER } = {},
): void {
  trace({
    type: 'call',
    from: 101n,
    to: idAddress(to),
    method,
    value,
    parameters: undefined,
    gasLimit: 10n ** 9n,
    readOnly,
  })
  trace({ type: 'invoke', actor: to, code })
}

/** Ends the innermost call. */
export function close(trace: TraceListener, exitCode = 0): void {
  trace({ type: 'return', exitCode, value: undefined })
}

/** A message with a call that makes calls, fails in one of them, and logs. */
export function sample(): CallTree {
  const tree = new CallTree()
  const trace = tree.listener
  trace({ type: 'gas', name: 'OnChainMessage', milligas: 720_563_000 })
  open(trace)
  trace({ type: 'gas', name: 'wasm_exec', milligas: 392_444_400 })
  trace({ type: 'gas', name: 'OnSyscall', milligas: 14_000_000 })
  trace({ type: 'gas', name: 'OnSyscall', milligas: 14_000_000 })
  trace({ type: 'gas', name: 'OnNothing', milligas: 0 })
  trace({ type: 'log', actor: 1000n, message: 'two\nlines \u001b[31m' })
  open(trace, { to: 99n, method: 0n, value: 1_500_000_000_000_000_000n, code: OTHER })
  trace({ type: 'gas', name: 'OnValueTransfer', milligas: 6_000_000 })
  close(trace)
  open(trace, { to: 5n, method: 77n, readOnly: true, code: OTHER })
  trace({ type: 'gas', name: 'wasm_exec', milligas: 4 })
  close(trace, 18)
  trace({ type: 'return', exitCode: 0, value: { codec: RAW, data: new Uint8Array(1200) } })
  return tree
}
