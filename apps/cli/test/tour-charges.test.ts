import { idAddress, type TraceEvent } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { exactCharges } from '../src/tour/exact-charges.ts'

const call = (gasLimit: bigint): TraceEvent => ({
  type: 'call',
  from: 100n,
  to: idAddress(101n),
  method: 2n,
  value: 0n,
  parameters: undefined,
  gasLimit,
  readOnly: false,
})
const charge = (milligas: number): TraceEvent => ({ type: 'gas', name: 'test', milligas })
const back: TraceEvent = { type: 'return', exitCode: 0, value: undefined }

/** What is passed on of charges, for a message with this limit. */
function charges(gasLimit: bigint, events: readonly TraceEvent[]): bigint[] {
  const taken: bigint[] = []
  const listener = exactCharges(gasLimit, (event) => {
    if (event.type === 'gas') taken.push(BigInt(event.milligas))
  })
  for (const event of events) listener(event)
  return taken
}

describe('charges as they were taken', () => {
  it('are what was asked for, as long as there is gas', () => {
    expect(charges(10n, [charge(4000), call(6000n), charge(6000), back])).toEqual([4000n, 6000n])
  })

  it('are what is left of the message where it runs out', () => {
    expect(charges(10n, [charge(4000), call(6000n), charge(6001), back])).toEqual([4000n, 6000n])
  })

  it('are what is left of a call with a limit of its own, and the caller goes on', () => {
    const events = [charge(1000), call(2000n), charge(1500), charge(9000), back, charge(5000)]
    expect(charges(10n, events)).toEqual([1000n, 1500n, 500n, 5000n])
  })

  it('are bounded by every limit around them', () => {
    expect(
      charges(3n, [call(2500n), call(9000n), charge(9000), back, charge(1), back, charge(9000)]),
    ).toEqual([2500n, 0n, 500n])
  })

  it('passes on what is no charge as it is', () => {
    const seen: TraceEvent[] = []
    const listener = exactCharges(1n, (event) => seen.push(event))
    listener(call(1000n))
    listener(back)
    expect(seen).toEqual([call(1000n), back])
  })
})
