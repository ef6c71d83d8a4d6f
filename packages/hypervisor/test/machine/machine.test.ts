import { Machine, ProtocolFatal, type RuleSet, rulesOf, SUPPORTED_NETWORK_VERSIONS } from '@troupe/hypervisor'
import { cidOf, DAG_CBOR, IpldError, RAW } from '@troupe/ipld'
import { createTestNetwork, type TestNetwork } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute } from './message.ts'

const errorWith = (code: string): unknown => expect.objectContaining({ code })

function reopen({ machine, blocks, crypto }: TestNetwork, root = machine.flush()): Machine {
  const { rules, context, externs } = machine
  return Machine.create({ rules, context, blocks, root, crypto, externs, runtimes: [] })
}

/** A network whose actor 101 takes `head`, as written by itself, for its state. */
function withHead(rules: RuleSet, head: Uint8Array): Promise<TestNetwork> {
  return createTestNetwork({
    rules,
    actors: { 100: { code: 'account', balance: 10n ** 24n }, 101: { code: 'target' } },
    scripts: {
      target: (kernel) => {
        const { blocks, crypto, state } = kernel.calls.machine
        const cid = cidOf(crypto, DAG_CBOR, head)
        blocks.put(cid, head)
        const actor = state.getActor(101n)
        if (actor !== undefined) state.setActor(101n, { ...actor, head: cid })
        return 0
      },
    },
  })
}

describe('Machine', () => {
  it('follows links as strictly as its generation: only generation 2 wants minimal headers (blockstore/buffered.rs)', async () => {
    const notMinimal = new Uint8Array([0x18, 0x01])
    const cutOff = new Uint8Array([0x42, 0x01])
    for (const [nv, head, isFlushed] of [
      [17, notMinimal, false],
      [17, cutOff, true],
      [18, notMinimal, true],
      [18, cutOff, false],
    ] as const) {
      const net = await withHead(rulesOf(nv), head)
      expect(execute(net).receipt.exitCode).toBe(0)
      if (isFlushed) expect(net.blocks.has(net.machine.flush())).toBe(true)
      else expect(() => net.machine.flush()).toThrow(errorWith('blockstore/unflushable'))
    }
  })

  it.each(SUPPORTED_NETWORK_VERSIONS.map((nv) => [nv]))(
    'puts the empty tuple into the store from generation 3 on, and nothing else (nv%i)',
    async (nv) => {
      const net = await createTestNetwork({ rules: rulesOf(nv) })
      const root = net.machine.flush()
      net.blocks.delete(net.machine.emptyTuple)
      const before = net.blocks.size
      const machine = reopen(net, root)
      expect(String(machine.emptyTuple)).toBe(String(net.machine.emptyTuple))
      expect(net.blocks.has(machine.emptyTuple)).toBe(nv >= 18)
      expect(net.blocks.size - before).toBe(nv >= 18 ? 1 : 0)
    },
  )

  it('says which runtime runs a code, and that none does', async () => {
    const net = await createTestNetwork({
      rules: rulesOf(18),
      actors: { 100: { code: 'target' } },
      scripts: { target: () => 0 },
    })
    const code = net.machine.state.getActor(100n)?.code ?? expect.fail()
    expect(net.machine.runtimeNameOf(code)).toBe('scripted')
    const absent = cidOf(net.crypto, RAW, new Uint8Array([1]))
    expect(() => net.machine.runtimeNameOf(absent)).toThrow(ProtocolFatal)
    expect(reopen(net).runtimeNameOf(code)).toBeUndefined()
  })

  it('refuses a root that the store does not have, before it writes anything', async () => {
    const net = await createTestNetwork({ rules: rulesOf(18) })
    net.blocks.delete(net.machine.emptyTuple)
    const missing = cidOf(net.crypto, DAG_CBOR, new Uint8Array([1]))
    expect(() => reopen(net, missing)).toThrow(IpldError)
    expect(() => reopen(net, missing)).toThrow(errorWith('blockstore/absent'))
    expect(net.blocks.has(net.machine.emptyTuple)).toBe(false)
  })
})
