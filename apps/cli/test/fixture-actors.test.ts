import { loadCrypto } from '@troupe/crypto'
import {
  type Address,
  ATTO_PER_FIL,
  ExitCode,
  exitCodeName,
  idAddress,
  type MessageResult,
  methodNumber,
  readAddress,
  secp256k1Address,
} from '@troupe/hypervisor'
import { CborReader, CborWriter, MemoryBlockstore } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { deriveAccounts } from 'troupe'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { allCalls, Counter, oneCall, Relay, type RelayedCall } from '../src/tour/relayed-calls.ts'
import { FixtureChain } from './support/fixture-chain.ts'
import { compileFixtures, type FixtureCode } from './support/fixture-genesis.ts'
import {
  execParameters,
  INIT_EXEC,
  incrementParameters,
  readTry,
  readUint,
  recurseParameters,
} from './support/fixture-parameters.ts'

const TIMEOUT_MS = 120_000
const GAS_LIMIT = 100_000_000n
const INIT = idAddress(1n)
const NOTHING = new Uint8Array()

const crypto = await loadCrypto()
const [alice, , carol] = deriveAccounts(crypto, { count: 3 }).map(({ address }) => address) as [
  Address,
  Address,
  Address,
]

let code: FixtureCode
let chain: FixtureChain
let counter: Address
let relay: Address
beforeAll(async () => {
  code = await compileFixtures()
}, TIMEOUT_MS)
beforeEach(() => {
  chain = new FixtureChain(crypto, new MemoryBlockstore(), [wasmRuntime()], {
    networkName: 'test',
    code,
    accounts: [{ address: alice, balance: 1000n * ATTO_PER_FIL }],
  })
  counter = create(code.counter)
  relay = create(code.relay)
})

function call(to: Address, method: bigint, params: Uint8Array = NOTHING, value = 0n): MessageResult {
  return chain.execute({ from: alice, to, method, params, value, gasLimit: GAS_LIMIT }).result
}

/** How a call ends, and what it returns, in hexadecimal. */
function outcomeOf(to: Address, method: bigint, params?: Uint8Array): string {
  const { receipt } = call(to, method, params)
  return `${exitCodeName(receipt.exitCode)} ${hex(receipt.returnData)}`.trim()
}

function create(wasm: Uint8Array): Address {
  const { receipt } = call(INIT, INIT_EXEC, execParameters(chain.store(wasm)))
  expect(receipt.exitCode).toBe(ExitCode.OK)
  return createdBy(receipt.returnData)
}

/** What Exec of this init actor returns: the address of the new actor. */
function createdBy(data: Uint8Array): Address {
  const reader = new CborReader(data)
  reader.tuple(1)
  return readAddress(reader)
}

function attempt(one: RelayedCall): { errorNumber: number; exitCode: number; data: string } {
  const result = readTry(call(relay, Relay.TRY, oneCall(one)).receipt.returnData)
  return { ...result, data: hex(result.data) }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

describe('the counter', () => {
  it('counts, and keeps a tuple with the count', () => {
    expect(hex(chain.stateAt(counter))).toBe('8100')
    expect(outcomeOf(counter, Counter.INCREMENT, incrementParameters(5n))).toBe('OK 05')
    expect(outcomeOf(counter, Counter.INCREMENT, incrementParameters(256n))).toBe('OK 190105')
    expect(hex(chain.stateAt(counter))).toBe('81190105')
    expect(outcomeOf(counter, Counter.GET)).toBe('OK 190105')
  })

  it('counts up to the greatest 64-bit integer, and not beyond it', () => {
    const most = 2n ** 64n - 1n
    expect(outcomeOf(counter, Counter.INCREMENT, incrementParameters(most))).toBe('OK 1bffffffffffffffff')
    expect(outcomeOf(counter, Counter.INCREMENT, incrementParameters(0n))).toBe('OK 1bffffffffffffffff')
    expect(outcomeOf(counter, Counter.INCREMENT, incrementParameters(1n))).toBe('USR_ILLEGAL_ARGUMENT')
    expect(readUint(call(counter, Counter.GET).receipt.returnData)).toBe(most)
  })

  it('tells of each change', () => {
    const { events, receipt } = call(counter, Counter.INCREMENT, incrementParameters(300n))
    expect(events.map(({ emitter, entries }) => [emitter, entries])).toEqual([
      [counter.id, [{ flags: 3n, key: 'count', codec: 0x55n, value: bytes('19012c') }]],
    ])
    expect(receipt.eventsRoot).not.toBeNull()
  })

  it.each([
    ['no parameters', '', 'USR_ILLEGAL_ARGUMENT'],
    ['a tuple that is too long', '820102', 'USR_SERIALIZATION'],
    ['a tuple that is too short', '80', 'USR_SERIALIZATION'],
    ['a text', '8161', 'USR_SERIALIZATION'],
    ['an integer that ends early', '811901', 'USR_SERIALIZATION'],
    ['an indefinite length', '9f01ff', 'USR_SERIALIZATION'],
    ['more than one item', '810101', 'USR_SERIALIZATION'],
  ])('refuses %s', (_, params, exitName) => {
    expect(outcomeOf(counter, Counter.INCREMENT, bytes(params))).toBe(exitName)
  })

  it('has its methods by the numbers of their names too', () => {
    const increment = methodNumber(crypto, 'Increment')
    expect(outcomeOf(counter, increment, incrementParameters(5n))).toBe('OK 05')
    expect(outcomeOf(counter, methodNumber(crypto, 'Get'))).toBe('OK 05')
  })

  it('has no other methods, and is constructed by the init actor alone', () => {
    expect(outcomeOf(counter, 4n)).toBe('USR_UNHANDLED_MESSAGE')
    expect(outcomeOf(counter, 1n)).toBe('USR_FORBIDDEN')
  })
})

describe('the relay', () => {
  const increment = (by: bigint): RelayedCall => ({
    to: counter,
    method: Counter.INCREMENT,
    parameters: incrementParameters(by),
  })

  it('reports what became of a call', () => {
    expect(attempt(increment(7n))).toEqual({ errorNumber: 0, exitCode: 0, data: '07' })
    expect(attempt({ to: counter, method: 99n })).toEqual({ errorNumber: 0, exitCode: 22, data: '' })
    expect(attempt({ to: idAddress(9999n), method: 2n })).toEqual({ errorNumber: 6, exitCode: 0, data: '' })
    expect(attempt({ to: carol, method: 0n, value: 1n })).toEqual({ errorNumber: 5, exitCode: 0, data: '' })
  })

  it('passes on the read-only flag and the gas limit', () => {
    expect(attempt({ ...increment(1n), readOnly: true })).toMatchObject({ errorNumber: 0, exitCode: 25 })
    expect(attempt({ to: counter, method: Counter.GET, readOnly: true })).toMatchObject({ data: '00' })
    expect(attempt({ ...increment(1n), gasLimit: 500_000n })).toMatchObject({ errorNumber: 0, exitCode: 7 })
    expect(attempt({ ...increment(1n), gasLimit: 5_000_000n })).toMatchObject({ exitCode: 0, data: '01' })
  })

  it('passes on value of more than 64 bits', () => {
    const value = 100n * ATTO_PER_FIL + 1n
    const params = allCalls([{ to: carol, method: 0n, value }])
    expect(call(relay, Relay.BATCH, params, value).receipt.exitCode).toBe(ExitCode.OK)
    expect(chain.actorAt(carol).balance).toBe(value)
    expect(chain.actorAt(relay).balance).toBe(0n)
  })

  it('makes all calls of a batch, or none', () => {
    expect(outcomeOf(relay, Relay.BATCH, allCalls([increment(1n), increment(255n)]))).toBe(
      'OK 82410143190100',
    )
    const failing = [increment(1n), { to: counter, method: 99n }]
    expect(outcomeOf(relay, Relay.BATCH, allCalls(failing))).toBe('USR_UNHANDLED_MESSAGE')
    const trapping = [increment(1n), { ...increment(1n), gasLimit: 1000n }]
    expect(outcomeOf(relay, Relay.BATCH, allCalls(trapping))).toBe('USR_ASSERTION_FAILED')
    const poor = [increment(1n), { to: carol, method: 0n, value: 1n }]
    expect(outcomeOf(relay, Relay.BATCH, allCalls(poor))).toBe('USR_INSUFFICIENT_FUNDS')
    expect(outcomeOf(counter, Counter.GET)).toBe('OK 190100')
  })

  it('calls itself as often as it is told', () => {
    for (const depth of [0, 1, 50])
      expect(readUint(call(relay, Relay.RECURSE, recurseParameters(depth)).receipt.returnData)).toBe(
        BigInt(depth),
      )
  })

  it('refuses a value that does not fit 128 bits', () => {
    const write = (magnitude: string): Uint8Array =>
      new CborWriter()
        .array(6)
        .bytes(carol.bytes)
        .uint(0)
        .bytes(NOTHING)
        .bytes(bytes(magnitude))
        .null()
        .bool(false)
        .finish()
    expect(outcomeOf(relay, Relay.TRY, write(`00${'ff'.repeat(16)}`))).toBe('OK 83050040')
    expect(outcomeOf(relay, Relay.TRY, write(`00${'ff'.repeat(17)}`))).toBe('USR_ILLEGAL_ARGUMENT')
    expect(outcomeOf(relay, Relay.TRY, write('0101'))).toBe('USR_ILLEGAL_ARGUMENT')
  })
})

describe('the init actor', () => {
  it('gives new actors the next ids', () => {
    expect([counter.id, relay.id, create(code.counter).id]).toEqual([101n, 102n, 103n])
  })

  it('takes no id for an actor that cannot be created', () => {
    const placeholder = execParameters(chain.store(code.placeholder))
    expect(outcomeOf(INIT, INIT_EXEC, placeholder)).toBe('USR_FORBIDDEN')
    // Accounts are constructed by the system actor alone.
    expect(outcomeOf(INIT, INIT_EXEC, execParameters(chain.store(code.account)))).toBe('USR_FORBIDDEN')
    expect(create(code.counter).id).toBe(103n)
  })

  it('gives the value of the call to the new actor', () => {
    const params = execParameters(chain.store(code.relay))
    const { receipt } = call(INIT, INIT_EXEC, params, 5n)
    expect(chain.actorAt(createdBy(receipt.returnData)).balance).toBe(5n)
    expect(chain.actorAt(INIT).balance).toBe(0n)
  })

  it('keeps addresses that the machine assigned', () => {
    call(carol, 0n, NOTHING, 1n)
    create(code.counter)
    expect(chain.machine.state.lookupId(carol)).toBe(103n)
    expect(chain.machine.state.lookupId(alice)).toBe(100n)
  })
})

describe('accounts', () => {
  it('are made for new keys, and know their address', () => {
    call(carol, 0n, NOTHING, 1n)
    expect(outcomeOf(carol, 2n)).toBe(`OK 55${hex(carol.bytes)}`)
    expect(hex(chain.stateAt(carol))).toBe(`8155${hex(carol.bytes)}`)
  })

  it('accept exported methods, and no others', () => {
    expect(outcomeOf(alice, 2n ** 24n)).toBe('OK')
    expect(outcomeOf(alice, 2n ** 24n - 1n)).toBe('USR_UNHANDLED_MESSAGE')
    expect(outcomeOf(alice, 1n)).toBe('USR_FORBIDDEN')
  })

  it('can send, once they have funds', () => {
    const stranger = secp256k1Address(crypto, new Uint8Array(65).fill(4))
    call(stranger, 0n, NOTHING, ATTO_PER_FIL)
    const { result } = chain.execute({ from: stranger, to: alice, value: 1n, gasLimit: GAS_LIMIT })
    expect(result.receipt.exitCode).toBe(ExitCode.OK)
    expect(chain.actorAt(stranger).sequence).toBe(1n)
  })
})

describe('the actors that only stand at their address', () => {
  it.each([0n, 2n, 3n, 10n])('f0%s has no methods', (id) => {
    expect(outcomeOf(idAddress(id), 2n)).toBe('USR_UNHANDLED_MESSAGE')
    expect(outcomeOf(idAddress(id), 1n)).toBe('USR_FORBIDDEN')
  })
})
