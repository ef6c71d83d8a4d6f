import { type CacheUse, CallTree, Executor, rulesOf } from '@troupe/hypervisor'
import { createTestNetwork } from '@troupe/testkit'
import { expect, it } from 'vitest'
import { LENGTH, messageOf } from './message.ts'

it('a trace ends with what the message has found in the read caches of its machine', async () => {
  const { machine } = await createTestNetwork({
    rules: rulesOf(28),
    actors: { 100: { code: 'account', balance: 10n ** 24n }, 101: { code: 'target' } },
    scripts: { target: () => 0 },
  })
  const execute = (sequence: bigint): CacheUse => {
    const tree = new CallTree()
    const types: string[] = []
    const trace: typeof tree.listener = (event) => {
      types.push(event.type)
      tree.listener(event)
    }
    new Executor(machine).execute(messageOf({ sequence }), { length: LENGTH, trace })
    expect(types.filter((type) => type === 'caches')).toHaveLength(1)
    expect(types.at(-1)).toBe('caches')
    return tree.caches ?? expect.fail()
  }
  const [first, second] = [execute(0n), execute(1n)]
  expect(first.blocks).toBeUndefined()
  // The code is read for the first message, and ready for the second.
  expect([first.code, second.code]).toEqual([
    { hits: 0, misses: 1 },
    { hits: 1, misses: 0 },
  ])
  expect(second.nodes.misses).toBe(0)
  expect(machine.caches.nodes.hits).toBeGreaterThanOrEqual(first.nodes.hits + second.nodes.hits)
  // A message that is refused is not executed.
  const tree = new CallTree()
  new Executor(machine).execute(messageOf({ sequence: 9n }), { length: LENGTH, trace: tree.listener })
  expect(tree.caches).toBeUndefined()
})
