import { MILLIGAS_PER_GAS, type TraceListener } from '@troupe/hypervisor'

/**
 * A listener that passes events on to another, with charges as they were taken. The stream says what was asked for; where gas runs out under some
 * limit, less is there to be taken, and only with that do the charges of a message add up to what it used.
 *
 * @param gasLimit of the message
 */
export function exactCharges(gasLimit: bigint, listener: TraceListener): TraceListener {
  let used = 0n
  /** Where in `used` gas runs out: for the message, and for each call in progress. Milligas. */
  const ends = [gasLimit * BigInt(MILLIGAS_PER_GAS)]
  return (event) => {
    const end = ends.at(-1) ?? 0n
    if (event.type === 'gas') {
      const milligas = least(BigInt(event.milligas), end - used)
      used += milligas
      listener({ ...event, milligas })
      return
    }
    if (event.type === 'call') ends.push(least(end, used + event.gasLimit))
    else if (event.type === 'return' || event.type === 'error') ends.pop()
    listener(event)
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
