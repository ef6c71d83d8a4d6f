import { compileFixture, crossingContract } from '@troupe/fixtures'
import { methodNumber } from '@troupe/hypervisor'
import { decodeIpld, encodeIpld, type IpldValue } from '@troupe/ipld'
import { evmRuntime } from '@troupe/runtime-evm'
import { CODE_HEADER, ses } from '@troupe/runtime-ses'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { Interface, type InterfaceAbi } from 'ethers'
import { ActorError, type ActorHandle, createTroupe, type Troupe } from 'troupe'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const { abi, bytecode } = crossingContract()
const crossing = new Interface(abi as InterfaceAbi)
const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
/** Of the teller, an actor in Wasm: counts one, calls, and fails afterwards if it is told to. */
const PASS_ON = 2n ** 24n + 2n
const ADD = 2n ** 24n + 1n

/** Counts, passes calls on to actors of any kind, and says what became of them. */
const HUB = `${CODE_HEADER}(function (require, exports) {
  const { CallError, call, defineActor, invoke, M } = require('@troupe/sdk-js');
  const guard = M.interface('Hub', {
    bump: M.call(M.nat()).returns(M.nat()),
    count: M.call().returns(M.nat()),
    pass: M.call(M.nat(), M.nat(), M.any()).returns(M.any()),
    relay: M.call(M.nat(), M.nat(), M.nat(), M.any(), M.nat()).returns(M.any()),
    look: M.call(M.nat()).returns(M.any()),
    fails: M.call().returns(),
  });
  const outcomeOf = (run) => { try { return [0n, run()] } catch (error) { if (!(error instanceof CallError)) throw error; return [BigInt(error.calleeExitCode), null] } };
  exports.default = defineActor('Hub', {
    state: { count: 0n },
    powers: ['directory', 'funds'],
    reentrant: true,
    facets: { public: guard },
    methods: { public: {
      bump({ state }, n) { state.count += n; return state.count; },
      count({ state }) { return state.count; },
      pass({ state, directory }, actor, method, parameters) { state.count += 1n; return outcomeOf(() => invoke(directory.actor(actor), { method, parameters })?.data ?? null); },
      relay({ state, directory }, next, actor, method, parameters, gasLimit) { state.count += 100n; return outcomeOf(() => call(directory.actor(next), { gasLimit }).pass(actor, method, parameters)); },
      look({ directory }, next) { return outcomeOf(() => call(directory.actor(next), { readOnly: true }).bump(1n)); },
      fails({ state }) { state.count = 7n; throw Error('on purpose'); },
    } },
  });
})`

describe('actors in hardened JavaScript on a chain', () => {
  let vm: Troupe
  let first: ActorHandle
  let second: ActorHandle
  let third: ActorHandle
  let teller: ActorHandle

  beforeAll(async () => {
    vm = await createTroupe({ runtimes: [evmRuntime(), wasmRuntime(), ses()] })
    const hub = new TextEncoder().encode(HUB)
    const deploy = (code: Uint8Array): Promise<ActorHandle> => vm.deploy(code)
    first = await deploy(hub)
    second = await deploy(hub)
    third = await deploy(hub)
    teller = await deploy(await compileFixture('teller', { generation: 4 }))
  })
  afterAll(() => vm[Symbol.asyncDispose]())

  const id = (actor: { readonly address: ActorHandle['address'] }): bigint =>
    vm.chain.machineAfter().state.lookupId(actor.address) ?? expect.fail()
  /** How far the three have counted since the test began. */
  let before: readonly bigint[] = []
  const counts = async (): Promise<bigint[]> => {
    const values: bigint[] = []
    for (const hub of [first, second, third]) values.push((await hub.view('Count', [])).value as bigint)
    return values.map((value, i) => value - (before[i] ?? 0n))
  }
  beforeEach(async () => {
    before = []
    before = await counts()
  })
  const encode = (value: IpldValue): Uint8Array => encodeIpld(value)

  it('call one another through actors in Wasm, and what a failure did is taken back at every level', async () => {
    const bump = methodNumber(vm.crypto, 'Bump')
    const pass = (fails: boolean): Uint8Array => encode([third.address.bytes, bump, encode([5n]), fails])
    const relay = (fails: boolean) =>
      first.send('Relay', [id(second), id(teller), PASS_ON, pass(fails), 5_000_000_000n])
    const { value, fidelity } = await relay(false)
    expect(fidelity.level).not.toBe('simulated')
    const [exitCode, inner] = value as [bigint, [bigint, Uint8Array]]
    expect([exitCode, inner[0], decodeIpld(decodeIpld(inner[1]) as Uint8Array)]).toEqual([0n, 0n, 5n])
    expect(await counts()).toEqual([100n, 1n, 5n])

    // The actor in Wasm fails after the third has counted: that is taken back, and the second goes on.
    expect((await relay(true)).value).toEqual([0n, [41n, null]])
    expect(await counts()).toEqual([200n, 2n, 5n])
    expect((await teller.send(ADD, [0n])).value).toBe(1n)
  })

  it('give a call gas of its own, and go on where it is used up', async () => {
    const relay = (gasLimit: bigint) =>
      first.send('Relay', [id(second), id(third), methodNumber(vm.crypto, 'Count'), encode([]), gasLimit])
    expect((await relay(5_000_000n)).value).toEqual([7n, null])
    expect(((await relay(500_000_000n)).value as IpldValue[])[0]).toBe(0n)
    expect(await counts()).toEqual([200n, 1n, 0n])
  })

  it('change nothing in a call that is read-only, nor where they fail', async () => {
    expect((await first.send('Look', [id(second)])).value).toEqual([25n, null])
    await expect(first.send('Fails', [])).rejects.toThrow(ActorError)
    expect(await counts()).toEqual([0n, 0n, 0n])
  })

  it('call contracts, and are called by them', async () => {
    const contract = await vm.deployContract(fromHex(bytecode), { value: 0n })
    const bump = methodNumber(vm.crypto, 'Bump')
    const forward = crossing.encodeFunctionData('forward', [id(first), bump, 0, encode([3n]), 2n ** 60n])
    const output = await contract.send(fromHex(forward))
    const [exitCode, data] = crossing.decodeFunctionResult('forward', output.value as Uint8Array)
    expect([exitCode, decodeIpld(fromHex(data as string))]).toEqual([0n, (before[0] ?? 0n) + 3n])
    expect(await counts()).toEqual([3n, 0n, 0n])
    const invokeContract = methodNumber(vm.crypto, 'InvokeEVM')
    const { value } = await second.send('Pass', [
      id(contract),
      invokeContract,
      encode(fromHex(crossing.encodeFunctionData('count'))),
    ])
    const [code, returned] = value as [bigint, Uint8Array]
    expect([code, BigInt(`0x${Buffer.from(decodeIpld(returned) as Uint8Array).toString('hex')}`)]).toEqual([
      0n,
      1n,
    ])
  })

  it('are refused when they are installed, where their code is no actor', async () => {
    const install = vm.install(
      new TextEncoder().encode(`${CODE_HEADER}(function (require, exports) { fetch('x') })`),
    )
    await expect(install).rejects.toMatchObject({
      code: 'actor/failed',
      outcome: { exit: { code: 16 }, failure: { message: expect.stringContaining('actor/unknown-global') } },
    })
  })
})
