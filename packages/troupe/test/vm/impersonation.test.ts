import { NATIVE_ACTORS, userInitActor } from '@troupe/actors'
import { idAddress } from '@troupe/hypervisor'
import { CborWriter, DAG_CBOR } from '@troupe/ipld'
import { nativeRuntime } from '@troupe/runtime-native'
import {
  type ActorHandle,
  createTroupe,
  loadBlockMessages,
  networks,
  replayWitness,
  type Troupe,
} from 'troupe'
import { describe, expect, it } from 'vitest'

const FIL = 10n ** 18n
const code = (value: string) => expect.objectContaining({ code: value })

/** A chain with a multisig of two, which has 3 FIL. */
async function createWithMultisig(): Promise<{ vm: Troupe; multisig: ActorHandle }> {
  const vm = await createTroupe()
  const [alice, bob] = vm.accounts.map(({ address }) => address.bytes)
  const multisigCode = vm.chain.machineAfter().manifest.code('multisig') ?? expect.fail()
  const multisig = await vm.deploy(multisigCode, {
    params: [[alice ?? 0, bob ?? 0], 2, 0, 0],
    value: 3n * FIL,
  })
  return { vm, multisig }
}

describe('a message of an actor that is no account', () => {
  it('is refused, and executed where that is asked for', async () => {
    const { multisig, vm } = await createWithMultisig()
    const request = { from: multisig, to: vm.accounts[2] ?? '', value: FIL }
    await expect(vm.send(request)).rejects.toThrow(code('message/from'))
    const { exit, fees, fidelity } = await vm.send(request, { impersonate: true })
    expect(exit.code).toBe(0)
    expect(fidelity.level).toBe('simulated')
    const paid = fees.baseFeeBurn + fees.overEstimationBurn + fees.minerTip
    expect(await vm.getActor(multisig)).toMatchObject({ sequence: 1n, balance: 2n * FIL - paid })
    expect(await vm.balanceOf(vm.accounts[2] ?? '')).toBe(10_001n * FIL)
    // The next one has another name, although it says the same.
    await vm.send(request, { impersonate: true })
    expect((await vm.resolve(multisig))?.sequence).toBe(2n)
  })

  it('is seen by whoever is called as one of that actor', async () => {
    const { multisig, vm } = await createWithMultisig()
    // Only the multisig itself may change its threshold.
    const request = { to: multisig, method: 8, params: [1] }
    await expect(vm.send(request)).rejects.toMatchObject({ outcome: { exit: { name: 'USR_FORBIDDEN' } } })
    await vm.send({ ...request, from: multisig }, { impersonate: true })
    await multisig.send(2, [vm.accounts[2]?.address.bytes ?? 0, new Uint8Array(), 0, new Uint8Array()])
  })

  it('is free with a fee cap of 0, for actors without funds', async () => {
    await using vm = await createTroupe()
    const request = { from: 1n, to: 1n }
    await expect(vm.send(request, { impersonate: true })).rejects.toThrow(code('message/balance'))
    const { fees } = await vm.send({ ...request, gasFeeCap: 0n }, { impersonate: true })
    expect(fees).toMatchObject({ baseFeeBurn: 0n, minerPenalty: 0n, refund: 0n })
    await expect(vm.send({ to: 1n, gasFeeCap: 0n }, { impersonate: true })).rejects.toThrow(
      code('message/gasFeeCap'),
    )
  })

  it('has to be of an actor that there is, and not signed', async () => {
    await using vm = await createTroupe()
    await expect(vm.send({ from: 7777n, to: 1n }, { impersonate: true })).rejects.toThrow(
      code('message/from'),
    )
    await expect(vm.send({ from: 1n, to: 1n }, { impersonate: true, signed: true })).rejects.toThrow(
      code('message/signature'),
    )
    const message = vm.prepare({ from: 1n, to: 1n, gasFeeCap: 0n }, { impersonate: true })
    expect(() => vm.pool.add({ message, isImpersonated: true })).toThrow(code('message/signature'))
    expect(() => vm.pool.add({ message }, { unsigned: true })).toThrow(code('message/gasFeeCap'))
  })

  it('stands in a list of its own in the block, from which chain and witness execute it again', async () => {
    const { multisig, vm } = await createWithMultisig()
    const { block, cid, gas } = await vm.send(
      { from: multisig, to: vm.accounts[2] ?? '', value: FIL },
      { impersonate: true },
    )
    const messages = vm.chain.messagesOf(vm.chain.tipset(block))
    expect([messages.bls, messages.secp256k1, messages.impersonated].map(({ length }) => length)).toEqual([
      0, 0, 1,
    ])
    expect(await vm.waitFor(cid)).toMatchObject({ block, gas, fidelity: { level: 'simulated' } })
    const runtimes = [nativeRuntime({ crypto: vm.crypto, actors: [...NATIVE_ACTORS, userInitActor] })]
    const options = { crypto: vm.crypto, runtimes, proofs: undefined, rules: networks.local }
    const { claim, messages: replayed } = replayWitness(vm.chain.witness(), options)
    expect(claim.stateRoot).toEqual(vm.root)
    expect(replayed[0]?.result).toMatchObject({ receipt: { exitCode: 0 }, fidelity: { level: 'simulated' } })
  })

  it('leaves blocks without one as Filecoin has them', async () => {
    await using vm = await createTroupe()
    await vm.send({ from: vm.accounts[1], to: 1n }, { impersonate: true })
    const { header } = vm.chain.head
    expect(vm.chain.blocks.getBlock(header.messages)[0]).toBe(0x82)
    for (const length of [1, 5]) {
      const lists = new CborWriter().array(length)
      for (let list = 0; list < length; list++) lists.cid(vm.root)
      const other = vm.chain.blocks.putBlock(DAG_CBOR, lists.finish())
      expect(() => loadBlockMessages(vm.chain.blocks, other)).toThrow(code('block/malformed'))
    }
  })

  it('waits for the next block where messages of its sender come first that a block executes later', async () => {
    await using vm = await createTroupe({ mining: 'manual' })
    const [alice] = vm.accounts
    const first = vm.send({ from: alice, to: 1n }, { signed: true })
    const second = vm.send({ from: alice, to: 1n })
    await vm.mine()
    expect((await first).exit.code).toBe(0)
    expect(vm.pool.size).toBe(1)
    await vm.mine()
    expect((await second).epoch).toBe(2n)
    expect((await vm.getActor(idAddress(100n)))?.sequence).toBe(2n)
  })
})
