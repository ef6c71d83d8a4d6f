import { enqueueParametersCodec, MESSAGE_QUEUE_ACTOR_ID, MessageQueueMethod } from '@troupe/actors'
import { HypervisorError, INVOKE_CONTRACT, idAddress } from '@troupe/hypervisor'
import { encodeValue } from '@troupe/ipld'
import { MemoryStore } from '@troupe/ipld/store'
import { evm, evmRuntime } from '@troupe/runtime-evm'
import { ses } from '@troupe/runtime-ses'
import { wasmRuntime } from '@troupe/runtime-wasm'
import {
  BLOCK_GAS_LIMIT,
  bundle,
  type ContractHandle,
  createTroupe,
  type MessageRequest,
  RefusedMessages,
  readStateCar,
  type Troupe,
  type TroupeOptions,
} from 'troupe'
import { encodeTransaction, signTransaction } from 'troupe/ethereum'
import { describe, expect, it } from 'vitest'
import { produceBlock } from '../../src/vm/produce-block.ts'
import { immediately } from '../../src/vm/steps.ts'

const code = (value: string) => expect.objectContaining({ code: value })
const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
const REFUSED = code('message/fidelity')
const GAS = { gasLimit: 100_000_000n }
const QUEUE = idAddress(MESSAGE_QUEUE_ACTOR_ID)
const runtime = evmRuntime()

/** Asks for the hash of the block before where it is called with anything: local chains make that up. */
const BLOCKHASH = '36600557005b60014303405000'
/** The same where the message queue has no balance: where nothing waits behind it that brings value. */
const LAST_ASKS = '73ff0000000000000000000000000000000000000c31601f576001430340505b00'

const initcodeOf = (code: string): Uint8Array =>
  fromHex(`60${(code.length / 2).toString(16).padStart(2, '0')}8060095f395ff3${code}`)

async function open(
  options: TroupeOptions = { requireFidelity: 'calibrated' },
  initcode = initcodeOf(BLOCKHASH),
): Promise<{ vm: Troupe; contract: ContractHandle }> {
  const vm = await createTroupe({ runtimes: [runtime], ...options })
  const deployed = vm.deployContract(initcode, GAS)
  if (vm.mining !== 'instant') await vm.mine()
  return { vm, contract: await deployed }
}

/** What leaves a call of a contract to the end of the block. */
function queue(contract: ContractHandle): { to: typeof QUEUE; method: bigint; params: Uint8Array } {
  const parameters = { parameters: fromHex('4101'), gasLimit: 20_000_000n, keepsResult: false }
  return {
    to: QUEUE,
    method: BigInt(MessageQueueMethod.ENQUEUE),
    params: encodeValue(enqueueParametersCodec, {
      to: contract.address,
      method: INVOKE_CONTRACT,
      ...parameters,
    }),
  }
}

describe('a chain that requires a fidelity', () => {
  it('takes what is as good, and refuses the rest without effect', async () => {
    const { contract, vm } = await open()
    const { head } = vm
    expect((await vm.getActor(vm.accounts[0] ?? ''))?.sequence).toBe(1n)
    await expect(contract.send(Uint8Array.of(1), GAS)).rejects.toThrow(REFUSED)
    await expect(contract.trySend(Uint8Array.of(1), GAS)).rejects.toThrow(REFUSED)
    await expect(contract.view(Uint8Array.of(1))).rejects.toThrow(REFUSED)
    await expect(vm.send({ from: 1n, to: 99n, gasFeeCap: 0n }, { impersonate: true })).rejects.toThrow(
      REFUSED,
    )
    expect(vm.head).toEqual(head)
    expect(vm.pool.size).toBe(0)
    expect((await contract.send(new Uint8Array(), GAS)).fidelity.level).toBe('calibrated')
  })

  it('makes a block without what it refuses, and says what became of that', async () => {
    const { contract, vm } = await open({ mining: 'manual', requireFidelity: 'calibrated' })
    const [alice, bob] = vm.accounts
    const refused = contract.send(Uint8Array.of(1), { ...GAS, from: alice })
    const refusal = expect(refused).rejects.toThrow(REFUSED)
    const after = vm.send({ from: alice, to: bob ?? '', value: 1n, ...GAS })
    const other = vm.send({ from: bob, to: alice ?? '', value: 1n })
    const [pending] = vm.pool.pending
    await vm.mine()
    await refusal
    expect(await other).toMatchObject({ exit: { code: 0 }, epoch: 2n })
    // The next one of its sender waits for another in its place.
    expect(vm.pool.pending.map(({ message }) => message.sequence)).toEqual([2n])
    expect(await vm.transaction(pending?.cid ?? '')).toBeUndefined()
    await expect(vm.waitFor(pending?.cid ?? '')).rejects.toThrow(REFUSED)
    const instead = vm.send({ from: alice, to: bob ?? '', value: 2n, sequence: 1n })
    await vm.mine()
    expect((await instead).epoch).toBe(3n)
    expect((await after).epoch).toBe(3n)
  })

  it('names all that keep a block from being made, where nobody takes them out', async () => {
    const { contract, vm } = await open()
    const [alice, bob] = vm.accounts
    const call = { to: contract, method: INVOKE_CONTRACT, params: fromHex('4101'), ...GAS }
    const refused = [
      vm.prepare({ ...call, from: alice }),
      vm.prepare({ ...queue(contract), ...GAS, from: bob }),
    ]
    const transfer = vm.prepare({ from: vm.accounts[2], to: 99n, value: 1n })
    const { head } = vm.chain
    const messages = [...refused, transfer].map((message) => ({ message }))
    const error = await vm.read(() => vm.chain.produce(messages)).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(RefusedMessages)
    expect(error).toEqual(code('block/fidelity'))
    const { reasons } = error as RefusedMessages
    expect([...reasons.keys()]).toEqual(refused)
    for (const reason of reasons.values()) expect(reason).toMatchObject({ fidelity: { level: 'simulated' } })
    expect(vm.chain.head).toBe(head)
  })

  it('is asked again for what it has refused where that is handed in again', async () => {
    const { contract, vm } = await open({ mining: 'manual', requireFidelity: 'calibrated' })
    const message = vm.prepare({ to: contract, method: INVOKE_CONTRACT, params: fromHex('4101'), ...GAS })
    const cid = vm.pool.add({ message }, { unsigned: true })
    await vm.mine()
    expect(vm.pool.refusalOf(cid)).toMatchObject({ cid, reason: REFUSED })
    vm.pool.add({ message }, { unsigned: true })
    expect(vm.pool.refusalOf(cid)).toBeUndefined()
    expect(vm.pool.reasonToWait(cid)?.waitsFor).toBe('block')
  })

  it('refuses a message for what it leaves to the end of the block', async () => {
    const { contract, vm } = await open()
    const { head } = vm
    await expect(vm.send({ ...queue(contract), ...GAS })).rejects.toThrow(REFUSED)
    expect(vm.head).toEqual(head)
    vm.mining = 'manual'
    const refused = expect(vm.send({ ...queue(contract), ...GAS })).rejects.toThrow(REFUSED)
    const other = vm.send({ from: vm.accounts[1], to: 99n, value: 1n })
    await vm.mine()
    await refused
    expect((await other).exit.code).toBe(0)
  })

  it('does not execute a whole block again and again for what each message leaves to its end', async () => {
    const options = { mining: 'manual', requireFidelity: 'calibrated' } as const
    const { contract, vm } = await open(options, initcodeOf(LAST_ASKS))
    const [from, other] = vm.accounts
    const add = (request: MessageRequest) =>
      vm.pool.add({ message: vm.prepare({ gasLimit: 150_000_000n, ...request }) }, { unsigned: true })
    for (let count = 0; count < 40; count++) add({ ...queue(contract), from, value: 1n })
    const transfer = add({ from: other, to: 99n, value: 1n, gasPremium: 1n })
    let executed = 0
    const trace = () => {
      executed++
      return () => {}
    }
    const parts = { chain: vm.chain, pool: vm.pool, epochs: () => 1n, isForMessages: false }
    const block = immediately.perform(produceBlock({ ...parts, trace }))
    expect(block).toMatchObject({ messages: [{ cid: transfer }], queued: [] })
    // Each is two messages. All of them four times, and less than twice as many in smaller and smaller parts.
    expect(executed).toBeLessThan((4 + 2) * (2 * 40 + 1))
    expect(vm.pool.pending.length).toBeGreaterThan(20)
  })

  it('executes four whole blocks at the most for one, whatever waits', async () => {
    const options = { mining: 'manual', requireFidelity: 'calibrated', accounts: { count: 10 } } as const
    const { contract, vm } = await open(options)
    const call = { to: contract, method: INVOKE_CONTRACT, params: fromHex('4101'), gasLimit: BLOCK_GAS_LIMIT }
    for (const from of vm.accounts)
      vm.pool.add({ message: vm.prepare({ ...call, from }) }, { unsigned: true })
    const { epoch } = vm.head
    for (const left of [6, 2, 0]) {
      await vm.mine()
      expect(vm.pool.size).toBe(left)
    }
    expect(vm.head.epoch).toBe(epoch + 3n)
  })

  it('refuses transactions of wallets too', async () => {
    const { contract, vm } = await open()
    const [alice] = vm.accounts
    if (alice === undefined) return expect.fail()
    const fees = { maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 0n, gasLimit: 100_000_000n }
    const to = (await vm.resolve(contract))?.ethereum ?? ''
    const signed = signTransaction(vm.crypto, alice, {
      ...{ kind: 'eip1559', chainId: vm.chain.rules.chainId, nonce: 0n, value: 0n, ...fees },
      ...{ to: fromHex(to.slice(2)), input: Uint8Array.of(1) },
    })
    await expect(vm.submitTransaction(encodeTransaction(signed))).rejects.toThrow(REFUSED)
    expect(vm.pool.size).toBe(0)
  })

  it('lives in a worker as well', async () => {
    await using vm = await createTroupe({
      runtimes: [evm()],
      requireFidelity: 'calibrated',
      thread: 'worker',
    })
    const contract = await vm.deployContract(initcodeOf(BLOCKHASH), GAS)
    const refusal = await contract.send(Uint8Array.of(1), GAS).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(HypervisorError)
    expect(refusal).toMatchObject({ code: 'message/fidelity', fidelity: { level: 'simulated' } })
    const v8: TroupeOptions = { runtimes: [ses({ engine: 'v8' })], requireFidelity: 'calibrated' }
    await expect(createTroupe({ ...v8, thread: 'worker' })).rejects.toThrow(code('machine/fidelity'))
  })

  it('executes what it has executed before as it was', async () => {
    const store = new MemoryStore()
    const { contract, vm } = await open({ store })
    const { cid, fidelity } = await contract.send(Uint8Array.of(1), GAS)
    expect(fidelity.level).toBe('simulated')
    const again = await createTroupe({ store, runtimes: [runtime], requireFidelity: 'calibrated' })
    expect((await again.waitFor(cid)).fidelity).toEqual(fidelity)
    await using fork = await again.fork()
    await expect(fork.contract(contract.address).send(Uint8Array.of(1), GAS)).rejects.toThrow(REFUSED)
    await vm.close()
  })
})

describe('a message that requires a fidelity', () => {
  it('is refused on a chain that does not', async () => {
    await using vm = await createTroupe({ runtimes: [runtime] })
    const contract = await vm.deployContract(initcodeOf(BLOCKHASH), { ...GAS, requireFidelity: 'calibrated' })
    const wanted = { ...GAS, requireFidelity: 'calibrated' } as const
    const { head } = vm
    await expect(contract.send(Uint8Array.of(1), wanted)).rejects.toThrow(REFUSED)
    await expect(vm.send({ ...queue(contract), ...GAS }, wanted)).rejects.toThrow(REFUSED)
    await expect(contract.send(undefined, { ...GAS, requireFidelity: 'exact' })).rejects.toThrow(REFUSED)
    expect(vm.head).toEqual(head)
    expect((await contract.send(Uint8Array.of(1), GAS)).fidelity.level).toBe('simulated')
    // A transfer runs nobody's code.
    const transfer = { to: vm.accounts[1] ?? '', value: 1n }
    expect((await vm.send(transfer, { requireFidelity: 'exact' })).fidelity.level).toBe('exact')
  })

  it('asks for one of the levels', async () => {
    await using vm = await createTroupe()
    const wrong = { requireFidelity: 'simulated' } as never
    await expect(vm.send({ to: 99n }, wrong)).rejects.toThrow(code('option/malformed'))
    await expect(createTroupe(wrong)).rejects.toThrow(code('option/malformed'))
  })
})

describe('a part that is never as good as it has to be', () => {
  it.each<[string, TroupeOptions, string]>([
    ['V8', { runtimes: [ses({ engine: 'v8' })], requireFidelity: 'calibrated' }, 'the runtime ses'],
    ['a model of contracts', { runtimes: [evmRuntime()], requireFidelity: 'exact' }, 'the runtime evm'],
    [
      "Ethereum's gas",
      { runtimes: [evmRuntime({ gas: 'ethereum' })], requireFidelity: 'calibrated' },
      'the runtime evm',
    ],
    ['native actors', { requireFidelity: 'exact' }, 'the runtime native'],
  ])('is refused when the chain is made: %s', async (_, options, name) => {
    const error: unknown = await createTroupe(options).catch((reason: unknown) => reason)
    expect(error).toEqual(code('machine/fidelity'))
    expect((error as Error).message).toContain(name)
  })

  it('is found in a chain or a state that is there', async () => {
    const store = new MemoryStore()
    await using vm = await createTroupe({ store })
    const state = readStateCar(await vm.exportCar(), vm.crypto)
    for (const options of [{ store }, { state }])
      await expect(createTroupe({ ...options, requireFidelity: 'exact' })).rejects.toThrow(
        code('machine/fidelity'),
      )
  })
})

describe('official actors', () => {
  it('are exact, contracts included, but not what a local chain makes up', async ({ skip }) => {
    const actors = await bundle('v18').catch(() => undefined)
    if (actors === undefined)
      return skip('the official actors are not in the cache: troupe bundle add v18.tar.zst')
    await using vm = await createTroupe({ actors, runtimes: [wasmRuntime()], requireFidelity: 'exact' })
    const contract = await vm.deployContract(initcodeOf(BLOCKHASH), GAS)
    expect((await contract.send(new Uint8Array(), GAS)).fidelity).toEqual({ level: 'exact', reasons: [] })
    await expect(contract.send(Uint8Array.of(1), GAS)).rejects.toThrow(REFUSED)
    await vm.mine()
  })
})
