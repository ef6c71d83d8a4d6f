import { createTroupe, readStateCar, type Troupe } from 'troupe'
import { describe, expect, it } from 'vitest'

const code = (value: string) => expect.objectContaining({ code: value })
/** A script without types: it may call anything with anything. */
// biome-ignore lint/suspicious/noExplicitAny: that is what is tested
type Untyped = any

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

describe('a bad script', () => {
  it.each<[code: string, what: string, run: (vm: Untyped) => unknown]>([
    ['message/malformed', 'nothing to send', (vm) => vm.send()],
    ['address/malformed', 'no receiver', (vm) => vm.send({})],
    ['address/malformed', 'a receiver that is a number', (vm) => vm.send({ to: 5 })],
    ['address/malformed', 'a receiver that is null', (vm) => vm.send({ to: null })],
    ['address/malformed', 'a text that is no address', (vm) => vm.send({ to: 'f0x' })],
    ['address/malformed', 'a sender that is no actor', (vm) => vm.send({ to: 1n, from: {} })],
    ['message/from', 'an unknown sender', (vm) => vm.send({ to: 1n, from: 999n })],
    ['message/params', 'a function as parameters', (vm) => vm.send({ to: 1n, params: () => 1 })],
    ['message/params', 'a fraction in parameters', (vm) => vm.send({ to: 1n, params: [1.5] })],
    ['message/params', 'a field that is undefined', (vm) => vm.send({ to: 1n, params: { a: undefined } })],
    ['message/params', 'parameters of endless depth', (vm) => vm.send({ to: 1n, params: nested(300) })],
    ['message/params', 'an integer of 71 bits', (vm) => vm.view({ to: 1n, params: [2n ** 70n] })],
    ['message/value', 'a value that is a number', (vm) => vm.send({ to: 1n, value: 5 })],
    ['message/value', 'a value that is text', (vm) => vm.send({ to: 1n, value: '5' })],
    ['message/value', 'a negative value', (vm) => vm.send({ to: 1n, value: -5n })],
    ['message/balance', 'a value that nobody has', (vm) => vm.send({ to: 1n, value: 10n ** 25n })],
    ['message/gasLimit', 'a gas limit that is a number', (vm) => vm.send({ to: 1n, gasLimit: 5e6 })],
    ['message/gasLimit', 'a gas limit beyond a block', (vm) => vm.send({ to: 1n, gasLimit: 10n ** 11n })],
    ['message/gasFeeCap', 'a fee cap that is a number', (vm) => vm.send({ to: 1n, gasFeeCap: 1e9 })],
    ['message/balance', 'unaffordable gas', (vm) => vm.send({ to: 1n, gasFeeCap: 10n ** 22n })],
    ['message/gasPremium', 'a premium that is text', (vm) => vm.send({ to: 1n, gasPremium: '' })],
    ['message/sequence', 'a sequence number that is a number', (vm) => vm.send({ to: 1n, sequence: 0 })],
    ['pool/sequence-gap', 'a sequence number ahead', (vm) => vm.send({ to: 1n, sequence: 7n })],
    ['message/method', 'a method without a right name', (vm) => vm.send({ to: 1n, method: 'not ok!' })],
    ['message/method', 'a negative method', (vm) => vm.send({ to: 1n, method: -1n })],
    ['message/method', 'a method beyond 64 bits', (vm) => vm.view({ to: 1n, method: 2n ** 64n })],
    ['message/method', 'a method that is null', (vm) => vm.send({ to: 1n, method: null })],
    ['message/malformed', 'nothing to submit', (vm) => vm.submit({})],
    ['message/to', 'a message of nothing', (vm) => vm.submit({ message: {}, signature: {} })],
    ['message/name', 'a name of no message', (vm) => vm.waitFor('x')],
    ['message/name', 'no name of a message', (vm) => vm.waitFor()],
    ['option/malformed', 'a checkout to text', (vm) => vm.checkout('abc')],
    ['option/malformed', 'a fork from a number', (vm) => vm.fork(3)],
    ['chain/no-tipset', 'a checkout to where nobody was', (vm) => vm.checkout(-3n)],
    ['option/malformed', 'a difference to nothing', (vm) => vm.diff('x')],
    ['option/malformed', 'the witness of text', (vm) => vm.exportWitness('x')],
    ['chain/epochs', 'epochs that are a number', (vm) => vm.mine({ epochs: 1 })],
    ['chain/epochs', 'no epochs', (vm) => vm.mine({ epochs: 0n })],
    ['chain/epochs', 'time that goes nowhere', async (vm) => vm.time.advance({})],
    ['chain/epochs', 'time that goes back', async (vm) => vm.time.advance({ epochs: -1 })],
    ['chain/epochs', 'an epoch that is text', async (vm) => vm.time.goTo('x')],
    ['code/unreadable', 'code that is text', (vm) => vm.deploy('x')],
    ['code/unreadable', 'no code', (vm) => vm.install()],
    ['code/unreadable', 'a file that is not there', (vm) => vm.install(new URL('file:///nowhere.wasm'))],
    ['address/malformed', 'an address of nothing', (vm) => vm.resolve()],
    ['option/malformed', 'a network that is none', () => createTroupe({ network: {} as Untyped })],
    ['option/malformed', 'a seed that is a number', () => createTroupe({ seed: 5 as Untyped })],
    ['option/malformed', 'a store that is none', () => createTroupe({ store: {} as Untyped })],
    ['option/malformed', 'a state without a root', () => createTroupe({ state: {} as Untyped })],
    ['option/malformed', 'actors that are none', () => createTroupe({ actors: 'mine' as Untyped })],
    ['option/malformed', 'a miner that is text', () => createTroupe({ miner: 'f099' as Untyped })],
    ['option/malformed', 'runtimes that are no list', () => createTroupe({ runtimes: 3 as Untyped })],
    ['mining/interval', 'mining now and then', () => createTroupe({ mining: 'sometimes' as Untyped })],
    ['account/count', 'less than no accounts', () => createTroupe({ accounts: { count: -1 } })],
    ['account/mnemonic', 'words at random', () => createTroupe({ accounts: { mnemonic: 'a b' } })],
    ['car/bad-header', 'a CAR that is none', async (vm) => readStateCar(new Uint8Array(10), vm.crypto)],
    [
      'car/truncated',
      'a CAR without its end',
      async (vm) => readStateCar((await vm.exportCar()).subarray(0, -1), vm.crypto),
    ],
    [
      'car/too-large',
      'a CAR that is too large',
      async (vm) => readStateCar(await vm.exportCar(), vm.crypto, { maxBlocks: 3 }),
    ],
  ])('ends with %s and changes nothing: %s', async (expected, _, run) => {
    await using vm: Troupe = await createTroupe({ accounts: { count: 2 } })
    const before = [vm.head, vm.pool.size]
    await expect((async () => run(vm))()).rejects.toThrow(code(expected))
    expect([vm.head, vm.pool.size]).toEqual(before)
  })
})
