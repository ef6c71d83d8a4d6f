import { loadCrypto } from '@troupe/crypto'
import {
  describeRules,
  isDescribed,
  NV28,
  type RuleDescription,
  type RuleSet,
  rulesOf,
  rulesOfDescription,
  SUPPORTED_NETWORK_VERSIONS,
  withAbstractAccounts,
  withActorUpgrades,
  withEthereumGas,
  withMessageQueue,
  withReentrancyLocks,
  withUserActors,
} from '@troupe/hypervisor'
import { encodeIpld } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const code = (value: string) => expect.objectContaining({ code: value })
const again = (rules: RuleSet): RuleSet => rulesOfDescription(describeRules(rules, crypto), crypto)
const ETHEREUM_GAS = {
  ...{ fork: 'cancun', transaction: 21_000, creation: 32_000, initCodeWord: 2 },
  ...{ zeroByte: 4, nonZeroByte: 16, floorPerToken: 0, refundDivisor: 5 },
}
const NAMESPACES = new Map([[11n, { manager: 'keys', account: 'keyaccount' }]])

describe('the description of a rule set', () => {
  it.each(SUPPORTED_NETWORK_VERSIONS.map((version) => [version]))(
    'gives that of version %i again',
    (version) => {
      expect(again(rulesOf(version))).toBe(rulesOf(version))
    },
  )

  it.each<[string, RuleSet]>([
    ['user actors', withUserActors(NV28)],
    ['other bounds', withUserActors(NV28, { maximumCodeSize: 5000, libraries: undefined })],
    ['locks before user actors', withUserActors(withReentrancyLocks(NV28))],
    ['upgrades', withActorUpgrades(withUserActors(NV28))],
    ['abstract accounts', withAbstractAccounts(withReentrancyLocks(NV28), { namespaces: NAMESPACES })],
    ['a message queue', withMessageQueue(withUserActors(NV28))],
    ['a message queue of other bounds', withMessageQueue(rulesOf(21), { maximumData: 7, overheadGas: 8n })],
    ["Ethereum's gas", withEthereumGas(withUserActors(NV28), ETHEREUM_GAS)],
    ['no namespaces', withAbstractAccounts(rulesOf(18), { maximumValidationGas: 7n })],
  ])('gives rules with %s again', (_, rules) => {
    const made = again(rules)
    expect({ ...made, prices: undefined }).toEqual({ ...rules, prices: undefined })
    expect(describeRules(made, crypto)).toEqual(describeRules(rules, crypto))
  })

  it('tells rules of one name apart by their bounds and namespaces', () => {
    const all = [
      withAbstractAccounts(withUserActors(NV28)),
      withAbstractAccounts(withUserActors(NV28, { maximumLocals: 2047 })),
      withAbstractAccounts(withUserActors(NV28), { namespaces: NAMESPACES }),
      withAbstractAccounts(withUserActors(NV28), {
        namespaces: new Map([[11n, { manager: 'keys', account: 'other' }]]),
      }),
    ]
    expect(new Set(all.map(({ name }) => name)).size).toBe(1)
    expect(new Set(all.map((rules) => String(describeRules(rules, crypto).digest))).size).toBe(all.length)
    for (const rules of all) expect(isDescribed(rules, describeRules(NV28, crypto), crypto)).toBe(false)
  })

  it('is no use for rules that were made by hand, or of what nobody knows', () => {
    for (const rules of [
      { ...NV28, name: 'mine' },
      { ...NV28, name: 'nv28+mine' },
      { ...NV28, name: 'nv28+constructor' },
      { ...NV28, maximumCallDepth: 3 },
      { ...withUserActors(NV28), wasm: NV28.wasm },
    ])
      expect(() => again(rules)).toThrow(code('network/unknown-rules'))
    expect(() => again({ ...NV28, name: 'nv99' })).toThrow(code('network/unsupported-version'))
  })

  it.each<[string, Partial<RuleDescription>]>([
    ['too long a name', { name: `nv28${'+locks'.repeat(60)}` }],
    ['too long a list', { additions: new Uint8Array(65_537) }],
    ['no list', { additions: encodeIpld({}) }],
    ['too few additions', { additions: encodeIpld([]) }],
    ['no bounds', { additions: encodeIpld([null]) }],
    ['a bound that is none', { additions: encodeIpld([{ maximumCodeSize: -1 }]) }],
    ['another digest', { digest: new Uint8Array(32) }],
    [
      'namespaces that are none',
      { name: 'nv28+abstract-accounts', additions: encodeIpld([{ namespaces: 1 }]) },
    ],
    [
      'nothing to divide a refund by',
      {
        name: 'nv28+ethereum-gas',
        additions: encodeIpld([{ ...ETHEREUM_GAS, refundDivisor: 0 }]),
      },
    ],
    [
      'a namespace without an id',
      {
        name: 'nv28+abstract-accounts',
        additions: encodeIpld([{ maximumValidationGas: 1, namespaces: [[]] }]),
      },
    ],
    ['a queue without bounds', { name: 'nv28+message-queue', additions: encodeIpld([{ maximumData: 1 }]) }],
  ])('that has %s is refused', (_, fields) => {
    const description = { ...describeRules(withUserActors(NV28), crypto), ...fields }
    expect(() => rulesOfDescription(description, crypto)).toThrow(code('network/unknown-rules'))
  })
})
