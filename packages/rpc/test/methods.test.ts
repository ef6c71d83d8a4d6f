import { createRpc } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { expect, it } from 'vitest'
import { methodTable, missingMethods } from './method-table.ts'

it('METHODS.md lists every method, and what others have', async () => {
  await expect(await methodTable()).toMatchFileSnapshot('../METHODS.md')
})

it('every method with an underscore or a point in its name belongs to a group, and stands once', async () => {
  await using vm = await createTroupe({ accounts: { count: 1 } })
  for (const [name, { group }] of createRpc(vm).methods)
    expect(name).toMatch(new RegExp(`^${group}[_.]`, 'u'))
})

it('every method of the specification and of others is answered, or refused with a reason', async () => {
  await using vm = await createTroupe({ accounts: { count: 1 } })
  const { methods } = createRpc(vm)
  expect(missingMethods(new Set(methods.keys()))).toEqual([])
  for (const { unsupported } of methods.values()) expect(unsupported?.length ?? 20).toBeGreaterThan(15)
})
