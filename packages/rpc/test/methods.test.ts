import { createRpc } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { expect, it } from 'vitest'
import { methodTable } from './method-table.ts'

it('METHODS.md lists every method, and what others have', async () => {
  await expect(await methodTable()).toMatchFileSnapshot('../METHODS.md')
})

it('every method with an underscore or a point in its name belongs to a group, and stands once', async () => {
  await using vm = await createTroupe({ accounts: { count: 1 } })
  for (const [name, { group }] of createRpc(vm).methods)
    expect(name).toMatch(new RegExp(`^${group}[_.]`, 'u'))
})
