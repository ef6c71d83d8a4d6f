import { createRpc } from '@troupe/rpc'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createContractVm } from './contract-chain.ts'

/** What JSON can say that somebody might take for a parameter. */
const value = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      'latest',
      '0x1',
      '0x',
      1,
      true,
      null,
      {},
      [],
      'callTracer',
      't0100',
      -1,
      1.5,
    ),
  },
  fc.constantFrom<unknown>(
    '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
    '0xff00000000000000000000000000000000000064',
    '0x000000000000000000636f6e736f6c652e6c6f67',
    `0x${'1'.repeat(64)}`,
    `0x${'f'.repeat(64)}`,
    { '/': 'bafy2bzaceaeki6jn7ytscoaamfmaks2ro55xksj2vk37ehqcgiqtgpdak6qem' },
    [{ '/': 'bafy2bzaceaeki6jn7ytscoaamfmaks2ro55xksj2vk37ehqcgiqtgpdak6qem' }],
    { to: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266', data: '0x1234', value: '0x1' },
    { from: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266', data: '0xfe' },
    { fromBlock: 'earliest', topics: [null] },
    { To: 't0101', From: 't0100', Value: '1', Method: 2, Params: 'gEA=' },
    { Message: { To: 't0101', From: 't0100' }, Signature: { Type: 1, Data: 'AAAA' } },
    { '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266': { balance: '0x1', code: '0x60', state: {} } },
    { __proto__: null, constructor: 1, toString: [] },
  ),
  fc.string({ maxLength: 20 }),
  fc.jsonValue({ maxDepth: 2 }),
)
/** They take long, and say so: the chain's own powers, for whoever has them. */
const SLOW = /mine|increaseTime|Timestamp|setTime|Interval/iu

it('no method fails with the host for whatever it is asked', async () => {
  await using vm = await createContractVm({ accounts: { count: 2 } })
  const failures: unknown[] = []
  const rpc = createRpc(vm, {
    onFailure: (error, method) => failures.push(`${method}: ${(error as Error).stack}`),
  })
  const names = [...rpc.methods.keys()].filter((name) => !SLOW.test(name) && name !== 'Filecoin.StateWaitMsg')
  const session = rpc.openSession({ notify: () => {} })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.array(value, { maxLength: 4 }), async (method, params) => {
      const response = await rpc.handle({ jsonrpc: '2.0', id: 1, method, params }, session)
      expect(() => JSON.stringify(response)).not.toThrow()
    }),
    { numRuns: 3000, seed: 7 },
  )
  expect(failures).toEqual([])
})
