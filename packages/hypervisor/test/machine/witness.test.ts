import { Machine, rulesOf } from '@troupe/hypervisor'
import { type Blockstore, type Cid, RecordingBlockstore } from '@troupe/ipld'
import { decodeCar, encodeCar } from '@troupe/ipld/car'
import { exportWitness, openWitness } from '@troupe/ipld/witness'
import { createTestNetwork, type Script, ScriptedRuntime } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute } from './message.ts'

const rules = rulesOf(22)
const scripts: Record<string, Script> = {
  account: () => 0,
  target: (kernel) => kernel.blocks.put({ codec: rules.parametersCodec, data: Uint8Array.of(1) }),
}
const ids = Array.from({ length: 200 }, (_, i) => 1000 + i)
const others = Object.fromEntries(ids.map((id) => [id, { code: 'account', balance: 1n }]))
const actors = { 100: { code: 'account', balance: 10n ** 24n }, 101: { code: 'target' }, ...others }
const net = await createTestNetwork({ rules, actors, scripts })
const { context, crypto, externs } = net.machine
const root = net.machine.flush()

/** Executes a message on the state in `blocks`, and gives exit code, gas and the new root. */
function run(blocks: Blockstore): string {
  const runtimes = [new ScriptedRuntime(scripts)]
  const machine = Machine.create({ rules, context, blocks, root, crypto, externs, runtimes })
  const { receipt } = execute({ ...net, machine }, { value: 5n })
  return `${receipt.exitCode} ${receipt.gasUsed} ${machine.flush()}`
}

describe('a message executed on a witness', () => {
  const recording = new RecordingBlockstore(net.blocks)
  const expected = run(recording)
  const car = exportWitness([root], recording)
  const { roots, blocks } = decodeCar(car, crypto)

  it('gives the same receipt and root as on the whole state', () => {
    expect(expected).toMatch(/^0 [1-9]/)
    expect(run(openWitness(car, crypto))).toBe(expected)
    expect(blocks.length).toBeLessThan(net.blocks.size)
  })

  it('gives neither where any block is missing', () => {
    for (const [left] of blocks) {
      const rest: (readonly [Cid, Uint8Array])[] = blocks.filter(([cid]) => cid !== left)
      const store = openWitness(encodeCar(roots, rest), crypto)
      expect(() => run(store)).toThrow(expect.objectContaining({ code: 'blockstore/unavailable', cid: left }))
    }
  })
})
