import { type Message, NV18, rulesOf } from '@troupe/hypervisor'
import { CborStore, cidEquals, MemoryBlockstore } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import {
  formatDifference,
  runVariant,
  type VariantRun,
  type VectorEnvironment,
} from '../../src/conformance/run-vector.ts'
import { parseVector, type Vector } from '../../src/conformance/vector.ts'
import { readKnownActors } from '../../src/state/known-actors.ts'
import {
  BUNDLE,
  createState,
  crypto,
  SENDER_BALANCE,
  transfer,
  transferGas,
  type VectorOptions,
  vectorParts,
} from '../support/vector.ts'

const code = new MemoryBlockstore()
for (const [cid, bytes] of BUNDLE.blocks) code.put(cid, bytes)
const environment: VectorEnvironment = { crypto, code, runtimes: [] }

function vectorOf(options: VectorOptions): Vector {
  return parseVector(JSON.stringify(vectorParts(options)), crypto) as Vector
}

function run(options: VectorOptions = {}): VariantRun {
  const vector = vectorOf(options)
  return runVariant(vector, vector.variants[0] as Vector['variants'][number], environment)
}

describe('running a vector', () => {
  it('applies its message, pays its fees, and finds everything as the vector says', () => {
    const { root: postRoot } = run()
    const { differences, results, fidelity, machine } = run({ postRoot })
    expect(differences).toEqual([])
    expect(fidelity).toEqual({ level: 'exact', reasons: [] })
    const gas = results[0]?.receipt.gasUsed as bigint
    expect(gas).toBe(transferGas(vectorOf({}).messages[0]?.length as number))
    const actors = [...readKnownActors(new CborStore(machine.blocks, crypto), postRoot).actors]
    const total = actors.reduce((sum, [, { balance }]) => sum + balance, 0n)
    expect(total).toBe(2n * SENDER_BALANCE)
    const receiver = actors.find(([id]) => id === 101n)?.[1]
    expect(receiver?.balance).toBe(SENDER_BALANCE + 5n)
  })

  it('says what is not as the vector says, and in which actors the states differ', () => {
    const { root: postRoot } = run()
    const state = createState(NV18)
    const message: Message = transfer({ value: 6n })
    const { differences } = run({ state, message, postRoot, exitCode: 16, gasUsed: 1n })
    expect(differences.map(({ what }) => what)).toEqual(['exit code', 'gas used', 'state root'])
    const [exit, gas, root] = differences.map(formatDifference)
    expect(exit).toBe('exit code: OK (0), not USR_ILLEGAL_ARGUMENT (16)')
    expect(gas).toMatch(/^gas used: 1,\d{3},\d{3}, not 1 \(\+1,\d{3},\d{3}\)$/)
    // The vector does not hold the state that it expects.
    expect(root).toMatch(/^state root: bafy\w+, not bafy\w+ \(where is unknown: /)
  })

  it('names the actors in which the states differ, where the vector holds both', () => {
    const before = createState(NV18)
    const { machine, root } = run({ state: before })
    for (const [cid] of [...before.blocks.entries()]) expect(machine.blocks.has(cid)).toBe(true)
    const other = createState(NV18, { 200: { balance: 7n } })
    for (const [cid, block] of other.blocks.entries()) before.blocks.put(cid, block)
    const { differences } = run({ state: before, postRoot: other.root })
    const remark = differences.find(({ what }) => what === 'state root')?.remark
    expect(remark).toMatch(
      /f02: balance .* FIL, not 0.0; f099: balance .*; f0100: sequence 1, not 0, balance .*; 2 more actors/,
    )
    expect(cidEquals(root, other.root)).toBe(false)
  })

  it('tells why a message failed that should not have', () => {
    const { differences } = run({ message: transfer({ value: 2n * SENDER_BALANCE }) })
    expect(differences[0]).toMatchObject({ what: 'exit code', actual: 'SYS_INSUFFICIENT_FUNDS (6)' })
    expect(differences[0]?.remark).toContain('f0100')
  })

  it('runs each variant on the state before', () => {
    const vector = vectorOf({})
    const again = { ...(vector.variants[0] as Vector['variants'][number]), id: 'again' }
    const first = runVariant(vector, again, environment)
    const second = runVariant(vector, again, environment)
    expect(second.root).toEqual(first.root)
  })

  it('applies all messages, and says which one a difference is of', () => {
    const vector = vectorOf({})
    const [message] = vector.messages as [Vector['messages'][number]]
    const [receipt] = vector.receipts as [Vector['receipts'][number]]
    const second = { ...message, message: { ...message.message, sequence: 1n } }
    const two = { ...vector, messages: [message, second], receipts: [receipt, { ...receipt, gasUsed: 3n }] }
    const run = runVariant(two, vector.variants[0] as Vector['variants'][number], environment)
    expect(run.differences.map(({ what }) => what)).toContain('gas used of message 2')
    expect(run.results.map(({ receipt }) => receipt.exitCode)).toEqual([0, 0])
  })

  it('is refused where the code of the actors is nowhere, with the command that gets it', () => {
    const vector = vectorOf({})
    const variant = { id: 'x', epoch: 1n, rules: rulesOf(18) }
    const none = { ...environment, code: new MemoryBlockstore() }
    expect(() => runVariant(vector, variant, none)).toThrow(
      expect.objectContaining({
        code: 'vector/unknown-bundle',
        advice: expect.stringContaining('troupe bundle add v10.tar.zst'),
      }),
    )
  })

  it('is refused where the state is not of the network version', () => {
    expect(() => run({ networkVersion: 17, state: createState(NV18) })).toThrow(
      expect.objectContaining({ code: 'state/unsupported-version' }),
    )
  })
})
