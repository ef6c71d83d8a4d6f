import {
  continuationParametersCodec,
  createGenesis,
  enqueueParametersCodec,
  enqueueReturnCodec,
  forgetParametersCodec,
  KNOWN_ACTORS,
  MESSAGE_QUEUE_ACTOR_ID,
  MESSAGE_QUEUE_ACTORS,
  MessageQueueExitCode,
  MessageQueueMethod,
  messageQueueStateCodec,
  SYSTEM_ACTORS,
  settleParametersCodec,
  takenMessageCodec,
  whenParametersCodec,
} from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import {
  type Address,
  actorAddress,
  addressCodec,
  BURNT_FUNDS_ACTOR_ID,
  Executor,
  ExitCode,
  idAddress,
  MESSAGE_QUEUE_RULES,
  type Message,
  type MessageQueueRules,
  messageCid,
  NV28,
  SYSTEM_ACTOR_ID,
  tokenAmountCodec,
  withMessageQueue,
  withUserActors,
} from '@troupe/hypervisor'
import { CBOR, CborStore, decodeValue, encodeValue, MemoryBlockstore, type ValueCodec } from '@troupe/ipld'
import { MemoryStore } from '@troupe/ipld/store'
import {
  arrayCodec,
  boolCodec,
  bytesCodec,
  defineActor,
  encodeBlock,
  fail,
  method,
  nativeCode,
  nativeRuntime,
  storeNativeManifest,
  tupleCodec,
  u64Codec,
} from '@troupe/runtime-native'
import {
  createTroupe,
  FIRST_QUEUED_SEQUENCE,
  type MessageOutcome,
  type Network,
  networks,
  replayWitness,
  type Troupe,
  type TroupeOptions,
} from 'troupe'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const FIL = 10n ** 18n
const QUEUE = idAddress(MESSAGE_QUEUE_ACTOR_ID)
/** Ids of the puppets, after those of two accounts and their addresses of Ethereum. */
const [ONE, TWO] = [104n, 105n].map(idAddress) as [Address, Address]
const NOTHING = new Uint8Array()
const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value)

/** What an actor that does as it is told sends. */
interface Order {
  to: Address
  method: bigint
  params: Uint8Array
  value: bigint
  /** Whether it fails where this does. */
  isVital: boolean
}
const ordersCodec: ValueCodec<{ orders: Order[]; fails: boolean }> = tupleCodec({
  orders: arrayCodec(
    tupleCodec({
      ...{ to: addressCodec, method: u64Codec, params: bytesCodec },
      ...{ value: tokenAmountCodec, isVital: boolCodec },
    }),
  ),
  fails: boolCodec,
})
const answersCodec = arrayCodec(tupleCodec({ exitCode: u64Codec, returned: bytesCodec }))
const notesCodec = arrayCodec(tupleCodec({ caller: u64Codec, data: bytesCodec }))
const OBEY = 2n
const NOTE = 3n
const FAIL = 4n
const LEAVE = 5n
const RETURN = 6n

const gas = { base: 0 }
/** Sends what it is told to, notes what it is called with, fails, and leaves. It has the name of a built-in actor that is not there. */
const puppet = defineActor({
  name: 'storageminer',
  version: '1',
  gas: { memoryPages: 1, entry: 0 },
  methods: {
    [Number(OBEY)]: method({
      ...{ name: 'Obey', gas, parameters: ordersCodec, returns: answersCodec },
      run: (context, { orders, fails }) => {
        context.acceptAnyCaller()
        const answers = orders.map(({ to, method: number, params, value, isVital }) => {
          const { exitCode = -1, ...result } = context.send({
            ...{ to, method: number, value },
            parameters: params.length === 0 ? undefined : { codec: CBOR, data: params },
          })
          if (isVital && exitCode !== ExitCode.OK) fail(100, `${exitCode}`)
          const data = 'data' in result ? result.data?.data : undefined
          return { exitCode: BigInt(exitCode), returned: data ?? NOTHING }
        })
        if (fails) fail(77, 'as it was told')
        return answers
      },
    }),
    [Number(NOTE)]: {
      name: 'Note',
      call: (context, block) => {
        context.gas.begin(gas, 0)
        context.acceptAnyCaller()
        const { caller } = context.message
        const data = block?.data ?? NOTHING
        context.state.change(notesCodec, (notes) => notes.push({ caller, data }))
        return encodeBlock(bytesCodec, text(`noted ${data.length}`))
      },
    },
    [Number(FAIL)]: method({
      ...{ name: 'Fail', gas },
      run: (context) => {
        context.acceptAnyCaller()
        fail(78, 'as ever', encodeBlock(bytesCodec, text('why')))
      },
    }),
    [Number(RETURN)]: {
      name: 'Return',
      call: (context) => {
        context.gas.begin(gas, 0)
        context.acceptAnyCaller()
        return { codec: CBOR, data: new Uint8Array(NV28.maximumBlockSize ?? 0) }
      },
    },
    [Number(LEAVE)]: method({
      ...{ name: 'Leave', gas, parameters: ordersCodec },
      run: (context, { orders }) => {
        context.acceptAnyCaller()
        for (const { to, method: number, params, value } of orders)
          context.sendOrFail({ to, method: number, value, parameters: { codec: CBOR, data: params } })
        context.deleteSelf()
      },
    }),
  },
})

const puppets = () => ({
  ...{ name: 'puppets', builtinActors: { storageminer: puppet.descriptor } },
  load: nativeRuntime({ crypto, actors: [puppet] }).load.bind(nativeRuntime({ crypto, actors: [puppet] })),
})

function networkOf(bounds: Partial<MessageQueueRules> = {}): Network {
  return { ...networks.local, rules: withMessageQueue(withUserActors(NV28), bounds) }
}

/** A chain with two puppets of 10 FIL each. */
async function open(options: TroupeOptions = {}): Promise<Troupe> {
  const vm = await createTroupe({
    crypto,
    network: networkOf(),
    runtimes: [puppets()],
    accounts: { count: 2 },
    ...options,
  })
  if ((await vm.getActor(ONE)) !== undefined) return vm
  const head = encodeValue(notesCodec, [])
  const cid = vm.chain.blocks.putBlock(0x71, head)
  const code = nativeCode(crypto, puppet)
  await vm.edit(
    [ONE, TWO].map(({ bytes }) => ({
      address: actorAddress(crypto, bytes),
      code,
      head: cid,
      balance: 10n * FIL,
    })),
  )
  return vm
}

const order = (
  to: Address,
  number: bigint | number,
  params = NOTHING,
  fields: Partial<Order> = {},
): Order => ({
  ...{ to, method: BigInt(number), params, value: 0n, isVital: true },
  ...fields,
})

const enqueue = (
  to: Address,
  number: bigint,
  params = NOTHING,
  {
    gasLimit = 20_000_000n,
    keepsResult = false,
    ...fields
  }: Partial<Order> & { gasLimit?: bigint; keepsResult?: boolean } = {},
): Order => {
  const parameters = { to, method: number, parameters: params, gasLimit, keepsResult }
  return order(QUEUE, MessageQueueMethod.ENQUEUE, encodeValue(enqueueParametersCodec, parameters), fields)
}

const when = (future: bigint, context = NOTHING, gasLimit = 20_000_000n): Order =>
  order(
    QUEUE,
    MessageQueueMethod.WHEN,
    encodeValue(whenParametersCodec, { future, method: NOTE, context, gasLimit }),
    {
      isVital: false,
    },
  )

/** Has a puppet send something. */
function tell(vm: Troupe, actor: Address, orders: Order[], fails = false): Promise<MessageOutcome> {
  return vm.trySend({
    to: actor,
    method: OBEY,
    params: encodeValue(ordersCodec, { orders, fails }),
    gasLimit: 2_000_000_000n,
  })
}

const answersOf = ({ returnData }: MessageOutcome) => decodeValue(answersCodec, returnData)

async function notesOf(vm: Troupe, address: Address) {
  const { head } = (await vm.getActor(address)) ?? expect.fail()
  return decodeValue(notesCodec, vm.chain.blocks.getBlock(head))
}

const textsOf = async (vm: Troupe, address: Address): Promise<string[]> =>
  (await notesOf(vm, address)).map(({ data }) => new TextDecoder().decode(data))

async function queueOf(vm: Troupe) {
  const { head, balance } = (await vm.getActor(QUEUE)) ?? expect.fail()
  return { balance, ...decodeValue(messageQueueStateCodec, vm.chain.blocks.getBlock(head)) }
}

describe('a message that an actor queues', () => {
  it('is executed at the end of the block, in order, in the name of the actor', async () => {
    await using vm = await open()
    const outcome = await tell(vm, ONE, [
      enqueue(TWO, NOTE, text('first')),
      enqueue(TWO, NOTE, text('second')),
      order(TWO, NOTE, text('now')),
    ])
    expect(outcome.exit.name).toBe('OK')
    expect(await textsOf(vm, TWO)).toEqual(['now', 'first', 'second'])
    expect((await notesOf(vm, TWO)).map(({ caller }) => caller)).toEqual([104n, 104n, 104n])
    expect(
      outcome.queued.map(({ number, exit, from, to }) => [number, exit.code, vm.format(from), vm.format(to)]),
    ).toEqual([
      [0n, 0, 't0104', 't0105'],
      [1n, 0, 't0104', 't0105'],
    ])
    expect(outcome.queued[0]?.returnData).toEqual(encodeValue(bytesCodec, text('noted 5')))
    expect(outcome.queued[1]?.trace.roots).toHaveLength(1)
  })

  it('comes after all messages of the block, and before cron; each knows where it comes from', async () => {
    await using vm = await open({ mining: 'manual' })
    const [alice, bob] = vm.accounts
    const told = [alice, bob].map((from, index) =>
      vm.send({
        ...{ from: from ?? expect.fail(), to: ONE, method: OBEY, gasLimit: 1_000_000_000n },
        params: encodeValue(ordersCodec, {
          orders: [enqueue(TWO, NOTE, text(`later ${index}`)), order(TWO, NOTE, text(`now ${index}`))],
          fails: false,
        }),
      }),
    )
    await vm.mine()
    expect(await textsOf(vm, TWO)).toEqual(['now 0', 'now 1', 'later 0', 'later 1'])
    const numbers = (await Promise.all(told)).map(({ queued }) => queued.map(({ number }) => number))
    expect(numbers).toEqual([[0n], [1n]])
  })

  it('may queue others, which are executed in the same block', async () => {
    await using vm = await open()
    const inner = encodeValue(ordersCodec, { orders: [enqueue(TWO, NOTE, text('inner'))], fails: false })
    const outcome = await tell(vm, ONE, [
      enqueue(TWO, OBEY, inner, { gasLimit: 200_000_000n }),
      enqueue(TWO, NOTE, text('outer')),
    ])
    expect(outcome.queued.map(({ exit }) => exit.name)).toEqual(['OK', 'OK', 'OK'])
    expect(await textsOf(vm, TWO)).toEqual(['outer', 'inner'])
    expect((await queueOf(vm)).first).toBe(3n)
  })

  it('is not there where the call that queued it is rolled back', async () => {
    await using vm = await open()
    const failed = await tell(vm, ONE, [enqueue(TWO, NOTE, text('no'), { value: FIL })], true)
    expect(failed).toMatchObject({ exit: { code: 77 }, queued: [] })
    const inner = encodeValue(ordersCodec, { orders: [enqueue(TWO, NOTE, text('no'))], fails: true })
    const partly = await tell(vm, ONE, [
      order(TWO, OBEY, inner, { isVital: false }),
      enqueue(TWO, NOTE, text('yes')),
    ])
    expect(partly.queued).toHaveLength(1)
    expect(await textsOf(vm, TWO)).toEqual(['yes'])
    expect(await vm.balanceOf(ONE)).toBe(10n * FIL)
  })

  it('takes its value with it, which is its sender’s again where it fails', async () => {
    await using vm = await open()
    const { queued } = await tell(vm, ONE, [
      enqueue(TWO, NOTE, text('paid'), { value: FIL }),
      enqueue(TWO, FAIL, NOTHING, { value: 2n * FIL }),
      enqueue(TWO, 0n, NOTHING, { value: 3n * FIL }),
    ])
    expect(queued.map(({ exit }) => exit.code)).toEqual([0, 78, 0])
    expect(queued[1]?.failure?.message).toContain('as ever')
    expect(await vm.balanceOf(ONE)).toBe(6n * FIL)
    expect(await vm.balanceOf(TWO)).toBe(14n * FIL)
    expect((await queueOf(vm)).balance).toBe(0n)
  })

  it('has its gas from the message that queued it, used or not, and no more', async () => {
    await using vm = await open()
    const without = await tell(vm, ONE, [order(TWO, NOTE, text('x'))])
    const outcome = await tell(vm, ONE, [
      enqueue(TWO, NOTE, text('x'), { gasLimit: 30_000_000n }),
      enqueue(TWO, NOTE, text('y'), { gasLimit: 1000n }),
    ])
    const { overheadGas, overheadGasPerByte } = MESSAGE_QUEUE_RULES
    const reserved = 30_001_000n + 2n * (overheadGas + overheadGasPerByte)
    expect(outcome.gas.used).toBeGreaterThan(reserved)
    expect(outcome.gas.used).toBeLessThan(reserved + without.gas.used + 30_000_000n)
    expect(outcome.queued.map(({ exit }) => exit.name)).toEqual(['OK', 'SYS_OUT_OF_GAS'])
    expect(outcome.queued[0]?.gas.limit).toBe(30_000_000n)
    expect(await textsOf(vm, TWO)).toEqual(['x', 'x'])
  })

  it('is refused where there is not the gas for it, and its sender goes on', async () => {
    await using vm = await open()
    const outcome = await tell(vm, ONE, [
      enqueue(TWO, NOTE, NOTHING, { gasLimit: 1_990_000_000n, isVital: false }),
      enqueue(TWO, NOTE, NOTHING, { gasLimit: 2n ** 64n - 1n, isVital: false }),
      order(TWO, NOTE, text('went on')),
    ])
    expect(answersOf(outcome).map(({ exitCode }) => Number(exitCode))).toEqual([
      MessageQueueExitCode.NOT_ENOUGH_GAS,
      MessageQueueExitCode.NOT_ENOUGH_GAS,
      0,
    ])
    expect(outcome.queued).toEqual([])
  })

  it('may have so many bytes of parameters, and not one more', async () => {
    await using vm = await open({ network: networkOf({ maximumData: 100 }) })
    const outcome = await tell(vm, ONE, [
      enqueue(TWO, NOTE, new Uint8Array(100)),
      enqueue(TWO, NOTE, new Uint8Array(101), { isVital: false }),
    ])
    expect(answersOf(outcome).map(({ exitCode }) => Number(exitCode))).toEqual([
      0,
      MessageQueueExitCode.TOO_MUCH_DATA,
    ])
    expect((await notesOf(vm, TWO)).map(({ data }) => data.length)).toEqual([100])
  })

  it('of an actor that is gone is not executed, and its value is burnt', async () => {
    await using vm = await open()
    const burnt = await vm.balanceOf(idAddress(BURNT_FUNDS_ACTOR_ID))
    const params = encodeValue(ordersCodec, {
      orders: [enqueue(TWO, NOTE, text('farewell'), { value: 10n * FIL })],
      fails: false,
    })
    const { exit, fees, queued } = await vm.trySend({
      to: ONE,
      method: LEAVE,
      params,
      gasLimit: 1_000_000_000n,
    })
    expect(exit.name).toBe('OK')
    expect(queued.map(({ exit: { code } }) => code)).not.toContain(0)
    expect(await vm.getActor(ONE)).toBeUndefined()
    expect(await textsOf(vm, TWO)).toEqual([])
    const after = await vm.balanceOf(idAddress(BURNT_FUNDS_ACTOR_ID))
    expect(after - burnt).toBeGreaterThanOrEqual(10n * FIL + fees.baseFeeBurn)
  })

  it('can be an account’s, and is seen by whoever executes the block again', async () => {
    await using vm = await open()
    const params = encodeValue(enqueueParametersCodec, {
      ...{
        to: TWO,
        method: NOTE,
        parameters: text('from an account'),
        gasLimit: 30_000_000n,
        keepsResult: true,
      },
    })
    const { cid, queued, value } = await vm.send({
      to: QUEUE,
      method: BigInt(MessageQueueMethod.ENQUEUE),
      params,
    })
    expect(value).toEqual([0n])
    expect(queued).toMatchObject([{ exit: { code: 0 }, number: 0n }])
    expect((await notesOf(vm, TWO))[0]?.caller).toBe(100n)
    const again = await vm.waitFor(cid)
    expect(again.queued).toMatchObject([{ exit: { code: 0 }, number: 0n, gas: queued[0]?.gas }])

    const { messages } = replayWitness(await vm.exportWitness(), {
      ...{ crypto, proofs: undefined, rules: vm.chain.rules },
      runtimes: [nativeRuntime({ crypto, actors: KNOWN_ACTORS }), puppets()],
    })
    expect(messages[0]?.queued.map(({ result }) => result.receipt.exitCode)).toEqual([0])
  })
})

describe('a message that was queued', () => {
  it('has a name, a place behind the messages of its block, and a receipt', async () => {
    await using vm = await open()
    const orders = [enqueue(TWO, NOTE, text('one')), enqueue(TWO, FAIL)]
    const { block, cid, queued } = await tell(vm, ONE, orders)
    const record = (await vm.block(block)) ?? expect.fail()
    expect(record.messages.map((one) => [one.cid, one.isQueued])).toEqual([[cid, false]])
    expect(record.queued).toMatchObject(
      queued.map(({ exit, gas, ...named }, position) => ({
        ...{ cid: named.cid, hash: named.hash, isQueued: true, signature: undefined },
        message: { from: ONE, to: TWO, sequence: FIRST_QUEUED_SEQUENCE + BigInt(position), gasFeeCap: 0n },
        place: { index: 1 + position, receipt: { exitCode: exit.code, gasUsed: gas.used } },
      })),
    )
    expect(record.gasUsed).toBe(record.messages[0]?.place?.receipt.gasUsed)
    const [first] = queued
    for (const name of [first?.cid ?? '', first?.hash ?? ''])
      expect(await vm.transaction(name)).toEqual(record.queued[0])
    expect(first?.cid).toEqual(messageCid(crypto, record.queued[0]?.message ?? expect.fail()))
    const again = await vm.waitFor(first?.hash ?? '')
    expect(again).toMatchObject({ ...{ block, queued: [] }, gas: first?.gas, returnData: first?.returnData })
  })

  it('is found on the branch that the chain is on', async () => {
    await using vm = await open()
    const start = vm.head.position
    const left = async () => (await tell(vm, ONE, [enqueue(TWO, NOTE, text('one'))])).queued[0]?.cid ?? ''
    const cid = await left()
    const first = vm.head.block
    await vm.mine()
    await vm.checkout(start)
    expect(await vm.transaction(cid)).toBeUndefined()
    await vm.mine()
    // Nobody can tell it from the one on the other branch but by its block.
    expect(await left()).toEqual(cid)
    expect((await vm.transaction(cid))?.place?.epoch).toBe(vm.head.epoch)
    await vm.checkout(first)
    expect((await vm.transaction(cid))?.place?.block).toEqual(first)
    await using fork = await vm.fork()
    expect(await fork.transaction(cid)).toEqual(await vm.transaction(cid))
  })
})

describe('the future of a queued message', () => {
  it('is delivered once, by the queue, to the method that its owner asked for', async () => {
    await using vm = await open()
    const { queued } = await tell(vm, ONE, [
      enqueue(TWO, NOTE, text('asked'), { keepsResult: true }),
      when(0n, text('ctx')),
      when(0n, text('again')),
    ])
    expect(queued.map(({ from, exit }) => [vm.format(from), exit.code])).toEqual([
      ['t0104', 0],
      ['t012', 0],
    ])
    const [note = expect.fail(), ...rest] = await notesOf(vm, ONE)
    expect(rest).toEqual([])
    expect(note.caller).toBe(MESSAGE_QUEUE_ACTOR_ID)
    expect(decodeValue(continuationParametersCodec, note.data)).toEqual({
      ...{ future: 0n, context: text('ctx'), exitCode: 0 },
      returned: encodeValue(bytesCodec, text('noted 5')),
    })
  })

  it('waits until its owner asks, blocks and a restart later', async () => {
    const store = new MemoryStore()
    {
      const vm = await open({ store })
      await tell(vm, ONE, [
        enqueue(TWO, FAIL, NOTHING, { keepsResult: true }),
        enqueue(TWO, NOTE, text('x'), { keepsResult: true }),
      ])
      await vm.mine({ epochs: 3n })
    }
    await using vm = await open({ store })
    expect((await notesOf(vm, ONE)).length).toBe(0)
    const { queued } = await tell(vm, ONE, [when(0n, text('late'))])
    expect(queued).toHaveLength(1)
    const outcome = await tell(vm, ONE, [when(0n)])
    expect(answersOf(outcome)[0]?.exitCode).toBe(BigInt(ExitCode.USR_NOT_FOUND))
    const notes = await notesOf(vm, ONE)
    expect(notes.map(({ data }) => decodeValue(continuationParametersCodec, data))).toEqual([
      { future: 0n, context: text('late'), exitCode: 78, returned: encodeValue(bytesCodec, text('why')) },
    ])
  })

  it('is its owner’s alone, has one continuation, and can be forgotten', async () => {
    await using vm = await open({ mining: 'manual' })
    const codesOf = async (actor: Address, orders: Order[]): Promise<number[]> => {
      const told = tell(vm, actor, orders)
      await vm.mine()
      return answersOf(await told).map(({ exitCode }) => Number(exitCode))
    }
    const forget = (future: bigint): Order =>
      order(QUEUE, MessageQueueMethod.FORGET, encodeValue(forgetParametersCodec, { future }), {
        isVital: false,
      })
    await codesOf(ONE, [
      enqueue(TWO, NOTE, text('x'), { keepsResult: true }),
      enqueue(TWO, NOTE, text('y'), { keepsResult: true }),
      enqueue(TWO, NOTE, text('z')),
    ])
    expect(await codesOf(TWO, [when(0n), forget(0n), when(2n), when(9n)])).toEqual([
      ExitCode.USR_FORBIDDEN,
      ExitCode.USR_FORBIDDEN,
      ExitCode.USR_NOT_FOUND,
      ExitCode.USR_NOT_FOUND,
    ])
    expect(await codesOf(ONE, [forget(0n), when(0n), when(1n)])).toEqual([0, ExitCode.USR_NOT_FOUND, 0])
    // While its message waits, too.
    expect(
      await codesOf(ONE, [
        enqueue(TWO, NOTE, text('w'), { keepsResult: true }),
        when(4n),
        when(4n),
        enqueue(TWO, NOTE, text('v'), { keepsResult: true }),
        forget(5n),
      ]),
    ).toEqual([0, 0, ExitCode.USR_ILLEGAL_ARGUMENT, 0, 0])
    expect(await textsOf(vm, TWO)).toEqual(['x', 'y', 'z', 'w', 'v'])
    expect(await notesOf(vm, ONE)).toHaveLength(2)
  })

  it('tells that more was returned than is kept', async () => {
    const most = encodeValue(
      answersCodec,
      Array(6).fill({ exitCode: 0n, returned: encodeValue(bytesCodec, text('noted 0')) }),
    )
    await using vm = await open({ network: networkOf({ maximumResult: most.length }) })
    const obey = (count: number): Order => {
      const orders = Array.from({ length: count }, () => order(TWO, NOTE, NOTHING, { isVital: false }))
      return enqueue(TWO, OBEY, encodeValue(ordersCodec, { orders, fails: false }), {
        ...{ keepsResult: true, gasLimit: 100_000_000n },
      })
    }
    const told = await tell(vm, ONE, [obey(6), when(0n), obey(7), when(1n)])
    expect(told.queued[0]?.returnData.length).toBe(most.length)
    const kept = (await notesOf(vm, ONE)).map(
      ({ data }) => decodeValue(continuationParametersCodec, data).returned,
    )
    expect(kept.map((returned) => returned?.length)).toEqual([most.length, undefined])
  })
})

describe('a block is made all the same', () => {
  it('where a message returns as much as a block holds, and its result is kept', async () => {
    await using vm = await open()
    const orders = [enqueue(TWO, RETURN, NOTHING, { keepsResult: true, gasLimit: 8_000_000_000n }), when(0n)]
    const params = encodeValue(ordersCodec, { orders, fails: false })
    const { queued } = await vm.send({ to: ONE, method: OBEY, params, gasLimit: 9_900_000_000n })
    expect(queued.map(({ exit, returnData }) => [exit.name, returnData.length])).toEqual([
      ['OK', NV28.maximumBlockSize],
      ['OK', expect.any(Number)],
    ])
    const [note = expect.fail()] = await notesOf(vm, ONE)
    expect(decodeValue(continuationParametersCodec, note.data).returned).toBeUndefined()
  })

  it('where somebody wants a message without gas, or to nobody, or of nothing that there is', async () => {
    await using vm = await open()
    const nobody = idAddress(2n ** 63n - 1n)
    const outcome = await tell(vm, ONE, [
      enqueue(TWO, NOTE, NOTHING, { gasLimit: 0n, isVital: false }),
      enqueue(TWO, NOTE, NOTHING, { gasLimit: 1n }),
      enqueue(nobody, NOTE, NOTHING),
      enqueue(QUEUE, BigInt(MessageQueueMethod.TAKE), NOTHING),
      enqueue(TWO, 2n ** 64n - 1n, NOTHING),
      enqueue(TWO, NOTE, NOTHING, { keepsResult: true }),
      order(
        ...([QUEUE, MessageQueueMethod.WHEN] as const),
        encodeValue(whenParametersCodec, { future: 4n, method: NOTE, context: NOTHING, gasLimit: 0n }),
        { isVital: false },
      ),
    ])
    expect(answersOf(outcome).map(({ exitCode }) => exitCode)).toEqual([16n, 0n, 0n, 0n, 0n, 0n, 16n])
    expect(outcome.queued.map(({ exit }) => exit.name)).toEqual([
      ...['SYS_OUT_OF_GAS', 'SYS_INVALID_RECEIVER', 'USR_FORBIDDEN', 'USR_UNHANDLED_MESSAGE', 'OK'],
    ])
  })
})

describe('the queue itself', () => {
  it('does for the system what messages have paid for beforehand', async () => {
    const { maximumData, maximumResult, overheadGas, overheadGasPerByte } = MESSAGE_QUEUE_RULES
    const data = new Uint8Array(maximumData).fill(7)
    const paid = overheadGas + overheadGasPerByte * BigInt(maximumData)
    await using vm = await open()
    const machine = vm.chain.machineAfter()
    const executor = new Executor(machine)
    const call = (
      from: Address,
      number: number,
      params: Uint8Array,
      value = 0n,
    ): { gas: bigint; data: Uint8Array } => {
      const message: Message = {
        ...{ version: 0n, from, to: QUEUE, sequence: 0n, value, method: BigInt(number), params },
        ...{ gasLimit: 10_000_000_000n, gasFeeCap: 0n, gasPremium: 0n },
      }
      const { receipt, failure } = executor.execute(message, { kind: 'implicit', length: 0 })
      expect(receipt.exitCode, failure?.message).toBe(0)
      return { gas: receipt.gasUsed, data: receipt.returnData }
    }
    const parameters = { to: TWO, method: NOTE, parameters: data, gasLimit: 1n, keepsResult: true }
    // Among so many that the maps of messages and futures have nodes below nodes.
    for (let count = 0; count < 40; count++)
      call(ONE, MessageQueueMethod.ENQUEUE, encodeValue(enqueueParametersCodec, parameters), 1n)
    const context = { future: 0n, method: NOTE, context: data, gasLimit: 1n }
    const system = idAddress(SYSTEM_ACTOR_ID)
    call(ONE, MessageQueueMethod.WHEN, encodeValue(whenParametersCodec, context))
    const taken = call(system, MessageQueueMethod.TAKE, NOTHING)
    expect(decodeValue(takenMessageCodec, taken.data)).toMatchObject({
      number: 0n,
      from: 104n,
      value: 1n,
      keepsResult: true,
    })
    const settled = call(
      ...([system, MessageQueueMethod.SETTLE] as const),
      encodeValue(settleParametersCodec, {
        number: 0n,
        exitCode: 0,
        returned: data.subarray(0, maximumResult),
      }),
    )
    expect(taken.gas + settled.gas).toBeLessThanOrEqual(paid)
    expect(taken.gas + settled.gas).toBeGreaterThan(paid / 2n)
    // The continuation is at the end of the queue.
    let last = taken
    for (let count = 0; count < 40; count++) last = call(system, MessageQueueMethod.TAKE, NOTHING)
    const delivered = decodeValue(takenMessageCodec, last.data)
    expect(delivered).toMatchObject({ number: 40n, from: MESSAGE_QUEUE_ACTOR_ID, keepsResult: false })
    expect(delivered.parameters.length).toBeGreaterThan(maximumData + maximumResult)
    expect(last.gas).toBeLessThanOrEqual(paid)
    expect(last.gas).toBeGreaterThan(paid / 2n)
  })

  it('gives messages to nobody but the system', async () => {
    await using vm = await open()
    const settle = encodeValue(settleParametersCodec, { number: 0n, exitCode: 0, returned: NOTHING })
    for (const [number, params] of [
      [MessageQueueMethod.CONSTRUCTOR, NOTHING],
      [MessageQueueMethod.TAKE, NOTHING],
      [MessageQueueMethod.SETTLE, settle],
    ] as const)
      expect((await vm.trySend({ to: QUEUE, method: BigInt(number), params })).exit.name).toBe(
        'USR_FORBIDDEN',
      )
  })

  it('keeps its numbers and what they say of a message', async () => {
    await using vm = await open()
    const outcome = await tell(vm, ONE, [enqueue(TWO, NOTE), enqueue(TWO, NOTE)])
    expect(answersOf(outcome).map(({ returned }) => decodeValue(enqueueReturnCodec, returned))).toEqual([
      { number: 0n },
      { number: 1n },
    ])
    expect(await queueOf(vm)).toMatchObject({ first: 2n, next: 2n })
  })

  it('is on local networks, and on no other that does not ask for it', async () => {
    await using local = await createTroupe()
    expect(await local.getActor(QUEUE)).toBeDefined()
    await using vm = await createTroupe({ network: networks.filecoin(28) })
    expect(await vm.getActor(QUEUE)).toBeUndefined()
    const { exit } = await vm.trySend({ to: QUEUE, method: BigInt(MessageQueueMethod.TAKE) })
    expect(exit.name).toBe('SYS_INVALID_RECEIVER')
  })

  it('is missed by name in a state that has none', async () => {
    const store = new MemoryStore()
    await createTroupe({ store, network: networks.filecoin(28) })
    await using other = await createTroupe({ store, network: networkOf() })
    await expect(other.mine()).rejects.toMatchObject({ code: 'manifest/malformed' })

    const blocks = new CborStore(new MemoryBlockstore(), crypto)
    const manifest = storeNativeManifest(blocks, SYSTEM_ACTORS, {}, MESSAGE_QUEUE_ACTORS)
    const root = createGenesis(blocks, { rules: NV28, networkName: 'no queue', manifest })
    await using vm = await createTroupe({
      network: { ...networks.local, rules: withMessageQueue(NV28) },
      state: { root, blocks: (blocks.blocks as MemoryBlockstore).entries() },
    })
    await expect(vm.mine()).rejects.toMatchObject({ code: 'chain/no-queue' })
  })
})
