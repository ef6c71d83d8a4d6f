import { loadCrypto } from '@troupe/crypto'
import { CallTree, idAddress, type StampedEvent } from '@troupe/hypervisor'
import { CBOR, createCid, DAG_CBOR, encodeIpld, RAW, SHA2_256 } from '@troupe/ipld'
import { BUILTIN_INTERFACES, encodeWith, type Schema } from '@troupe/schema'
import { createTroupe } from 'troupe'
import {
  createInterfaces,
  explainFailure,
  formatEvent,
  type Names,
  renderTrace,
  type TracedOutcome,
} from 'troupe/trace'
import { describe, expect, it } from 'vitest'
import { addressText } from '../../src/state/address-text.ts'
import { close, open } from './sample-tree.ts'

const crypto = await loadCrypto()
const interfaces = createInterfaces(crypto)
const MULTISIG = createCid(RAW, SHA2_256, new Uint8Array(32).fill(3))
const NAMES: Partial<Names> = {
  actorName: (code) => (code.equals(MULTISIG) ? 'multisig' : undefined),
  methodName: (actor, method) => interfaces.method(actor, method)?.name,
  method: (actor, method) => interfaces.method(actor, method),
  addresses: addressText(crypto),
}

/** What a described method takes. */
function parametersOf(actor: string, method: string): Schema {
  const found = BUILTIN_INTERFACES.find(({ name }) => name === actor)?.methods.find(
    ({ name }) => name === method,
  )
  return found?.parameters ?? expect.fail(`${actor}.${method} is not described`)
}

const PROPOSAL = encodeWith(parametersOf('multisig', 'Propose'), {
  to: Uint8Array.of(0, 101),
  value: 5n,
  method: 0,
  params: new Uint8Array(),
})

/** A proposal whose execution fails. */
function failing(parameters: Uint8Array = PROPOSAL, codec: number = DAG_CBOR, method = 2n): CallTree {
  const tree = new CallTree()
  const trace = tree.listener
  trace({
    type: 'call',
    from: 100n,
    to: idAddress(200n),
    method,
    value: 0n,
    parameters: { codec, data: parameters },
    gasLimit: 1n,
    readOnly: false,
  })
  trace({ type: 'invoke', actor: 200n, code: MULTISIG })
  open(trace, { to: 5n, method: 7n, code: MULTISIG })
  close(trace)
  open(trace, { to: 101n, method: 5n, code: MULTISIG })
  close(trace, 18)
  trace({
    type: 'return',
    exitCode: 18,
    value: { codec: DAG_CBOR, data: encodeIpld([7n, false, 18n, new Uint8Array()]) },
  })
  return tree
}

const EVENT: StampedEvent = {
  emitter: 200n,
  entries: [
    { flags: 3n, key: 'type', codec: BigInt(CBOR), value: encodeIpld('allocation') },
    { flags: 3n, key: 'id\u001b', codec: BigInt(CBOR), value: encodeIpld(5n) },
    { flags: 0n, key: 'topic', codec: BigInt(RAW), value: Uint8Array.of(1, 2) },
    { flags: 0n, key: 'broken', codec: BigInt(CBOR), value: Uint8Array.of(0xff) },
  ],
}

function outcome(trace: CallTree, code = 18): TracedOutcome {
  return {
    trace,
    events: [EVENT],
    exit: { code, name: code === 0 ? 'OK' : 'USR_FORBIDDEN' },
    gas: { used: 1234n, limit: 10_000n },
    failure:
      code === 0
        ? undefined
        : { message: 'no', backtrace: 'f0200 method 2: no\nf0101 method 5: never\u001b' },
  }
}

describe('a trace', () => {
  it('has parameters, return values and events by the names of their fields', () => {
    expect(renderTrace(outcome(failing()), NAMES)).toEqual([
      'gas  own  call',
      '  0    0  message',
      '  0    0  └─ f0100 → f0200 multisig.Propose(to: f0101, value: 5, method: 0, params: 0x)  ✗ USR_FORBIDDEN (18) → {txnId: 7, applied: false, code: 18, ret: 0x}',
      '  0    0     ├─ f05 multisig.SwapSigner  ok',
      '  0    0     └─ f0101 multisig.AddSigner  ✗ USR_FORBIDDEN (18)',
      'event f0200 type: allocation, id\\u{1b}: 5, topic: 0x0102, broken: 0xff',
      '✗ USR_FORBIDDEN (18), 1,234 of 10,000 gas used: The caller may not do this: the method is for another actor, for an owner, or for nobody now.',
      'f0200 method 2: no',
      'f0101 method 5: never\\u{1b}',
    ])
  })

  it('has plain values where nobody says what they are, and bytes where they are no CBOR', () => {
    const [, , plain] = renderTrace(outcome(failing()))
    expect(plain).toContain('f0200 method 2([0x0065, 0x0005, 0, 0x])')
    const [, , raw] = renderTrace(outcome(failing(Uint8Array.of(0xff, 1), RAW)), NAMES)
    expect(raw).toContain('Propose(0xff01)')
    const [, , unlike] = renderTrace(outcome(failing(encodeIpld('x'))), NAMES)
    expect(unlike).toContain('Propose(x)')
  })

  it('has short lines, however much an actor is given', () => {
    const [, , line] = renderTrace(
      outcome(failing(encodeIpld(Array.from({ length: 9999 }, () => 'word')))),
      NAMES,
    )
    expect(line?.length).toBeLessThan(300)
    const long = encodeWith(parametersOf('multisig', 'Constructor'), {
      ...{ signers: Array.from({ length: 99 }, () => Uint8Array.of(0, 1)), numApprovalsThreshold: 1 },
      ...{ unlockDuration: 0, startEpoch: 0 },
    })
    const [, , fields] = renderTrace(outcome(failing(long, DAG_CBOR, 1n)), NAMES)
    expect(fields).toMatch(/Constructor\(signers: \[f01, .*…\) {2}✗/u)
  })

  it('of success ends with the gas', () => {
    const lines = renderTrace(outcome(new CallTree(), 0), { colours: true })
    expect(lines.at(-1)).toBe('\u001b[32m✓ OK\u001b[39m, 1,234 of 10,000 gas used')
  })

  it('draws a bounded number of events and of lines about a failure', () => {
    const many = Array.from({ length: 150 }, () => EVENT)
    const backtrace = Array.from({ length: 1024 }, (_, index) => `f0${index}`).join('\n')
    const lines = renderTrace({
      ...outcome(new CallTree()),
      events: many,
      failure: { message: 'no', backtrace },
    })
    expect(lines.filter((line) => line.startsWith('event f0'))).toHaveLength(100)
    expect(lines).toContain('event … 50 more')
    expect(lines.at(-1)).toBe('… 985 more lines')
  })
})

describe('a failure', () => {
  it('is explained by the call that failed first', () => {
    expect(explainFailure(outcome(failing()), 't0200', NAMES)).toEqual([
      't0200 multisig.Propose(to: f0101, value: 5, method: 0, params: 0x): USR_FORBIDDEN (exit code 18), 1234 of 10000 gas used',
      'The caller may not do this: the method is for another actor, for an owner, or for nobody now.',
      'first in f0101 multisig.AddSigner, called by f0101: USR_FORBIDDEN (18)',
      'f0200 method 2: no',
      'f0101 method 5: never\\u{1b}',
    ])
  })

  it('before any call is explained by its message', () => {
    const [first, , ...rest] = explainFailure(
      { ...outcome(new CallTree()), failure: { message: 'no\nsender', backtrace: '' } },
      't0200',
    )
    expect(first).toBe('t0200: USR_FORBIDDEN (exit code 18), 1234 of 10000 gas used')
    expect(rest).toEqual(['no', 'sender'])
  })

  it('of a chain says what was called, with which parameters', async () => {
    await using vm = await createTroupe({ accounts: { count: 1 } })
    const params = encodeWith(parametersOf('reward', 'AwardBlockReward'), {
      ...{ miner: Uint8Array.of(0, 100), penalty: 0n, gasReward: 5n, winCount: 1 },
    })
    const error: unknown = await vm.send({ to: 2n, method: 2, params }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'actor/failed', outcome: { exit: { name: 'USR_FORBIDDEN' } } })
    expect((error as Error).message).toMatch(
      /^t02 reward\.AwardBlockReward\(miner: t0100, penalty: 0, gasReward: 5, winCount: 1\): USR_FORBIDDEN \(exit code 18\), \d+ of \d+ gas used\nThe caller may not/u,
    )
    const outcome = await vm.tryView({ to: 2n, method: 3 })
    expect(renderTrace(outcome, vm.names)[2]).toMatch(
      /reward\.ThisEpochReward {2}ok → \{thisEpochRewardSmoothed: \{position: \d+, velocity: -?\d+/u,
    )
  })
})

it('an event of nothing is its emitter', () => {
  expect(formatEvent({ emitter: 5n, entries: [] })).toBe('f05')
})
