import { BUILTIN_INTERFACES, both, exported, Interfaces, numbered, UINT } from '@troupe/schema'
import { describe, expect, it } from 'vitest'

/** Not the numbers of FRC-42, but as distinct. */
const numberOf = (name: string): bigint => 1n << (24n + BigInt(name.length))

describe('interfaces', () => {
  const found = new Interfaces(
    [
      {
        name: 'a',
        state: UINT,
        methods: [numbered(1, 'One'), both(2, 'Two', UINT), exported('Three', UINT)],
      },
    ],
    numberOf,
  )

  it('are found by the name of an actor', () => {
    expect(found.actor('a')?.state).toBe(UINT)
    expect(found.actor('b')).toBeUndefined()
    expect(found.actor(undefined)).toBeUndefined()
    expect(found.actor('toString')).toBeUndefined()
  })

  it('have methods by number and by the number of a name', () => {
    expect(found.method('a', 1n)?.name).toBe('One')
    expect(found.method('a', 2n)).toBe(found.method('a', numberOf('Two')))
    expect(found.method('a', numberOf('Three'))?.parameters).toBe(UINT)
    expect(found.method('a', numberOf('One, never exported'))).toBeUndefined()
    expect(found.method('a', 0n)?.name).toBe('Send')
  })

  it('name exported methods of actors that are not known, and say no more of them', () => {
    expect(found.method('b', numberOf('Three'))).toMatchObject({ name: 'Three', parameters: undefined })
    expect(found.method(undefined, 2n)).toBeUndefined()
  })
})

describe('the interfaces of built-in actors', () => {
  it('are those of the sixteen actors of the manifest', () => {
    expect(BUILTIN_INTERFACES.map(({ name }) => name).sort()).toEqual(
      [
        ...['account', 'cron', 'datacap', 'eam', 'ethaccount', 'evm', 'init', 'multisig', 'paymentchannel'],
        ...['placeholder', 'reward', 'storagemarket', 'storageminer', 'storagepower', 'system'],
        'verifiedregistry',
      ].sort(),
    )
  })

  it('have no number twice, and constructors, but placeholders', () => {
    for (const { name, methods } of BUILTIN_INTERFACES) {
      const numbers = methods.flatMap(({ number }) => (number === undefined ? [] : [number]))
      expect([name, new Set(numbers).size]).toEqual([name, numbers.length])
      if (name !== 'placeholder') expect(methods[0]).toMatchObject({ name: 'Constructor', number: 1n })
    }
  })

  it('are data', () => {
    const text = JSON.stringify(BUILTIN_INTERFACES, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    )
    const again: unknown = JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' && /^\d+n$/u.test(value) ? BigInt(value.slice(0, -1)) : value,
    )
    // JSON knows no `undefined`, and Vitest looks over it.
    expect(again).toEqual(BUILTIN_INTERFACES)
  })
})
