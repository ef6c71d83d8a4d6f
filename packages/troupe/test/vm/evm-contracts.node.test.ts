import { INVOKE_CONTRACT } from '@troupe/hypervisor'
import { MemoryStore } from '@troupe/ipld/store'
import { evm, evmRuntime } from '@troupe/runtime-evm'
import { type ActorError, createTroupe, type LocalChain, networks } from 'troupe'
import { describe, expect, it } from 'vitest'

const code = (value: string) => expect.objectContaining({ code: value })
const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
const word = (value: number): Uint8Array => fromHex(value.toString(16).padStart(64, '0'))

/** Adds the first word of its input to slot 0, logs and returns the sum; reverts with that word where it is 0. */
const COUNTER = '5f3580600b5760205ffdfe5b5f5401805f555f5260205fa060205ff3'
/** Makes a contract of a code. */
function initcode(runtime: string): Uint8Array {
  const size = (runtime.length / 2).toString(16).padStart(2, '0')
  return fromHex(`60${size}8060095f395ff3${runtime}`)
}

describe('a contract', () => {
  it.each([
    ['in this thread', (): Promise<LocalChain> => createTroupe({ runtimes: [evmRuntime()] })],
    ['in a worker', (): Promise<LocalChain> => createTroupe({ runtimes: [evm()], thread: 'worker' })],
  ])('is created by the Ethereum address manager, and called, %s', async (_, create) => {
    await using vm = await create()
    const counter = await vm.deployContract(initcode(COUNTER), { value: 3n })
    expect(counter.ethereumAddress).toMatch(/^0x[0-9a-fA-F]{40}$/)
    expect(await counter.balance()).toBe(3n)
    const outcome = await counter.send(word(5))
    expect(outcome.value).toEqual(word(5))
    expect(outcome.fidelity.level).toBe('calibrated')
    expect(outcome.events).toHaveLength(1)
    expect(await counter.view(word(2))).toEqual(word(7))
    expect((await counter.send(word(1), { value: 4n })).value).toEqual(word(6))
    expect(await counter.balance()).toBe(7n)
    expect((await vm.resolve(counter))?.type).toBe('evm')
    expect(await vm.contract(counter.ethereumAddress).view(word(1))).toEqual(word(7))
  })

  it('that is called at the end of the block has its events there, under the name of that call', async () => {
    await using vm = await createTroupe({ runtimes: [evmRuntime()] })
    const counter = await vm.deployContract(initcode(COUNTER))
    const events = vm.events()
    const parameters = Uint8Array.of(0x58, 32, ...word(5))
    const { cid, queued } = await vm.send({
      ...{ to: 12n, method: 'Enqueue' },
      params: [counter.address.bytes, INVOKE_CONTRACT, parameters, 30_000_000n, false],
    })
    const { value } = await events.next()
    expect(value).toMatchObject({ message: cid, queued: queued[0]?.cid, block: vm.head.block })
    expect(queued[0]?.events).toHaveLength(1)
    await counter.send(word(1))
    expect((await events.next()).value).toMatchObject({ queued: undefined })
  })

  it('that reverts fails with what it reverted with', async () => {
    await using vm = await createTroupe({ runtimes: [evmRuntime()] })
    const counter = await vm.deployContract(initcode(COUNTER))
    const error = await counter.send(word(0)).catch((cause: ActorError) => cause)
    expect(error).toEqual(code('actor/failed'))
    expect((error as ActorError).outcome.exit.code).toBe(33)
    expect((error as ActorError).outcome.value).toEqual(word(0))
    expect((await counter.trySend(word(0))).exit.code).toBe(33)
  })

  it('has the state that it has on Filecoin, to the last bit', async () => {
    await using vm = await createTroupe({ runtimes: [evmRuntime()] })
    const counter = await vm.deployContract(initcode(COUNTER))
    await counter.send(word(258))
    expect((await vm.resolve(counter))?.head.toString()).toBe(
      // As the official actor of release v18 has it.
      'bafy2bzacedah3cnh4kfdez2rhaxb7dejte64j6tnxslggrrmyt6fjgkwdnifu',
    )
  })

  it('takes arguments of its constructor', async () => {
    await using vm = await createTroupe({ runtimes: [evmRuntime()] })
    // Makes a contract of what stands behind its 15 bytes.
    const copier = fromHex('600f80380380915f395ff300000000')
    const contract = await vm.deployContract(copier, { args: fromHex('60075f5260205ff3') })
    expect(await contract.view()).toEqual(word(7))
  })

  it('of a chain that is opened without the runtime has no receipt, but a failure that names it', async () => {
    const store = new MemoryStore()
    const vm = await createTroupe({ store, runtimes: [evmRuntime()] })
    const { address } = await vm.deployContract(initcode(COUNTER))
    await using without = await createTroupe({ store })
    await expect(without.contract({ address }).view(word(1))).rejects.toThrow(code('machine/no-runtime'))
    await expect(without.contract({ address }).view(word(1))).rejects.toThrow('evm')
    await using never = await createTroupe()
    await expect(never.deployContract(initcode(COUNTER))).rejects.toThrow(code('native/absent-actor'))
  })

  it('has an address of Ethereum', async () => {
    await using vm = await createTroupe({ runtimes: [evmRuntime()] })
    const [account] = vm.accounts
    expect(() => vm.contract(account?.address ?? '')).toThrow(code('address/malformed'))
  })

  it('has code of 24,576 bytes, and not one more, and none that begins with 0xef', async () => {
    await using vm = await createTroupe({ runtimes: [evmRuntime()] })
    // Returns as many zeros as its argument says.
    const zeros = fromHex('60208038035f395f515ff3')
    const largest = await vm.deployContract(zeros, { args: word(24_576) })
    expect(await largest.view()).toEqual(new Uint8Array())
    const tooLarge = vm.deployContract(zeros, { args: word(24_577) })
    await expect(tooLarge).rejects.toMatchObject({ outcome: { exit: { name: 'USR_ILLEGAL_ARGUMENT' } } })
    const reserved = vm.deployContract(fromHex('60ef5f5360015ff3'))
    await expect(reserved).rejects.toMatchObject({ outcome: { exit: { name: 'USR_ILLEGAL_ARGUMENT' } } })
  })

  it('calls itself as deep as its gas goes, and no deeper than 1,024 calls', async () => {
    await using vm = await createTroupe({ runtimes: [evm()], thread: 'worker' })
    // Calls itself with all gas, and returns how many calls were made below; 0 where none could be.
    const recursive = await vm.deployContract(
      initcode('60205f5f5f5f305af16013575f5f5260205ff35b60015f51015f5260205ff3'),
    )
    const depth = BigInt(`0x${Buffer.from(await recursive.view()).toString('hex')}`)
    expect(depth).toBeGreaterThan(250n)
    expect(depth).toBeLessThan(1024n)
  })

  it('shares the memory of a message with those that it calls: what does not fit is a trap', async () => {
    // Uses 655,392 bytes, and returns whether a call of itself, which uses as many, succeeded.
    const greedy = initcode('5f620a00005236601957' + '5f5f60015f5f305af1' + '5f5260205ff3' + '5b00')
    const answerOf = async (maximumMemoryBytes: number): Promise<unknown> => {
      const rules = { ...networks.local.rules, maximumMemoryBytes }
      await using vm = await createTroupe({ runtimes: [evmRuntime()], network: { ...networks.local, rules } })
      return (await vm.deployContract(greedy)).view()
    }
    expect(await answerOf(2 * 655_392)).toEqual(word(1))
    expect(await answerOf(2 * 655_392 - 1)).toEqual(word(0))
  })
})
