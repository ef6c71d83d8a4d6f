import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { ses } from '@troupe/runtime-ses'
import type { MethodsOfActor } from '@troupe/sdk-js'
import { type Account, createTroupe } from 'troupe'
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
