import { type DebugOutput, idAddress, type Kernel } from '@troupe/hypervisor'
import { Chain, type ProducedBlock, replayWitness } from 'troupe'
import { describe, expect, it } from 'vitest'
import { createTestChain, messageOf } from './test-chain.ts'

const LISTENER: DebugOutput = { log: () => {}, storeArtifact: () => {} }

/** Has more to do where somebody listens. */
const talker = (kernel: Kernel): number => {
  if (kernel.calls.machine.debug !== undefined) kernel.gas.charge('talk', 1_000_000)
  return 0
}

async function scene(debug: DebugOutput | undefined) {
  const { options } = await createTestChain({ talker }, { '102': { code: 'talker' } })
  return { options, chain: Chain.open({ ...options, debug }) ?? expect.fail() }
}

const call = (chain: Chain, sequence: bigint): ProducedBlock =>
  chain.produce([{ message: messageOf(sequence, { to: idAddress(102n), method: 2n }) }])
const gasOf = ([first]: ProducedBlock['messages']): bigint | undefined => first?.result.receipt.gasUsed

describe.each([
  ['with debugging', LISTENER, undefined],
  ['without debugging', undefined, LISTENER],
] as const)('a block that was made %s', (_, debug, other) => {
  it('is executed again as it was, whatever the chain is opened with later', async () => {
    const { chain, options } = await scene(debug)
    const { messages, tipset } = call(chain, 0n)
    const again = Chain.open({ ...options, debug: other }) ?? expect.fail()
    const next = call(again, 1n)
    expect(gasOf(next.messages)).not.toBe(gasOf(messages))
    for (const [block, gas] of [
      [tipset, gasOf(messages)],
      [next.tipset, gasOf(next.messages)],
    ] as const)
      expect(again.replay(again.tipset(block.cid)).messages[0]?.result.receipt.gasUsed).toBe(gas)
  })

  it('has a witness that says so', async () => {
    const { chain, options } = await scene(debug)
    const { messages } = call(chain, 0n)
    const { crypto, rules, runtimes } = options
    const replayed = replayWitness(chain.witness(), { crypto, rules, runtimes, proofs: undefined })
    expect(replayed.claim.isDebugged).toBe(debug !== undefined)
    expect(replayed.messages[0]?.result.receipt.gasUsed).toBe(gasOf(messages))
  })
})
