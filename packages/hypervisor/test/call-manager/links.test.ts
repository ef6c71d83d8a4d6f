import { type Block, ErrorNumber, type Kernel, NV20, NV21 } from '@troupe/hypervisor'
import { CborWriter, type Cid, DAG_CBOR } from '@troupe/ipld'
import { idOf } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute } from '../machine/message.ts'
import { errorOf, NO_LIMIT, network, operation, send } from './network.ts'

const create = operation('ipld.blockCreate') as (
  kernel: Kernel,
  codec: bigint,
  data: Uint8Array,
) => { value: number }
const link = operation('ipld.blockLink') as (kernel: Kernel, id: number, hash: bigint, length: number) => Cid
const open = operation('ipld.blockOpen')

/** Makes a block of links to blocks that are made too; gives its handle, and what it links to. */
function linking(kernel: Kernel, count: number): { handle: number; cid: Cid } {
  const leaf = create(kernel, 0x71n, new CborWriter().uint(7).finish()).value
  const cid = link(kernel, leaf, 0xb220n, 32)
  const links = new CborWriter().array(count)
  for (let i = 0; i < count; i++) links.cid(cid)
  return { handle: create(kernel, 0x71n, links.finish()).value, cid }
}

/** Gas by the names of the charges. */
function charges(kernel: Kernel, run: () => void): Record<string, number> {
  const gas: Record<string, number> = {}
  kernel.gas.listen((name, milligas) => {
    gas[name] = (gas[name] ?? 0) + Number(milligas) / 1000
  })
  run()
  kernel.gas.listen(undefined)
  return gas
}

// ref-fvm master fvm/src/call_manager/default.rs, fvm/src/kernel/default.rs (`send`)
describe('links in generation 4', () => {
  it('pass with parameters and return values, which cost by their number', async () => {
    expect.assertions(5)
    let passed: Cid | undefined
    const net = await network(NV21, {
      a: (kernel) => {
        const { handle, cid } = linking(kernel, 3)
        passed = cid
        let returned: ReturnType<typeof send> | undefined
        const gas = charges(kernel, () => {
          returned = send(kernel, idOf(102), 2n, handle, 0n, 0n, NO_LIMIT, 0n)
        })
        expect(gas).toMatchObject({ OnMethodInvocation: 75_000 + 3 * 300, OnReturnValue: 2 * 300 })
        const block: Block = kernel.blocks.get(returned?.returnId ?? 0)
        expect(block.links).toHaveLength(2)
        expect(open(kernel, block.links?.[0])).toMatchObject({ size: 1 })
        return 0
      },
      b: (kernel, parameters) => {
        // The very block that the caller has linked, without having linked it here.
        expect(open(kernel, passed)).toMatchObject({ size: 1 })
        expect(kernel.blocks.get(parameters).links).toHaveLength(3)
        return linking(kernel, 2).handle
      },
    })
    execute(net)
  })

  it('in what is no DAG-CBOR are none', async () => {
    expect.assertions(3)
    let passed: Cid | undefined
    const net = await network(NV21, {
      a: (kernel) => {
        const leaf = create(kernel, 0x71n, new CborWriter().uint(7).finish()).value
        passed = link(kernel, leaf, 0xb220n, 32)
        const handle = create(kernel, 0x51n, new CborWriter().array(1).cid(passed).finish()).value
        const gas = charges(kernel, () => send(kernel, idOf(102), 2n, handle, 0n, 0n, NO_LIMIT, 0n))
        expect(gas['OnMethodInvocation']).toBe(75_000)
        return 0
      },
      b: (kernel) => {
        expect(errorOf(() => open(kernel, passed))).toBe(ErrorNumber.NotFound)
        return 0
      },
    })
    expect(execute(net).receipt.exitCode).toBe(0)
  })

  it('in the parameters of a message lead nowhere', async () => {
    expect.assertions(3)
    const net = await network(NV21, {
      a: (kernel, parameters) => {
        expect(kernel.blocks.get(parameters).codec).toBe(0x51)
        expect(errorOf(() => open(kernel, net.machine.emptyTuple))).toBe(ErrorNumber.NotFound)
        return 0
      },
    })
    const params = new CborWriter().array(1).cid(net.machine.emptyTuple).finish()
    expect(execute(net, { params }).receipt.exitCode).toBe(0)
  })

  it('are forgotten between invocations', async () => {
    expect.assertions(2)
    const net = await network(NV21, {
      a: (kernel) => {
        operation('self.root')(kernel)
        send(kernel, idOf(102), 2n, 0, 0n, 0n, NO_LIMIT, 0n)
        expect(open(kernel, net.machine.emptyTuple)).toMatchObject({ codec: BigInt(DAG_CBOR) })
        return 0
      },
      b: (kernel) => {
        expect(errorOf(() => open(kernel, net.machine.emptyTuple))).toBe(ErrorNumber.NotFound)
        return 0
      },
    })
    execute(net)
  })

  it('in a return value that the limit of the call does not pay for make it run out of gas', async () => {
    const exits: number[] = []
    const net = await network(NV21, {
      a: (kernel) => {
        for (const limit of [100_000n, 200_000n])
          exits.push(send(kernel, idOf(102), 2n, 0, 0n, 0n, 575_000n + limit, 0n).exitCode)
        return 0
      },
      b: (kernel) => {
        const handle = kernel.blocks.put({
          codec: DAG_CBOR,
          data: new Uint8Array([0x80]),
          links: Array(500).fill(net.machine.emptyTuple),
        })
        return handle
      },
    })
    expect(execute(net).receipt.exitCode).toBe(0)
    expect(exits).toEqual([7, 0])
  })
})

describe('a call that is too deep', () => {
  it.each([
    [NV20, true],
    [NV21, false],
  ])(
    'keeps its gas limit in force in generation 3, and not in generation 4 ($name)',
    async (rules, keeps) => {
      let limited: boolean | undefined
      const net = await network(rules, {
        a: (kernel) => {
          const before = kernel.gas.available
          const number = errorOf(() => send(kernel, idOf(101), 2n, 0, 0n, 0n, NO_LIMIT, 0n))
          if (number === undefined || limited !== undefined) return 0
          expect(number).toBe(ErrorNumber.LimitExceeded)
          expect(errorOf(() => send(kernel, idOf(101), 2n, 0, 0n, 0n, 1000n, 0n))).toBe(
            ErrorNumber.LimitExceeded,
          )
          limited = kernel.gas.available < before / 2n
          return 0
        },
      })
      execute(net)
      expect(limited).toBe(keeps)
    },
  )
})
