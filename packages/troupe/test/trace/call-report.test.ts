import { CallTree } from '@troupe/hypervisor'
import { reportCallTree } from 'troupe/trace'
import { expect, it } from 'vitest'
import { NAMES, open, sample } from './sample-tree.ts'

it('is the whole call tree, with amounts and method numbers as text', () => {
  const tree = sample()
  expect(reportCallTree(tree, NAMES)).not.toHaveProperty('caches')
  const caches = { blocks: undefined, nodes: { hits: 3, misses: 1 }, code: { hits: 2, misses: 0 } }
  tree.listener({ type: 'caches', ...caches })
  const { inclusion, calls, caches: reported } = reportCallTree(tree, NAMES)
  expect(reported).toEqual(caches)
  expect(inclusion).toEqual({ OnChainMessage: 720_563_000n })
  expect(calls).toHaveLength(1)
  const [root] = calls
  expect(root).toMatchObject({
    from: 'f0101',
    to: 'f01000',
    actor: 'storageminer',
    method: '4',
    methodName: 'ChangePeerID',
    totalMilligas: 426_444_404n,
    ownMilligas: 420_444_400n,
    charges: { wasm_exec: 392_444_400n, OnSyscall: 28_000_000n },
    logs: ['two\nlines \u001b[31m'],
  })
  expect(root?.calls.map(({ to, value, outcome }) => ({ to, value, outcome }))).toEqual([
    {
      to: 'f099',
      value: '1500000000000000000',
      outcome: { exitCode: 0, exitName: 'OK', returnData: '' },
    },
    { to: 'f05', value: '0', outcome: { exitCode: 18, exitName: 'USR_FORBIDDEN', returnData: '' } },
  ])
})

it('says of a call that threw why, and of one that did not end nothing', () => {
  const tree = new CallTree()
  open(tree.listener)
  open(tree.listener)
  tree.listener({ type: 'error', number: 6, message: 'nobody' })
  const [root] = reportCallTree(tree, NAMES).calls
  expect(root?.outcome).toBeUndefined()
  expect(root?.calls[0]?.outcome).toEqual({ error: 'NotFound', message: 'nobody' })
})
