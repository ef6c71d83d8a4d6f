import { CallTree, idAddress, ownGas, type TraceEvent } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'

const call: TraceEvent = {
  ...{ type: 'call', from: 1n, to: idAddress(2n), method: 3n, value: 0n },
  ...{ parameters: undefined, gasLimit: 10n, readOnly: false },
}
const returned: TraceEvent = { type: 'return', exitCode: 0, value: undefined }
const gas = (name: string, milligas: number | bigint): TraceEvent => ({ type: 'gas', name, milligas })

/** A call within a call, each charged so often; and the inclusion before and after. */
function* stream(times: number): Generator<TraceEvent> {
  yield gas('inclusion', 5)
  yield call
  for (let index = 0; index < times; index++) yield gas('a', index)
  yield call
  for (let index = 0; index < times; index++) yield gas(index % 2 === 0 ? 'a' : 'b', 2 ** 51)
  yield gas('b', 2n ** 60n + 1n)
  yield returned
  yield gas('a', -1)
  yield returned
  yield gas('inclusion', 6)
}

describe('a tree of calls', () => {
  it('is printed as how many there are', () => {
    const tree = new CallTree()
    for (const event of stream(2)) tree.listener(event)
    const print = (tree as unknown as Record<symbol, () => string>)[Symbol.for('nodejs.util.inspect.custom')]
    expect(print?.call(tree)).toBe('CallTree(2 calls)')
  })

  it.each([
    ['never before the end', 10, () => false],
    ['never before the end, with many events', 1_000, () => false],
    ['after each event', 100, () => true],
    ['now and then', 1_000, (index: number) => index % 97 === 0],
  ] as const)('sums up the gas of each frame exactly, whether it is looked at %s', (_, times, isLookedAt) => {
    const tree = new CallTree()
    let index = 0
    for (const event of stream(times)) {
      tree.listener(event)
      if (isLookedAt(index++)) expect(tree.roots.length + tree.inclusion.size).toBeGreaterThan(0)
    }
    const [outer] = tree.roots
    const [inner] = outer?.calls ?? []
    const half = BigInt(times / 2) * 2n ** 51n
    expect(tree.inclusion).toEqual(new Map([['inclusion', 11n]]))
    expect(outer?.gas).toEqual(new Map([['a', (BigInt(times) * BigInt(times - 1)) / 2n - 1n]]))
    expect(inner?.gas).toEqual(
      new Map([
        ['a', half],
        ['b', half + 2n ** 60n + 1n],
      ]),
    )
    expect(inner && ownGas(inner)).toBe(2n * half + 2n ** 60n + 1n)
    expect([outer?.outcome, inner?.outcome]).toEqual([returned, returned])
  })
})
