import { blsAddress, ethereumAddress, formatAddress, rulesOf } from '@troupe/hypervisor'
import { idOf } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { gasOf, invoke } from './invoke.ts'

const nv17 = rulesOf(17)
const nv18 = rulesOf(18)
const f410 = ethereumAddress(new Uint8Array(20).fill(9))
const key = blsAddress(new Uint8Array(48).fill(4))

describe('actor syscalls', () => {
  it('resolve addresses; ids resolve to themselves', async () => {
    const actors = { 102: { code: 'other', address: key } }
    await invoke(
      nv18,
      (syscall) => {
        expect(syscall('actor.resolveAddress', key)).toEqual({ value: 102n })
        expect(syscall('actor.resolveAddress', idOf(9999))).toEqual({ value: 9999n })
        expect(syscall('actor.resolveAddress', f410)).toBe('NotFound')
      },
      { actors },
    )
  })

  it('tell codes, types, balances and delegated addresses', async () => {
    const actors = { 102: { code: 'placeholder', balance: 5n, delegatedAddress: f410 } }
    await invoke(
      nv18,
      (syscall, _kernel, { codeOf }) => {
        expect(String(syscall('actor.getActorCodeCid', 102n))).toBe(String(codeOf('placeholder')))
        expect(syscall('actor.getBuiltinActorType', codeOf('init'))).toEqual({ value: 2 })
        expect(syscall('actor.getBuiltinActorType', codeOf('body'))).toEqual({ value: 0 })
        expect(String(syscall('actor.getCodeCidForType', 4))).toBe(String(codeOf('account')))
        for (const type of [0, -1, 17])
          expect(syscall('actor.getCodeCidForType', type)).toBe('IllegalArgument')
        expect(syscall('actor.balanceOf', 102n)).toEqual({ value: 5n })
        expect(syscall('actor.lookupDelegatedAddress', 102n)).toMatchObject({ key: f410.key })
        expect(syscall('actor.lookupDelegatedAddress', 101n)).toBeUndefined()
        for (const name of ['getActorCodeCid', 'balanceOf', 'lookupDelegatedAddress'])
          expect(syscall(`actor.${name}`, 4242n)).toBe('NotFound')
      },
      { actors },
    )
  })

  it('give the same next address until an actor is created (generation 3)', async () => {
    await invoke(
      nv18,
      (syscall, kernel, { crypto, codeOf }) => {
        const next = (): string => formatAddress(syscall('actor.nextActorAddress') as typeof key, crypto)
        const first = next()
        expect(first).toMatch(/^f2/)
        expect(next()).toBe(first)
        expect(syscall('actor.createActor', 500n, codeOf('other'), undefined)).toBeUndefined()
        expect(next()).not.toBe(first)
        expect(kernel.calls.machine.state.getActor(500n)).toMatchObject({ balance: 0n, sequence: 0n })
      },
      { receiver: 1, actors: { 103: { code: 'other' } } },
    )
  })

  it('let only the init actor create, and nothing twice (generation 3)', async () => {
    await invoke(nv18, (syscall, _kernel, { codeOf }) => {
      expect(syscall('actor.createActor', 500n, codeOf('account'), undefined)).toBe('Forbidden')
    })
    const actors = {
      102: { code: 'placeholder', balance: 5n, delegatedAddress: f410 },
      103: { code: 'other' },
    }
    await invoke(
      nv18,
      (syscall, kernel, { codeOf }) => {
        expect(syscall('actor.createActor', 500n, codeOf('placeholder'), f410)).toBe('Forbidden')
        expect(syscall('actor.createActor', 103n, codeOf('evm'), undefined)).toBe('Forbidden')
        expect(syscall('actor.createActor', 102n, codeOf('evm'), undefined)).toBe('Forbidden')
        expect(syscall('actor.createActor', 102n, codeOf('evm'), key)).toBe('Forbidden')
        // The refused attempts have paid for the lookup, and a placeholder has its room already (call_manager/default.rs).
        expect(
          gasOf(kernel, () =>
            expect(syscall('actor.createActor', 102n, codeOf('evm'), f410)).toBeUndefined(),
          ),
        ).toBe(475_000)
        expect(kernel.calls.machine.state.getActor(102n)).toMatchObject({
          balance: 5n,
          delegatedAddress: { key: f410.key },
        })
        expect(gasOf(kernel, () => syscall('actor.createActor', 501n, codeOf('evm'), undefined))).toBe(
          500_000 + 475_000 + 650_000,
        )
      },
      { receiver: 1, actors },
    )
  })

  it('let any actor create built-in actors that are not singletons (generation 2)', async () => {
    await invoke(nv17, (syscall, kernel, { codeOf }) => {
      expect(syscall('actor.createBuiltinActor', 500n, codeOf('body'))).toBe('Forbidden')
      for (const name of [
        'system',
        'init',
        'reward',
        'cron',
        'storagepower',
        'storagemarket',
        'verifiedregistry',
      ])
        expect(syscall('actor.createBuiltinActor', 500n, codeOf(name))).toBe('Forbidden')
      expect(syscall('actor.createBuiltinActor', 101n, codeOf('multisig'))).toBe('Forbidden')
      expect(gasOf(kernel, () => syscall('actor.createBuiltinActor', 500n, codeOf('multisig')))).toBe(
        1_207_254,
      )
      expect(syscall('actor.createBuiltinActor', 501n, codeOf('datacap'))).toBeUndefined()
    })
  })

  it('give another new address each time, from the key of the origin (generation 2)', async () => {
    const { CborWriter, DAG_CBOR } = await import('@troupe/ipld')
    const network = await invoke(nv17, () => {})
    const head = network.store.putBlock(DAG_CBOR, new CborWriter().array(1).bytes(key.bytes).finish())
    const addresses = new Set<string>()
    const actors = { 100: { code: 'account', balance: 10n ** 24n, head } }
    await invoke(
      nv17,
      (syscall, kernel) => {
        kernel.calls.machine.blocks.put(head, new CborWriter().array(1).bytes(key.bytes).finish())
        for (let i = 0; i < 3; i++) addresses.add((syscall('actor.newActorAddress') as typeof key).key)
        expect(kernel.calls.actorsCreated).toBe(3n)
      },
      { actors },
    )
    expect(addresses.size).toBe(3)
  })
})

describe('self syscalls', () => {
  it('read and change the own root and balance', async () => {
    const network = await invoke(
      nv18,
      (syscall, kernel, { codeOf, machine }) => {
        expect(String(syscall('self.root'))).toBe(String(machine.emptyTuple))
        expect(syscall('self.setRoot', codeOf('other'))).toBeUndefined()
        expect(String(syscall('self.root'))).toBe(String(codeOf('other')))
        expect(syscall('self.currentBalance')).toEqual({ value: 1000n })
        expect(kernel.lastFailure).toBeUndefined()
      },
      { actors: { 103: { code: 'other' } } },
    )
    expect(network.machine.state.getActor(101n)?.head.toString()).toBe(network.codeOf('other').toString())
  })

  it.each([[17], [18]])(
    'delete the actor once, and its balance goes to the beneficiary (nv%i)',
    async (nv) => {
      const network = await invoke(
        rulesOf(nv),
        (syscall, _kernel, { machine }) => {
          expect(syscall('self.selfDestruct', idOf(101))).toBe('Forbidden')
          expect(syscall('self.selfDestruct', key)).toBe('NotFound')
          expect(syscall('self.selfDestruct', idOf(102))).toBeUndefined()
          expect(syscall('self.currentBalance')).toEqual({ value: 0n })
          expect(syscall('self.root')).toBe('IllegalOperation')
          expect(syscall('self.setRoot', machine.emptyTuple)).toBe('IllegalOperation')
          expect(syscall('self.selfDestruct', idOf(102))).toBeUndefined()
        },
        { actors: { 102: { code: 'other', balance: 1n } } },
      )
      expect(network.machine.state.getActor(101n)).toBeUndefined()
      expect(network.machine.state.getActor(102n)?.balance).toBe(1001n)
    },
  )

  it('refund the deletion in generation 2', async () => {
    await invoke(nv17, (syscall, kernel) => {
      expect(gasOf(kernel, () => syscall('self.selfDestruct', idOf(100)))).toBe(-98_800)
    })
  })
})
