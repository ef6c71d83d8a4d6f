import { loadCrypto } from '@troupe/crypto'
import { ErrorNumber, ExitCode, exitCodeName, idAddress, rulesOf } from '@troupe/hypervisor'
import { CborReader, encodeValue } from '@troupe/ipld'
import {
  ActorMap,
  bytesCodec,
  cidCodec,
  defineActor,
  EventBuilder,
  encodeBlock,
  fail,
  method,
  nativeCode,
  nativeRuntime,
  tupleCodec,
  u64Codec,
} from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'
import { createNativeNetwork } from './support/network.ts'

const gas = { base: 1_000_000 }
const actorGas = { memoryPages: 17, entry: 1_000_000, failure: 500_000 }
const counterState = tupleCodec({ count: u64Codec, seen: cidCodec })
const EXPORTED = 1 << 24

const account = defineActor({ name: 'account', version: 'test', gas: actorGas, methods: {} })

const addMethod = method({
  name: 'Add',
  gas,
  parameters: u64Codec,
  returns: u64Codec,
  run: (context, amount) => {
    context.acceptAnyCaller()
    return context.state.change(counterState, (state) => {
      const seen = ActorMap.load(context.state, state.seen, { name: 'seen', value: u64Codec })
      if (!seen.setIfAbsent(encodeValue(u64Codec, amount), state.count)) fail(ExitCode.USR_FORBIDDEN, 'twice')
      state.seen = seen.flush()
      state.count += amount
      return state.count
    })
  },
})

/** An actor with a method for each thing that a method can do wrong, and some for what it can do right. */
const subject = defineActor({
  name: 'subject',
  version: '1',
  gas: actorGas,
  methods: {
    1: method({
      name: 'Constructor',
      gas,
      run: (context) => {
        context.acceptAnyCaller()
        const seen = ActorMap.create(context.state, { name: 'seen', value: u64Codec }).flush()
        context.state.create(counterState, { count: 0n, seen })
      },
    }),
    2: addMethod,
    [EXPORTED + 2]: addMethod,
    3: method({ name: 'Nobody', gas, run: () => {} }),
    4: method({
      name: 'Twice',
      gas,
      run: (context) => {
        context.acceptAnyCaller()
        context.requireCaller(idAddress(context.message.caller))
      },
    }),
    5: method({ name: 'System', gas, run: (context) => context.requireCaller(idAddress(0n)) }),
    6: method({ name: 'Type', gas, run: (context) => context.requireCallerType('multisig') }),
    7: method({ name: 'Namespace', gas, run: (context) => context.requireCallerNamespace(10n) }),
    8: method({
      name: 'Event',
      gas,
      parameters: bytesCodec,
      run: (context, value) => {
        context.acceptAnyCaller()
        context.emit(new EventBuilder('made').field('value', bytesCodec, value).build())
      },
    }),
    9: method({
      name: 'SendWithin',
      gas,
      run: (context) => {
        context.acceptAnyCaller()
        context.state.change(counterState, () =>
          expect(context.send({ to: idAddress(1001n), method: 2n }).error).toBe(ErrorNumber.IllegalOperation),
        )
      },
    }),
    10: method({
      name: 'Fail',
      gas,
      run: (context) => {
        context.acceptAnyCaller()
        fail(77, 'with data', encodeBlock(u64Codec, 5n))
      },
    }),
    11: method({
      name: 'Forward',
      gas,
      parameters: tupleCodec({ to: u64Codec, method: u64Codec, value: u64Codec }),
      run: (context, { to, method: number, value }) => {
        context.acceptAnyCaller()
        context.sendOrFail({ to: idAddress(to), method: number, value })
      },
    }),
    12: method({
      name: 'View',
      gas,
      run: (context) => {
        context.acceptAnyCaller()
        const result = context.send({
          to: idAddress(context.message.receiver),
          method: BigInt(EXPORTED + 2),
          parameters: encodeBlock(u64Codec, 40n),
          readOnly: true,
        })
        fail(100 + (result.exitCode ?? 0), 'as the callee')
      },
    }),
    13: method({ name: 'Panic', gas, run: (context) => context.panic('impossible') }),
    [EXPORTED]: method({ name: 'Exported', gas, run: (context) => context.acceptAnyCaller() }),
  },
})

const unknownCaller = defineActor({ ...subject, version: '2' })

const add = (amount: bigint): Uint8Array => encodeValue(u64Codec, amount)
const forward = (to: bigint, number: bigint, value = 0n): Uint8Array =>
  encodeValue(tupleCodec({ to: u64Codec, method: u64Codec, value: u64Codec }), { to, method: number, value })

describe('a native actor', () => {
  const create = () => createNativeNetwork([account], [subject, unknownCaller])

  it('keeps its state in blocks, and says that its gas is a model', async () => {
    const net = await create()
    expect(net.send(1000n, 1n).receipt.exitCode).toBe(0)
    const first = net.send(1000n, 2n, add(3n))
    expect(new CborReader(first.receipt.returnData).uint64()).toBe(3n)
    expect(first.fidelity.level).toBe('calibrated')
    expect(new CborReader(net.send(1000n, 2n, add(4n)).receipt.returnData).uint64()).toBe(7n)
    expect(net.send(1000n, 2n, add(4n)).receipt.exitCode).toBe(ExitCode.USR_FORBIDDEN)
    const { head } = net.machine.state.getActor(1000n) as { head: Parameters<typeof net.store.getBlock>[0] }
    const root = net.machine.flush()
    expect(net.store.blocks.has(root)).toBe(true)
    const state = new CborReader(net.store.getBlock(head))
    state.tuple(2)
    expect(state.uint64()).toBe(7n)
  })

  it.each([
    [1n, undefined, ExitCode.USR_ILLEGAL_STATE, 'a second constructor'],
    [2n, undefined, ExitCode.USR_ILLEGAL_ARGUMENT, 'no parameters'],
    [1n, add(1n), ExitCode.USR_ILLEGAL_ARGUMENT, 'parameters that nobody takes'],
    [2n, Uint8Array.of(0x61), ExitCode.USR_SERIALIZATION, 'parameters that are cut off'],
    [2n, Uint8Array.of(1, 1), ExitCode.USR_SERIALIZATION, 'bytes after the parameters'],
    [3n, undefined, ExitCode.USR_ASSERTION_FAILED, 'a caller that is not validated'],
    [4n, undefined, ExitCode.USR_ASSERTION_FAILED, 'a caller that is validated twice'],
    [5n, undefined, ExitCode.USR_FORBIDDEN, 'another caller'],
    [6n, undefined, ExitCode.USR_FORBIDDEN, 'a caller of another type'],
    [7n, undefined, ExitCode.USR_FORBIDDEN, 'a caller of no namespace'],
    [9n, undefined, ExitCode.OK, 'a send within a change'],
    [12n, undefined, 100 + ExitCode.USR_READ_ONLY, 'a change in a read-only call'],
    [13n, undefined, ExitCode.USR_ASSERTION_FAILED, 'a panic'],
    [14n, undefined, ExitCode.USR_UNHANDLED_MESSAGE, 'an unknown method'],
    [BigInt(EXPORTED + 1), undefined, ExitCode.USR_UNHANDLED_MESSAGE, 'an unknown exported method'],
    [2n ** 64n - 1n, undefined, ExitCode.USR_UNHANDLED_MESSAGE, 'the last method number'],
  ] as const)(
    'gives method %i, called with %s, exit code %i: %s',
    async (number, params, exitCode, _what) => {
      const net = await create()
      net.send(1000n, 1n)
      const { receipt } = net.send(1000n, number, params)
      expect(exitCodeName(receipt.exitCode)).toBe(exitCodeName(exitCode))
    },
  )

  it('returns data with a failure, and passes on the failures of callees', async () => {
    const net = await create()
    const failed = net.send(1000n, 10n)
    expect([failed.receipt.exitCode, ...failed.receipt.returnData]).toEqual([77, 5])
    const passed = net.send(1000n, 11n, forward(1000n, 10n))
    // Only built-in actors call methods below 2^24.
    expect(passed.receipt.exitCode).toBe(ExitCode.USR_FORBIDDEN)
    expect(net.send(1000n, 11n, forward(1000n, BigInt(EXPORTED))).receipt.exitCode).toBe(0)
    expect(net.send(1000n, 11n, forward(5000n, 0n)).receipt.exitCode).toBe(ExitCode.USR_UNSPECIFIED)
    expect(net.send(1000n, 11n, forward(1001n, 0n, 1n)).receipt.exitCode).toBe(
      ExitCode.USR_INSUFFICIENT_FUNDS,
    )
  })

  it('emits events, and fails where the kernel refuses them', async () => {
    const net = await create()
    const { events } = net.send(1000n, 8n, encodeValue(bytesCodec, Uint8Array.of(9)))
    expect(events).toEqual([
      {
        emitter: 1000n,
        entries: [
          { flags: 3n, key: '$type', codec: 0x51n, value: Uint8Array.of(0x64, 0x6d, 0x61, 0x64, 0x65) },
          { flags: 1n, key: 'value', codec: 0x51n, value: Uint8Array.of(0x41, 9) },
        ],
      },
    ])
    const tooMuch = net.send(1000n, 8n, encodeValue(bytesCodec, new Uint8Array(9000)))
    expect(tooMuch.receipt.exitCode).toBe(ExitCode.USR_ASSERTION_FAILED)
  })

  it('runs out of gas wherever it is, and takes its state back', async () => {
    const net = await create()
    net.send(1000n, 1n)
    const enough = net.send(1000n, 2n, add(1n)).receipt.gasUsed
    const before = net.machine.state.getActor(1000n)?.head
    for (const missing of [1n, 400_000n, 900_000n]) {
      const { receipt } = net.send(1000n, 2n, add(2n), { gasLimit: enough - missing })
      expect(receipt.exitCode).toBe(ExitCode.SYS_OUT_OF_GAS)
      expect(net.machine.state.getActor(1000n)?.head).toBe(before)
    }
  })
})

describe('the native runtime', () => {
  it('knows the actors that it is given by their code, and no others', async () => {
    const crypto = await loadCrypto()
    const runtime = nativeRuntime({ crypto, actors: [subject] })
    const never = (): never => expect.unreachable()
    expect(runtime.load(nativeCode(crypto, subject), never, rulesOf(28))).toBeDefined()
    expect(runtime.load(nativeCode(crypto, unknownCaller), never, rulesOf(28))).toBeUndefined()
  })

  it('refuses networks whose syscalls it does not speak', async () => {
    const crypto = await loadCrypto()
    const runtime = nativeRuntime({ crypto, actors: [subject] })
    const load = () => runtime.load(nativeCode(crypto, subject), () => new Uint8Array(), rulesOf(20))
    expect(load).toThrow(expect.objectContaining({ code: 'native/unsupported-rules' }))
  })

  it('makes no receipt for an actor of which the manifest has the name only', async () => {
    const net = await createNativeNetwork([account], [])
    expect(() => net.send(2n, 2n)).toThrow(expect.objectContaining({ code: 'native/absent-actor' }))
  })

  it('refuses two actors of one name, and names that are not built in', async () => {
    const malformed = expect.objectContaining({ code: 'native/malformed-manifest' })
    await expect(createNativeNetwork([account, account], [])).rejects.toThrow(malformed)
    await expect(createNativeNetwork([subject], [])).rejects.toThrow(malformed)
  })
})
