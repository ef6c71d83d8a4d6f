import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { loadCrypto } from '@troupe/crypto'
import { ses } from '@troupe/runtime-ses'
import type { MethodsOfActor } from '@troupe/sdk-js'
import { openLmdbStore } from '@troupe/store-lmdb'
import { type Account, createTroupe, type Troupe } from 'troupe'
import type Counter from './actors/counter.ts'

// Actors run in a thread that has a stack for the deepest calls; the first time that a machine sees this release, the engine boots, which takes a few seconds.
const vm = await createTroupe({ thread: 'worker', runtimes: [ses()] })
const [alice, bob, carol] = vm.accounts as [Account, Account, Account]
after(() => vm.close())

const built = (name: string): URL => new URL(`./dist/${name}.js`, import.meta.url)
/** What the directory of an actor finds an account by. */
const bytes = (account: Account): Uint8Array => account.address.bytes

it('counts for everyone, and for each caller', async () => {
  const actor = await vm.deploy(built('counter'), { from: alice, params: [bytes(alice)] })
  const counter = actor.typed<MethodsOfActor<typeof Counter, 'public'>>()
  assert.equal((await counter.send('add', [5n], { from: bob })).value, 5n)
  assert.equal((await counter.send('add', [2n], { from: carol })).value, 7n)
  assert.equal((await counter.view('mine', [], { from: bob })).value, 5n)
  const [event] = (await counter.send('add', [1n], { from: bob })).events
  assert.deepEqual(
    event?.entries.map(({ key }) => key),
    ['$type', 'n', 'count'],
  )
})

it('lets nobody begin anew but the owner', async () => {
  const counter = await vm.deploy(built('counter'), { from: alice, params: [bytes(alice)] })
  await counter.send('Add', [5n], { from: bob })
  const refused = await counter.trySend('Admin_reset', [0n], { from: bob })
  assert.equal(refused.exit.name, 'USR_FORBIDDEN')
  await counter.send('Admin_reset', [0n], { from: alice })
  assert.equal((await counter.send('Add', [1n], { from: bob })).value, 1n)
})

it('says what is wrong with an argument, and changes nothing', async () => {
  const counter = await vm.deploy(built('counter'), { from: alice, params: [bytes(alice)] })
  const root = (await vm.getActor(counter.address))?.head
  const refused = await counter.trySend('Add', ['five'], { from: bob })
  assert.equal(refused.exit.name, 'USR_ILLEGAL_ARGUMENT')
  assert.match(refused.failure?.message ?? '', /public\.add: argument 0: string .* - Must be a bigint/)
  assert.deepEqual((await vm.getActor(counter.address))?.head, root)
})

it('holds a payment until the arbiter says whose it is', async () => {
  const escrow = await vm.deploy(built('escrow'), { from: alice, params: [bytes(bob), bytes(carol)] })
  await escrow.send('Deposit', [], { from: alice, value: 10n ** 18n })
  assert.equal((await escrow.view('Held')).value, 10n ** 18n)

  assert.equal((await escrow.trySend('Arbiter_release', [0n], { from: bob })).exit.name, 'USR_FORBIDDEN')
  const before = await vm.balanceOf(bob)
  await escrow.send('Arbiter_release', [0n], { from: carol })
  assert.equal((await vm.balanceOf(bob)) - before, 10n ** 18n)
  assert.equal(await escrow.balance(), 0n)
})

it('gives a payment back, and takes no second buyer', async () => {
  const escrow = await vm.deploy(built('escrow'), { from: alice, params: [bytes(bob), bytes(carol)] })
  assert.equal((await escrow.trySend('Arbiter_refund', [0n], { from: carol })).exit.code, 32)
  await assert.rejects(
    escrow.send('Arbiter_refund', [0n], { from: carol }),
    /at refund \(actors\/escrow\.ts:44:/,
  )
  await escrow.send('Deposit', [], { from: alice, value: 7n })
  assert.equal((await escrow.trySend('Deposit', [], { from: carol, value: 1n })).exit.code, 33)
  await escrow.send('Arbiter_refund', [0n], { from: carol })
  assert.equal(await escrow.balance(), 0n)
})

it('runs a package for hardened JavaScript that knows nothing of chains', async () => {
  const office = await vm.deploy(built('box-office'), { from: alice, params: [['1a', '1b', '2a']] })
  assert.equal((await office.send('Buy', [['1b']], { from: bob })).value, 1n)
  assert.equal((await office.send('Buy', [['2a']], { from: bob })).value, 2n)
  assert.equal((await office.trySend('Buy', [['1b']], { from: carol })).exit.name, 'USR_UNSPECIFIED')
  assert.deepEqual((await office.view('Left')).value, ['1a'])
})

it('is a token by a library that knows nothing of chains: what is minted is there, whoever has it', async () => {
  const token = await vm.deploy(built('mint'), { from: alice, params: [bytes(alice)] })
  const balances = (at: Troupe): Promise<unknown[]> =>
    Promise.all(
      [alice, bob, carol].map(
        async (from) => (await at.actor(token.address).view('Balance', [], { from })).value,
      ),
    )
  await token.send('Minter_issue', [0n, bytes(bob), 100n], { from: alice })
  assert.equal(
    (await token.trySend('Minter_issue', [0n, bytes(bob), 1n], { from: bob })).exit.name,
    'USR_FORBIDDEN',
  )
  assert.deepEqual(await balances(vm), [0n, 100n, 0n])

  // A payment is on its way, and nobody has it but whom it is for.
  const { value: number } = await token.send('Draw', [bytes(carol), 30n], { from: bob })
  assert.deepEqual(await balances(vm), [0n, 70n, 0n])
  assert.equal((await token.trySend('Cash', [number], { from: alice })).exit.code, 32)
  const before = vm.root
  assert.equal((await token.send('Cash', [number], { from: carol })).value, 30n)
  assert.deepEqual(await balances(vm), [0n, 70n, 30n])
  assert.equal((await token.trySend('Cash', [number], { from: carol })).exit.name, 'USR_UNSPECIFIED')
  assert.equal((await token.trySend('Draw', [bytes(alice), 71n], { from: bob })).exit.name, 'USR_UNSPECIFIED')
  assert.deepEqual(await balances(vm), [0n, 70n, 30n])

  // The payment is in the state, as all else is.
  const fork = await vm.fork(before)
  assert.deepEqual(await balances(fork), [0n, 70n, 0n])
  await fork.actor(token.address).send('Cash', [number], { from: carol })
  assert.deepEqual(await balances(fork), [0n, 70n, 30n])
  await fork.close()
})

it('keeps purses and payments on disk', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'troupe-mint-'))
  const open = async (): Promise<Troupe> =>
    createTroupe({ runtimes: [ses()], store: await openLmdbStore(directory, await loadCrypto()) })
  const first = await open()
  const { address } = await first.deploy(built('mint'), { from: alice, params: [bytes(alice)] })
  await first.actor(address).send('Minter_issue', [0n, bytes(bob), 100n], { from: alice })
  const { value: number } = await first.actor(address).send('Draw', [bytes(carol), 30n], { from: bob })
  await first.close()
  const second = await open()
  await second.actor(address).send('Cash', [number], { from: carol })
  assert.equal((await second.actor(address).view('Balance', [], { from: bob })).value, 70n)
  assert.equal((await second.actor(address).view('Balance', [], { from: carol })).value, 30n)
  await second.close()
  await rm(directory, { recursive: true, force: true })
})
