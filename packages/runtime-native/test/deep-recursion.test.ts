import { ExitCode, idAddress } from '@troupe/hypervisor'
import { encodeValue } from '@troupe/ipld'
import { defineActor, encodeBlock, method, u64Codec } from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'
import { createNativeNetwork } from './support/network.ts'

const account = defineActor({
  name: 'account',
  version: 'test',
  gas: { memoryPages: 1, entry: 0 },
  methods: {},
})
const EXPORTED = 1n << 24n

/** Calls itself as often as it is told to. */
const recursive = defineActor({
  name: 'recursive',
  version: '1',
  gas: { memoryPages: 1, entry: 0 },
  methods: {
    [Number(EXPORTED)]: method({
      name: 'Recurse',
      parameters: u64Codec,
      gas: { base: 0 },
      run: (context, times) => {
        context.acceptAnyCaller()
        if (times === 0n) return
        const to = idAddress(context.message.receiver)
        context.sendOrFail({ to, method: EXPORTED, parameters: encodeBlock(u64Codec, times - 1n) })
      },
    }),
  },
})

describe('native actors that call each other', () => {
  it('go as deep as the rules let them, and no deeper', async () => {
    const net = await createNativeNetwork([account], [recursive])
    const recurse = (times: bigint) =>
      net.send(1000n, EXPORTED, encodeValue(u64Codec, times), { gasLimit: 10_000_000_000n }).receipt.exitCode
    expect(recurse(1023n)).toBe(0)
    expect(recurse(1024n)).toBe(ExitCode.USR_ASSERTION_FAILED)
  })

  it('fail as the host does where its stack is used up', async () => {
    const endless = defineActor({
      name: 'endless',
      version: '1',
      gas: { memoryPages: 1, entry: 0 },
      methods: {
        [Number(EXPORTED)]: method({
          name: 'Endless',
          gas: { base: 0 },
          run: () => {
            const descend = (depth: number): number => descend(depth + 1) + 1
            descend(0)
          },
        }),
      },
    })
    const net = await createNativeNetwork([account], [endless])
    const before = net.machine.state.getActor(100n)
    expect(() => net.send(1000n, EXPORTED)).toThrow(expect.objectContaining({ code: 'host/stack-exhausted' }))
    expect(net.machine.state.getActor(100n)).toEqual(before)
  })
})
