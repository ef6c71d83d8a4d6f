import { loadCrypto } from '@troupe/crypto'
import {
  addressCodec,
  ErrorNumber,
  ExitCode,
  ExternRefusal,
  type Externs,
  idAddress,
  LocalExterns,
  secp256k1Address,
} from '@troupe/hypervisor'
import { CborStore, encodeValue, IpldError, MemoryBlockstore } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import {
  type ActorContext,
  ActorMap,
  bytesCodec,
  DomainSeparationTag,
  defineActor,
  encodeBlock,
  expectSuccess,
  fail,
  failureOfError,
  failureOfSend,
  i64Codec,
  type KeyHashing,
  method,
  resolveToId,
  tupleCodec,
  u64Codec,
  withDefaultExitCode,
  withExitCode,
} from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'
import { createNativeNetwork } from './support/network.ts'

const crypto = await loadCrypto()
const gas = { base: 0 }
const account = defineActor({
  name: 'account',
  version: 'test',
  gas: { memoryPages: 1, entry: 0 },
  methods: {},
})
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))

/** Runs something as a method of an actor; gives the receipt and the network afterwards. */
async function within(
  run: (context: ActorContext) => void,
  options: Parameters<typeof createNativeNetwork>[2] & { readonly value?: bigint } = {},
) {
  const actor = defineActor({
    name: 'subject',
    version: '1',
    gas: { memoryPages: 1, entry: 0 },
    methods: {
      2: method({
        name: 'Run',
        gas,
        run: (context) => {
          context.acceptAnyCaller()
          run(context)
        },
      }),
    },
  })
  const net = await createNativeNetwork([account], [actor], options)
  const result = net.send(1000n, 2n, undefined, { value: options.value ?? 0n })
  return { net, exitCode: result.receipt.exitCode, gasUsed: result.receipt.gasUsed, result }
}

describe('the context of a method', () => {
  it('tells the message and the network', async () => {
    const { exitCode } = await within(
      ({ message, network }) => {
        expect([message.caller, message.origin, message.receiver, message.method]).toEqual([
          100n,
          100n,
          1000n,
          2n,
        ])
        expect([message.value, message.nonce, message.gasPremium, message.readOnly]).toEqual([
          9n,
          0n,
          50n,
          false,
        ])
        expect([network.epoch, network.timestamp, network.baseFee]).toEqual([100n, 3000n, 100n])
        expect([network.chainId, network.version, network.circulatingSupply()]).toEqual([314n, 28, 7n])
      },
      { value: 9n },
    )
    expect(exitCode).toBe(0)
  })

  it('finds other actors', async () => {
    const { exitCode } = await within(
      (context) => {
        const { actors } = context
        const key = secp256k1Address(crypto, new Uint8Array(65).fill(3))
        expect(context.balance()).toBe(9n)
        expect([actors.resolve(idAddress(5n)), actors.resolve(key)]).toEqual([5n, undefined])
        expect([actors.balance(1000n), actors.balance(77n)]).toEqual([9n, undefined])
        expect([actors.code(77n), actors.delegatedAddress(100n)]).toEqual([undefined, undefined])
        expect(actors.builtin(actors.codeOf('account'))).toBe('account')
        expect(actors.builtin(actors.code(1000n) ?? context.panic('no code'))).toBeUndefined()
        expect(actors.nextAddress().protocol).toBe(2)
        expect(() => actors.create(actors.codeOf('account'), 78n)).toThrow(
          expect.objectContaining({ exitCode: ExitCode.USR_FORBIDDEN }),
        )
        expect(resolveToId(context, idAddress(100n), true)).toBe(100n)
        expect(() => resolveToId(context, idAddress(77n), true)).toThrow(
          expect.objectContaining({ exitCode: ExitCode.USR_NOT_FOUND }),
        )
      },
      { value: 9n },
    )
    expect(exitCode).toBe(0)
  })

  it('draws randomness as the reference does, and refuses epochs that have none', async () => {
    const local = new LocalExterns(crypto, new Uint8Array())
    const digest = fromBase64('GOobxkrhS1hiFA1EYUKZM3xsyVfy5Xy3bQ0gLPnecYs=')
    const externs: Externs = {
      fidelity: local.fidelity,
      chainRandomness: () => digest,
      beaconRandomness: (epoch) => {
        if (epoch < 0n) throw new ExternRefusal('none')
        return digest
      },
      tipsetCid: (epoch) => local.tipsetCid(epoch),
      verifyConsensusFault: () => ({ fault: undefined, gasUsed: 0 }),
    }
    const epoch = 2797727n
    const { exitCode } = await within(
      ({ randomness, network, crypto: own }) => {
        const drawn = fromBase64('3MCqcLHKZ+pil4MqTS9wjsd+yPvTuTrq8PkGjEo3tYQ=')
        const entropy = fromBase64('RACZyzQ=')
        const { SEAL_RANDOMNESS } = DomainSeparationTag
        expect(randomness.fromTickets(SEAL_RANDOMNESS, epoch, entropy)).toEqual(drawn)
        expect(randomness.fromBeacon(SEAL_RANDOMNESS, epoch, entropy)).toEqual(drawn)
        expect(randomness.beaconDigest(epoch)).toEqual(digest)
        const illegal = expect.objectContaining({ exitCode: ExitCode.USR_ILLEGAL_ARGUMENT })
        expect(() => randomness.beaconDigest(-1n)).toThrow(illegal)
        expect(network.tipsetCid(epoch - 1n)).toEqual(local.tipsetCid(epoch - 1n))
        expect(() => network.tipsetCid(epoch)).toThrow(illegal)
        const none = new Uint8Array()
        expect(own.verifyConsensusFault(none, none, none)).toBeUndefined()
      },
      { externs, epoch },
    )
    expect(exitCode).toBe(0)
  })

  it('hashes, and takes what cannot be verified for invalid', async () => {
    const { exitCode } = await within(({ crypto: own }) => {
      expect(own.blake2b(Uint8Array.of(1))).toEqual(crypto.blake2b(Uint8Array.of(1), 32))
      const signer = idAddress(100n)
      expect(own.verifySignature({ type: 1, data: new Uint8Array(65) }, signer, new Uint8Array())).toBe(false)
      expect(own.recoverPublicKey(new Uint8Array(32), new Uint8Array(65))).toBeUndefined()
      expect(own.unsealedSectorCid(99n, Uint8Array.of(0x80))).toBeUndefined()
      for (const verify of ['verifyPost', 'verifyAggregateSeals', 'verifyReplicaUpdate'] as const)
        expect(own[verify](Uint8Array.of(0xff))).toBe(false)
      expect(own.batchVerifySeals(Uint8Array.of(0xff), 1)).toBeUndefined()
      expect(own.batchVerifySeals(Uint8Array.of(0x80), 0)).toEqual([])
    })
    expect(exitCode).toBe(0)
    const unknown = await within(({ crypto: own }) => void own.hash(0x99, new Uint8Array()))
    expect(unknown.exitCode).toBe(ExitCode.USR_ASSERTION_FAILED)
  })

  it('charges gas by name, and tells how much is left', async () => {
    const idle = await within(() => {})
    const busy = await within((context) => {
      const before = context.gasAvailable()
      context.chargeGas('work', 1_000_000n)
      expect(before - context.gasAvailable()).toBe(1_000_000n + 28_000n)
    })
    expect(busy.exitCode).toBe(0)
    expect(busy.gasUsed - idle.gasUsed).toBe(1_000_000n + 3n * 14_000n)
  })

  it('deletes the actor, unless it has funds', async () => {
    const gone = await within((context) => context.deleteSelf())
    expect(gone.exitCode).toBe(0)
    expect(gone.net.machine.state.getActor(1000n)).toBeUndefined()
    const rich = await within((context) => context.deleteSelf(), { value: 1n })
    expect(rich.exitCode).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  it('logs where actors are debugged, and only there', async () => {
    const messages: string[] = []
    const log = (context: ActorContext): void => context.log('hello')
    const debugged = await within(log, { debug: (message) => messages.push(message) })
    const quiet = await within(log)
    expect(messages).toEqual(['hello'])
    expect(debugged.gasUsed - quiet.gasUsed).toBe(14_000n)
  })

  it('has keys hashed by the kernel, or hashes them itself', async () => {
    const rootIn = (store: CborStore): string => {
      const map = Hamt.create(store, { bitWidth: 5, value: u64Codec })
      map.setIfAbsent(Uint8Array.of(1), 1n)
      return map.flush().toString()
    }
    const expected = rootIn(new CborStore(new MemoryBlockstore(), crypto))
    const mapping = (hashing: KeyHashing) => (context: ActorContext) =>
      expect(rootIn(context.state.store(hashing))).toBe(expected)
    const [kernel, own] = await Promise.all([within(mapping('syscall')), within(mapping('own'))])
    expect([kernel.exitCode, own.exitCode]).toEqual([0, 0])
    // One syscall, and a byte hashed.
    expect(kernel.gasUsed - own.gasUsed).toBe(14_007n)
  })

  it('reaches only what its state links to', async () => {
    const { exitCode } = await within((context) => {
      const { head } = { head: context.network.tipsetCid(1n) }
      expect(() => context.state.blocks.get(head)).toThrow(
        expect.objectContaining({ exitCode: ExitCode.USR_ILLEGAL_STATE }),
      )
      const map = ActorMap.create(context.state, { name: 'map', value: u64Codec })
      for (let key = 0; key < 40; key++) map.set(Uint8Array.of(key), BigInt(key))
      expect([map.delete(Uint8Array.of(7)), map.delete(Uint8Array.of(7))]).toEqual([true, false])
      const loaded = ActorMap.load(context.state, map.flush(), { name: 'map', value: u64Codec })
      expect([loaded.isEmpty, loaded.has(Uint8Array.of(7)), loaded.get(Uint8Array.of(8))]).toEqual([
        false,
        false,
        8n,
      ])
      expect(loaded.entries()).toHaveLength(39)
      expect(() => ActorMap.load(context.state, head, { name: 'map', value: u64Codec })).toThrow(
        expect.objectContaining({ exitCode: ExitCode.USR_ILLEGAL_STATE }),
      )
    })
    expect(exitCode).toBe(0)
  })
})

describe('failures', () => {
  it.each([
    [ExitCode.SYS_MISSING_RETURN, ExitCode.USR_UNSPECIFIED],
    [ExitCode.SYS_ILLEGAL_INSTRUCTION, ExitCode.USR_UNSPECIFIED],
    [ExitCode.SYS_OUT_OF_GAS, ExitCode.USR_ASSERTION_FAILED],
    [ExitCode.USR_FORBIDDEN, ExitCode.USR_FORBIDDEN],
    [77, 77],
  ])('of a callee with exit code %i become %i', (exitCode, expected) => {
    expect(failureOfSend(exitCode, '').exitCode).toBe(expected)
  })

  it.each([
    [ErrorNumber.NotFound, ExitCode.USR_UNSPECIFIED],
    [ErrorNumber.InsufficientFunds, ExitCode.USR_INSUFFICIENT_FUNDS],
    [ErrorNumber.LimitExceeded, ExitCode.USR_ASSERTION_FAILED],
    [ErrorNumber.ReadOnly, ExitCode.USR_READ_ONLY],
    [ErrorNumber.InvalidHandle, ExitCode.USR_ASSERTION_FAILED],
  ])('of calls that cannot be made, with error %i, become %i', (number, expected) => {
    expect(failureOfError(number).exitCode).toBe(expected)
    expect(() => expectSuccess({ error: number })).toThrow(expect.objectContaining({ exitCode: expected }))
  })

  it('of data get the exit code of where they are met, and failures of the host get none', () => {
    const broken = (): never => {
      throw new IpldError('hamt/max-depth', '')
    }
    const away = (): never => {
      throw new IpldError('blockstore/unavailable', '')
    }
    const code = (exitCode: number) => expect.objectContaining({ exitCode })
    expect(() => withExitCode(20, '', broken)).toThrow(code(20))
    expect(() => withExitCode(20, '', () => fail(40, ''))).toThrow(code(20))
    expect(() => withDefaultExitCode(20, '', broken)).toThrow(code(20))
    expect(() => withDefaultExitCode(20, '', () => fail(40, ''))).toThrow(code(40))
    expect(() =>
      withDefaultExitCode(16, '', () => {
        throw new IpldError('cbor/malformed', '')
      }),
    ).toThrow(code(ExitCode.USR_SERIALIZATION))
    for (const wrap of [withExitCode, withDefaultExitCode])
      expect(() => wrap(20, '', away)).toThrow(expect.objectContaining({ code: 'blockstore/unavailable' }))
  })

  it('to encode are failures of serialization', () => {
    const codec = tupleCodec({ address: addressCodec, number: i64Codec, bytes: bytesCodec })
    const value = { address: idAddress(1n), number: -5n, bytes: Uint8Array.of(1) }
    expect(encodeBlock(codec, value).data).toEqual(encodeValue(codec, value))
    expect(() => encodeBlock(codec, { ...value, number: 2n ** 64n })).toThrow(
      expect.objectContaining({ exitCode: ExitCode.USR_SERIALIZATION }),
    )
  })
})
