import { NATIVE_ACTORS, userInitActor } from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import { actorAddress, delegatedAddress, idAddress, secp256k1Address } from '@troupe/hypervisor'
import { CborStore, CborWriter, cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import { MemoryStore } from '@troupe/ipld/store'
import { nativeRuntime } from '@troupe/runtime-native'
import {
  type Account,
  createTroupe,
  MAX_EDITS,
  networks,
  replayWitness,
  type Troupe,
  type TroupeOptions,
} from 'troupe'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const FIL = 10n ** 18n
const code = (value: string) => expect.objectContaining({ code: value })
const FRESH = '0x00000000000000000000000000000000000000aa'

async function createVm(options: TroupeOptions = {}): Promise<{ vm: Troupe; alice: Account; bob: Account }> {
  const vm = await createTroupe({ accounts: { count: 2 }, ...options })
  const [alice = expect.fail(), bob = expect.fail()] = vm.accounts
  return { vm, alice, bob }
}

/** Executes a block again from its witness alone. */
async function replay(vm: Troupe, block = vm.head.block): Promise<ReturnType<typeof replayWitness>> {
  const runtimes = [nativeRuntime({ crypto, actors: [...NATIVE_ACTORS, userInitActor] })]
  return replayWitness(await vm.exportWitness(block), {
    crypto,
    runtimes,
    proofs: undefined,
    rules: networks.local,
  })
}

describe('an edit of the state', () => {
  it('sets what actors have, without a block, and the next block is executed on it', async () => {
    const { vm, alice, bob } = await createVm()
    const before = vm.head
    const after = await vm.edit([
      { address: alice.ethereum, balance: 5n * FIL, sequence: 7n },
      { address: bob, balance: 1n },
    ])
    expect(after).toMatchObject({ block: before.block, epoch: before.epoch, baseFee: before.baseFee })
    expect(after.root).not.toEqual(before.root)
    expect(vm.root).toEqual(after.root)
    expect(await vm.getActor(alice.ethereum)).toMatchObject({ balance: 5n * FIL, sequence: 7n })
    expect(await vm.balanceOf(bob)).toBe(1n)
    await vm.send({ from: alice.ethereum, to: bob, value: FIL }, {})
    expect(await vm.getActor(alice.ethereum)).toMatchObject({ sequence: 8n })
    expect(await vm.balanceOf(bob)).toBe(FIL + 1n)
    // The block begins where the one before it ended, and says what came between.
    expect(vm.chain.head.header.parentStateRoot).toEqual(before.root)
    expect(vm.chain.head.edited).toBeUndefined()
    expect(vm.chain.tipset(before.block).stateRoot).toEqual(before.root)
  })

  it('is carried by the witness of the block after it, which gives the same state again', async () => {
    const { vm, alice, bob } = await createVm()
    await vm.edit([{ address: FRESH, balance: 5n }])
    await vm.edit([{ address: alice, balance: 3n * FIL }])
    const { block } = await vm.send({ from: alice, to: bob, value: 1n })
    const { claim, messages } = await replay(vm, block)
    expect(claim.stateRoot).toEqual(vm.root)
    expect(messages[0]?.result.receipt.exitCode).toBe(0)
    // That of a head that was edited is the witness of its block alone.
    await vm.edit([{ address: FRESH, balance: 6n }])
    expect((await replay(vm)).claim.stateRoot).not.toEqual(vm.root)
  })

  it('makes actors where there are none', async () => {
    const { vm, alice } = await createVm()
    const key = secp256k1Address(crypto, new Uint8Array(65).fill(4))
    await vm.edit([
      { address: FRESH, balance: 5n * FIL },
      { address: '0x00000000000000000000000000000000000000bb', sequence: 3n },
      { address: key, balance: 2n },
    ])
    expect(await vm.resolve(FRESH)).toMatchObject({ type: 'placeholder' })
    expect(await vm.resolve('0x00000000000000000000000000000000000000bb')).toMatchObject({
      type: 'ethaccount',
    })
    expect(await vm.resolve(key)).toMatchObject({ type: 'account' })
    // All of them send, the placeholder too.
    for (const from of [FRESH, '0x00000000000000000000000000000000000000bb', key]) {
      await vm.edit([{ address: from, balance: 5n * FIL }])
      expect((await vm.send({ from, to: alice, value: 1n })).exit.code).toBe(0)
    }
    expect(await vm.getActor('0x00000000000000000000000000000000000000bb')).toMatchObject({ sequence: 4n })
  })

  it('gives actors code and state, with the blocks that it consists of', async () => {
    const { vm, alice } = await createVm()
    const { code: account = expect.fail() } = (await vm.getActor(alice)) ?? {}
    const leaf = Uint8Array.of(1, 2, 3)
    const link = cidOf(crypto, RAW, leaf)
    const state = new CborWriter().array(2).bytes(alice.address.bytes).cid(link).finish()
    const head = cidOf(crypto, DAG_CBOR, state)
    const address = actorAddress(crypto, Uint8Array.of(9))
    await expect(vm.edit([{ address, code: account, head }])).rejects.toThrow(code('edit/head'))
    await expect(vm.edit([{ address, code: account, head }], { blocks: [[head, state]] })).rejects.toThrow(
      code('edit/blocks'),
    )
    await expect(
      vm.edit([{ address, code: account, head }], {
        blocks: [
          [head, state],
          [link, Uint8Array.of(1)],
        ],
      }),
    ).rejects.toThrow(code('blockstore/hash-mismatch'))
    await vm.edit([{ address, code: account, head }], {
      blocks: [
        [head, state],
        [link, leaf],
      ],
    })
    const { id = expect.fail() } = (await vm.resolve(address)) ?? {}
    expect(await vm.getActor(id)).toMatchObject({ code: account, head, balance: 0n })
    expect(new CborStore(vm.chain.blocks.blocks, crypto).getBlock(link)).toEqual(leaf)
    // What needs no block needs none.
    await vm.edit([{ address, head: (await vm.getActor(alice))?.head }])
    expect((await vm.mine()).epoch).toBe(1n)
    expect((await replay(vm)).claim.stateRoot).toEqual(vm.root)
  })

  it.each([
    ['balance', { balance: -1n }],
    ['balance', { balance: 2n ** 128n }],
    ['sequence', { sequence: 4n }],
    ['sequence', { sequence: 2n ** 64n }],
    ['code', { code: cidOf(crypto, RAW, Uint8Array.of(5)) }],
    ['head', { head: cidOf(crypto, DAG_CBOR, Uint8Array.of(0x80, 5)) }],
    ['address', { address: idAddress(999_999n) }],
    ['address', { address: actorAddress(crypto, Uint8Array.of(1)) }],
    ['address', { address: delegatedAddress(99n, Uint8Array.of(1)) }],
  ])('whose %s is wrong is refused, and nothing of it stays (case %#)', async (field, fields) => {
    const { vm, alice } = await createVm()
    await vm.edit([{ address: alice, sequence: 5n }])
    const before = vm.head
    await expect(
      vm.edit([
        { address: alice, balance: 1n },
        { address: alice, ...fields },
      ]),
    ).rejects.toThrow(code(`edit/${field}`))
    expect(vm.head).toEqual(before)
    expect(await vm.balanceOf(alice)).toBe(10_000n * FIL)
  })

  it('has as many parts as there may be before a block, and no more', async () => {
    const { vm, alice } = await createVm()
    const many = Array.from({ length: MAX_EDITS }, (_, index) => ({ address: alice, balance: BigInt(index) }))
    await vm.edit(many)
    expect(await vm.balanceOf(alice)).toBe(BigInt(MAX_EDITS - 1))
    await expect(vm.edit([{ address: alice, balance: 1n }])).rejects.toThrow(code('edit/too-many'))
    await vm.mine()
    await vm.edit([{ address: alice, balance: 1n }])
    expect(await vm.balanceOf(alice)).toBe(1n)
  })

  it('at its bounds is one', async () => {
    const { vm, alice } = await createVm()
    await vm.edit([{ address: alice, balance: 2n ** 128n - 1n, sequence: 2n ** 64n - 1n }])
    expect(await vm.getActor(alice)).toMatchObject({ balance: 2n ** 128n - 1n, sequence: 2n ** 64n - 1n })
  })

  it('that changes nothing is none', async () => {
    const { vm, alice } = await createVm()
    const before = vm.head
    expect(await vm.edit([{ address: alice, balance: 10_000n * FIL }, { address: alice }])).toEqual(before)
    expect(before.position).toEqual(before.block)
  })

  it('is there when a store is opened again, and in a fork', async () => {
    const store = new MemoryStore()
    const { vm, bob } = await createVm({ store })
    await vm.mine()
    const { root, position } = await vm.edit([{ address: bob, balance: 77n }])
    const { vm: again } = await createVm({ store })
    expect(again.head).toMatchObject({ root, position, epoch: 1n })
    expect(await again.balanceOf(bob)).toBe(77n)
    const fork = await vm.fork()
    expect(await fork.balanceOf(bob)).toBe(77n)
    await fork.mine()
    await again.mine()
    expect(fork.root).toEqual(again.root)
    expect(await vm.balanceOf(bob)).toBe(77n)
  })

  it('is a state that can be returned to, and so is the one before it', async () => {
    const { vm, bob } = await createVm()
    await vm.mine()
    const plain = vm.head
    const first = await vm.edit([{ address: bob, balance: 1n }])
    const second = await vm.edit([{ address: bob, balance: 2n }])
    expect(new Set([plain, first, second].map(({ position }) => String(position))).size).toBe(3)
    await vm.mine()
    const end = vm.root
    for (const { position, root } of [first, plain, second, first]) {
      expect(await vm.checkout(position)).toMatchObject({ root, position, block: plain.block })
      expect(await vm.checkout(root)).toMatchObject({ root })
    }
    await vm.checkout(plain.block)
    expect(await vm.balanceOf(bob)).toBe(10_000n * FIL)
    await vm.checkout(second.position)
    await vm.mine()
    expect(vm.root).toEqual(end)
  })

  it('is told to those who want to know, and forgets messages that it has overtaken', async () => {
    const { vm, alice, bob } = await createVm({ mining: 'manual' })
    const told: string[] = []
    vm.onBlock(({ root }) => told.push(`block ${root}`))
    vm.onBlock(({ root }) => told.push(`any ${root}`), { edits: true })
    const sent = vm.send({ from: alice, to: bob, value: 1n })
    const { root } = await vm.edit([{ address: alice, sequence: 1n }])
    await expect(sent).rejects.toThrow(code('pool/dropped'))
    expect(told).toEqual([`any ${root}`])
    await vm.mine()
    expect(told.slice(1)).toEqual([`block ${vm.root}`, `any ${vm.root}`])
  })
})
