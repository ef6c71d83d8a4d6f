import {
  Abort,
  ErrorNumber,
  ExitCode,
  ethereumAddress,
  type Kernel,
  NV28,
  SYSCALLS_4,
  UPGRADE_ACTOR,
  withActorUpgrades,
} from '@troupe/hypervisor'
import { CborReader, type Cid } from '@troupe/ipld'
import { idOf, type Script } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { execute } from '../machine/message.ts'
import { errorOf, NO_LIMIT, network, operation, send } from './network.ts'

const rules = withActorUpgrades(NV28)
const upgrade = operation('actor.upgradeActor') as (
  kernel: Kernel,
  code: Cid,
  parameters: number,
) => { exitCode: number; returnId: number }
const CBOR = 0x51
const REFUSED = 19

const block = (kernel: Kernel, ...bytes: number[]): number =>
  kernel.blocks.put({ codec: CBOR, data: Uint8Array.from(bytes) })

// ref-fvm master testing/test_actors/actors/fil-upgrade-actor, testing/integration/tests/main.rs (`upgrade_actor_test`)
describe('actor.upgrade_actor', () => {
  const outcome = async (
    a: Script,
    others: Record<string, Script> = {},
  ): Promise<{
    exitCode: number
    returned: number[]
    code: string
    net: Awaited<ReturnType<typeof network>>
  }> => {
    const net = await network(
      rules,
      { a: (kernel, parameters, info) => a(kernel, parameters, info), b: () => 0, ...others },
      { 101: { code: 'a', delegatedAddress: ethereumAddress(new Uint8Array(20).fill(7)) } },
    )
    const { receipt } = execute(net)
    const actor = net.machine.state.getActor(101n)
    const code = ['a', 'b'].find((name) => String(net.codeOf(name)) === String(actor?.code)) ?? 'none'
    return { exitCode: receipt.exitCode, returned: [...receipt.returnData], code, net }
  }

  it('replaces the code, and ends the invocation with what the new code returns', async () => {
    expect.assertions(9)
    let codes: [Cid, Cid] | undefined
    const { exitCode, returned, code, net } = await outcome(
      (kernel) => {
        const target = (operation('actor.getActorCodeCid') as (kernel: Kernel, id: bigint) => Cid)(
          kernel,
          102n,
        )
        codes = [kernel.calls.machine.state.getActor(101n)?.code as Cid, target]
        upgrade(kernel, target, block(kernel, 5))
        throw new Error('a successful upgrade does not return')
      },
      {
        'b.upgrade': (kernel, parameters, info) => {
          expect([parameters, info]).toEqual([1, 2])
          expect(kernel.context).toMatchObject({ caller: 100n, receiver: 101n, method: 932_083n })
          expect([...kernel.blocks.get(parameters).data]).toEqual([5])
          const reader = new CborReader(kernel.blocks.get(info).data)
          reader.tuple(1)
          expect(String(reader.cid())).toBe(String(codes?.[0]))
          expect(kernel.blocks.isReachable(codes?.[0] as Cid)).toBe(false)
          return block(kernel, 0x19, 0x02, 0x9a)
        },
      },
    )
    expect(exitCode).toBe(ExitCode.OK)
    expect(returned).toEqual([0x19, 0x02, 0x9a])
    expect(code).toBe('b')
    // The reference loses it.
    expect(net.machine.state.getActor(101n)?.delegatedAddress).toBeUndefined()
  })

  it('leaves everything as it was where the new code refuses, or has no upgrade', async () => {
    const exits: number[] = []
    const refuse: Script = () => {
      throw new Abort(REFUSED, 'no')
    }
    for (const others of [{ 'b.upgrade': refuse }, {}]) {
      const { exitCode, code, net } = await outcome((kernel) => {
        exits.push(upgrade(kernel, kernel.calls.machine.state.getActor(102n)?.code as Cid, 0).exitCode)
        return 0
      }, others)
      expect([exitCode, code]).toEqual([ExitCode.OK, 'a'])
      expect(net.machine.state.getActor(101n)?.delegatedAddress).toBeDefined()
    }
    expect(exits).toEqual([REFUSED, ExitCode.SYS_INVALID_RECEIVER])
  })

  it('may happen within an upgrade, but not while the actor waits for another that called it', async () => {
    const codeOf = (kernel: Kernel, id: bigint): Cid => kernel.calls.machine.state.getActor(id)?.code as Cid
    let depth = 0
    const recursive = await outcome((kernel) => upgrade(kernel, codeOf(kernel, 102n), 0).exitCode, {
      'b.upgrade': (kernel) => {
        if (++depth === 1) upgrade(kernel, codeOf(kernel, 102n), 0)
        return block(kernel, depth)
      },
    })
    expect(recursive).toMatchObject({ exitCode: 0, returned: [2], code: 'b' })

    let number: ErrorNumber | undefined
    const nested = await outcome((kernel) => {
      if (kernel.context.method === 2n) send(kernel, idOf(101), 99n, 0, 0n, 0n, NO_LIMIT, 0n)
      else number = errorOf(() => upgrade(kernel, codeOf(kernel, 102n), 0))
      return 0
    })
    expect(nested).toMatchObject({ exitCode: 0, code: 'a' })
    expect(number).toBe(ErrorNumber.Forbidden)
  })

  it('is refused to readers, to actors that are gone, and with parameters that do not exist', async () => {
    const numbers: (ErrorNumber | undefined)[] = []
    await outcome((kernel) => {
      const code = kernel.calls.machine.state.getActor(102n)?.code as Cid
      if (kernel.context.readOnly) {
        numbers.push(errorOf(() => upgrade(kernel, code, 0)))
        return 0
      }
      send(kernel, idOf(101), 2n, 0, 0n, 0n, NO_LIMIT, 1n)
      numbers.push(errorOf(() => upgrade(kernel, code, 9)))
      operation('self.selfDestructOrBurn')(kernel, 1)
      numbers.push(errorOf(() => upgrade(kernel, code, 0)))
      return 0
    })
    expect(numbers).toEqual([ErrorNumber.ReadOnly, ErrorNumber.InvalidHandle, ErrorNumber.IllegalOperation])
  })

  it('is there only on networks that ask for it', () => {
    expect(NV28.syscalls).toBe(SYSCALLS_4)
    expect(SYSCALLS_4).not.toContain(UPGRADE_ACTOR)
    expect(rules.syscalls.at(-1)).toBe(UPGRADE_ACTOR)
    expect(rules.name).toBe('nv28+upgrades')
  })
})
