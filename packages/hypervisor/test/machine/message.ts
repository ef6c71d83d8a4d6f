import type { Message, MessageResult, TraceListener } from '@troupe/hypervisor'
import { Executor } from '@troupe/hypervisor'
import { idOf, type TestNetwork } from '@troupe/testkit'

/** A message from f0100 to f0101, method 2, with room for anything. */
export function messageOf(fields: Partial<Message> = {}): Message {
  return {
    version: 0n,
    from: idOf(100),
    to: idOf(101),
    sequence: 0n,
    value: 0n,
    gasLimit: 1_000_000_000n,
    gasFeeCap: 200n,
    gasPremium: 50n,
    method: 2n,
    params: new Uint8Array(),
    ...fields,
  }
}

/** Length with which test messages are charged. */
export const LENGTH = 100

/** Executes one message. */
export function execute(
  network: TestNetwork,
  fields: Partial<Message> = {},
  trace?: TraceListener,
): MessageResult {
  const options = { length: LENGTH, ...(trace === undefined ? {} : { trace }) }
  return new Executor(network.machine).execute(messageOf(fields), options)
}
