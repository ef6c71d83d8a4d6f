import { encodeIpld } from '@troupe/ipld'
import { createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'

const FIL = 10n ** 18n

describe('a native multisig', () => {
  it('is made by the init actor, and moves value once enough have said so', async () => {
    await using vm = await createTroupe()
    const [alice, bob, carol] = vm.accounts
    if (alice === undefined || bob === undefined || carol === undefined) return expect.fail()
    const { code } = (await vm.getActor(alice)) ?? expect.fail()
    const codeOf = (name: string) => vm.chain.machineAfter().manifest.code(name) ?? expect.fail()
    expect(code).toEqual(codeOf('account'))
    // [signers, threshold, unlock duration, start epoch]
    const params = [[alice.address.bytes, bob.address.bytes], 2, 0, 0]
    const multisig = await vm.deploy(codeOf('multisig'), { params, value: 3n * FIL })
    expect(await multisig.balance()).toBe(3n * FIL)

    // Propose [to, value, method, params]; amounts are a sign and the magnitude.
    const amount = Uint8Array.of(0, 0x0d, 0xe0, 0xb6, 0xb3, 0xa7, 0x64, 0, 0)
    const proposal = [carol.address.bytes, amount, 0, new Uint8Array()]
    const { value } = await multisig.send(2, proposal, { from: alice })
    expect(value).toEqual([0n, false, 0n, new Uint8Array()])
    await expect(multisig.send(3, [0, new Uint8Array()], { from: alice })).rejects.toMatchObject({
      outcome: { exit: { name: 'USR_FORBIDDEN' } },
    })
    await multisig.send(3, encodeIpld([0, new Uint8Array()]), { from: bob })
    expect(await multisig.balance()).toBe(2n * FIL)
    expect(await vm.balanceOf(carol)).toBe(10_001n * FIL)
  })
})
