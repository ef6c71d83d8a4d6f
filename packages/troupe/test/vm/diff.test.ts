import { createTroupe, deriveAccounts, renderDiff } from 'troupe'
import { expect, it } from 'vitest'

it('tells what a message has changed, in the names of the actors it touched', async () => {
  await using vm = await createTroupe({ accounts: { count: 2 } })
  const [, , stranger] = deriveAccounts(vm.crypto, { count: 3 })
  const before = vm.root
  await vm.send({ to: stranger ?? '', value: 5n })
  const changes = await vm.diff(before)
  expect(renderDiff(changes).map((line) => line.replace(/\d{15,}/gu, '…'))).toMatchInlineSnapshot(`
    [
      "/t01/addressMap/t1qkytb6noy4lnxes6atev4k5gs3zcu6yesasjgki: (new) 104",
      "/t01/nextId: 104 → 105",
      "/t02/balance: … → …",
      "/t02/totalStoragePowerReward: 0 → …",
      "/t099/balance: 0 → …",
      "/t0100/sequence: 0 → 1",
      "/t0100/balance: … → …",
      "/t0104: (new) {type: account, sequence: 0, balance: 5, state: {address: t1qkytb6noy4lnxes6atev4k5gs3zcu6yesasjgki}, code: bafy2bzacedto2ctiwbynwsszikhv6rho3rwg7b2eyagagggjafydwqvlhp5t4}",
    ]
  `)
  const added = changes.find(({ path }) => path.startsWith('/t01/addressMap'))
  expect(added?.segments).toEqual(['t01', 'addressMap', vm.format(stranger?.address ?? expect.fail())])
  expect(added).toMatchObject({ before: undefined, after: 104n })
  expect(await vm.diff(vm.root, before)).toHaveLength(changes.length)
  expect(await vm.diff(vm.root)).toEqual([])
})
