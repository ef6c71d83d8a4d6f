import { ed25519 } from '@noble/curves/ed25519.js'
import {
  authenticateMessageParametersCodec,
  createGenesis,
  ED25519_ACTORS,
  ED25519_MANAGER_ACTOR_ID,
  ED25519_NAMESPACES,
  Ed25519ManagerMethod,
  ed25519Address,
  ed25519CreateReturnCodec,
  ed25519KeyParametersCodec,
  ed25519VerifyParametersCodec,
  InitMethod,
  SYSTEM_ACTORS,
} from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import {
  type Address,
  AUTHENTICATE_MESSAGE,
  addressCodec,
  delegatedAddress,
  Executor,
  ExitCode,
  encodeMessage,
  idAddress,
  LocalExterns,
  Machine,
  type Message,
  type MessageResult,
  messageCid,
  methodNumber,
  NV28,
  secp256k1Address,
  withAbstractAccounts,
} from '@troupe/hypervisor'
import { CborStore, cidOf, DAG_CBOR, decodeValue, encodeValue, MemoryBlockstore } from '@troupe/ipld'
import {
  arrayCodec,
  boolCodec,
  bytesCodec,
  decodeReturn,
  defineActor,
  encodeBlock,
  method,
  nativeRuntime,
  storeNativeManifest,
} from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const rules = withAbstractAccounts(NV28, { namespaces: ED25519_NAMESPACES })
const FIL = 10n ** 18n
const rich = secp256k1Address(crypto, new Uint8Array(65).fill(1))
const manager = idAddress(ED25519_MANAGER_ACTOR_ID)

/** A key pair of a small number. */
function keyPair(seed: number): { key: Uint8Array; address: Address; sign(data: Uint8Array): Uint8Array } {
  const secret = new Uint8Array(32).fill(seed)
  const key = ed25519.getPublicKey(secret)
  return { key, address: ed25519Address(key), sign: (data) => ed25519.sign(data, secret) }
}
const [alice, bob, carol] = [keyPair(1), keyPair(2), keyPair(3)] as const

const twoOfThreeCodec = arrayCodec(bytesCodec)
/** A user's account: two of its three keys have to sign the message, each `[number of the key, signature]`. It verifies by the address manager. */
const twoOfThree = defineActor({
  name: 'two-of-three',
  version: '1',
  gas: { memoryPages: 1, entry: 0 },
  methods: {
    [Number(AUTHENTICATE_MESSAGE)]: method({
      name: 'AuthenticateMessage',
      parameters: authenticateMessageParametersCodec,
      returns: boolCodec,
      gas: { base: 0 },
      run: (context, { signature, message }) => {
        context.acceptAnyCaller()
        const signed = new Set<number>()
        for (const entry of decodeValue(twoOfThreeCodec, signature)) {
          const pair = [alice, bob, carol][entry[0] as number]
          if (pair === undefined) return false
          const answer = context.sendOrFail({
            to: manager,
            method: BigInt(Ed25519ManagerMethod.VERIFY_SIGNATURE),
            parameters: encodeBlock(ed25519VerifyParametersCodec, {
              key: pair.key,
              signature: entry.subarray(1),
              data: message,
            }),
            readOnly: true,
          })
          if (!decodeReturn(boolCodec, answer)) return false
          signed.add(entry[0] as number)
        }
        return signed.size >= 2
      },
    }),
  },
})

function open() {
  const blocks = new MemoryBlockstore()
  const store = new CborStore(blocks, crypto)
  const manifest = storeNativeManifest(store, SYSTEM_ACTORS, {}, ED25519_ACTORS)
  const root = createGenesis(store, {
    ...{ rules, manifest, networkName: 'keys' },
    accounts: [{ address: rich, balance: 1000n * FIL }],
  })
  const machine = Machine.create({
    rules,
    context: { epoch: 1n, timestamp: 30n, baseFee: 100n, circulatingSupply: 0n, chainId: 314n },
    ...{ blocks, root, crypto },
    externs: new LocalExterns(crypto, new Uint8Array(32)),
    runtimes: [nativeRuntime({ crypto, actors: [...SYSTEM_ACTORS, ...ED25519_ACTORS, twoOfThree] })],
  })
  const executor = new Executor(machine)
  const messageOf = (from: Address, to: Address, fields: Partial<Message> = {}): Message => ({
    ...{ version: 0n, from, to, value: 0n, method: 0n, params: new Uint8Array() },
    ...{ sequence: 0n, gasLimit: 100_000_000n, gasFeeCap: 200n, gasPremium: 0n },
    ...fields,
  })
  const execute = (message: Message, signature?: Uint8Array): MessageResult =>
    executor.execute(message, { length: 200, signature })
  /** A message that its sender's key signs as it should. */
  const sendAs = (
    { address, sign }: ReturnType<typeof keyPair>,
    to: Address,
    fields: Partial<Message> = {},
  ): MessageResult => {
    const message = messageOf(address, to, fields)
    return execute(message, sign(messageCid(crypto, message).bytes))
  }
  let sequence = 0n
  const fund = (to: Address, value = FIL): MessageResult =>
    execute(messageOf(rich, to, { value, sequence: sequence++ }))
  const ask = (method: number, params: Uint8Array, value = 0n): MessageResult =>
    execute(messageOf(rich, manager, { method: BigInt(method), params, value, sequence: sequence++ }))
  const actorAt = (address: Address) => {
    const id = machine.state.lookupId(address)
    return id === undefined ? undefined : machine.state.getActor(id)
  }
  return { actorAt, ask, execute, fund, machine, messageOf, sendAs, store }
}

describe('an Ed25519 key', () => {
  it('has an account at its address as soon as something is sent there, and sends from it', () => {
    const { actorAt, fund, machine, sendAs } = open()
    const [placeholder, account] = ['placeholder', 'ed25519account'].map((name) =>
      machine.manifest.code(name),
    )
    expect(fund(alice.address).receipt.exitCode).toBe(0)
    expect(actorAt(alice.address)).toMatchObject({ code: placeholder, balance: FIL, sequence: 0n })

    const first = sendAs(alice, bob.address, { value: 5n })
    expect(first.receipt.exitCode).toBe(0)
    expect(actorAt(alice.address)).toMatchObject({
      code: account,
      sequence: 1n,
      delegatedAddress: alice.address,
    })
    expect(actorAt(bob.address)).toMatchObject({ code: placeholder, balance: 5n })

    expect(sendAs(alice, bob.address, { value: 6n, sequence: 1n }).receipt.exitCode).toBe(0)
    expect(actorAt(bob.address)?.balance).toBe(11n)
    expect(actorAt(alice.address)?.sequence).toBe(2n)
    machine.flush()
  })

  it('sends nothing with a wrong signature, another key’s, or one of another message', () => {
    const { execute, fund, machine, messageOf, sendAs } = open()
    fund(alice.address)
    fund(bob.address)
    const before = machine.flush()
    const message = messageOf(alice.address, bob.address, { value: 1n })
    const { bytes } = messageCid(crypto, message)
    const signature = alice.sign(bytes)
    const wrong = [
      bob.sign(bytes),
      alice.sign(bytes.subarray(1)),
      signature.subarray(1),
      signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
      new Uint8Array(),
      new Uint8Array(64),
    ]
    for (const bad of [...wrong, undefined]) {
      const { receipt, fees } = execute(message, bad)
      expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_SENDER_INVALID, gasUsed: 0n })
      expect(fees.minerPenalty).toBe(100n * message.gasLimit)
    }
    for (const field of [{ value: 2n }, { to: rich }, { gasPremium: 1n }])
      expect(execute({ ...message, ...field }, signature).receipt.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
    expect(machine.flush()).toEqual(before)
    expect(sendAs(alice, bob.address, { value: 1n }).receipt.exitCode).toBe(0)
  })

  it('sends no message twice', () => {
    const { actorAt, execute, fund, machine, messageOf } = open()
    fund(alice.address)
    const message = messageOf(alice.address, bob.address, { value: 1n })
    const signature = alice.sign(messageCid(crypto, message).bytes)
    expect(execute(message, signature).receipt.exitCode).toBe(0)
    const after = machine.flush()
    expect(execute(message, signature).receipt.exitCode).toBe(ExitCode.SYS_SENDER_STATE_INVALID)
    const later = execute({ ...message, sequence: 1n }, signature).receipt
    expect(later.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
    expect(machine.flush()).toEqual(after)
    expect(actorAt(bob.address)?.balance).toBe(1n)
  })

  it('calls methods that are for built-in actors only, as other accounts do', () => {
    const { fund, sendAs } = open()
    fund(alice.address)
    const call = { method: BigInt(InitMethod.EXEC), params: Uint8Array.of(0) }
    // It gets as far as its parameters; a user's code would be forbidden to call.
    expect(sendAs(alice, idAddress(1n), call).receipt.exitCode).toBe(ExitCode.USR_SERIALIZATION)
  })

  it('vouches for what other actors show it', () => {
    const { execute, fund, messageOf, sendAs } = open()
    fund(alice.address)
    sendAs(alice, bob.address)
    const message = new TextEncoder().encode('a deal')
    const cid = cidOf(crypto, DAG_CBOR, message).bytes
    const ask = (signature: Uint8Array, sequence: bigint): MessageResult =>
      execute(
        messageOf(rich, alice.address, {
          ...{ method: AUTHENTICATE_MESSAGE, sequence },
          params: encodeValue(authenticateMessageParametersCodec, { signature, message }),
        }),
      )
    const good = ask(alice.sign(cid), 1n).receipt
    expect([good.exitCode, ...good.returnData]).toEqual([0, 0xf5])
    expect(ask(bob.sign(cid), 2n).receipt.exitCode).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  it('is 32 bytes: an account of any other address sends nothing', () => {
    const { execute, fund, machine, messageOf } = open()
    for (const length of [0, 31, 33, 54]) {
      const address = delegatedAddress(ED25519_MANAGER_ACTOR_ID, new Uint8Array(length))
      expect(fund(address).receipt.exitCode).toBe(0)
      const before = machine.flush()
      const { receipt } = execute(messageOf(address, rich), new Uint8Array(64))
      expect(receipt.exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
      expect(machine.flush()).toEqual(before)
    }
  })
})

describe('the address manager of Ed25519 keys', () => {
  it('has the method numbers of its methods’ names', () => {
    const numbers = ['CreateAccount', 'AddressOf', 'VerifySignature'].map((name) =>
      Number(methodNumber(crypto, name)),
    )
    const { CREATE_ACCOUNT, ADDRESS_OF, VERIFY_SIGNATURE } = Ed25519ManagerMethod
    expect(numbers).toEqual([CREATE_ACCOUNT, ADDRESS_OF, VERIFY_SIGNATURE])
    expect(methodNumber(crypto, 'AuthenticateMessage')).toBe(AUTHENTICATE_MESSAGE)
  })

  it('makes an account, funds it, and says where it is', () => {
    const { actorAt, ask, machine, sendAs } = open()
    const params = encodeValue(ed25519KeyParametersCodec, { key: alice.key })
    const made = ask(Ed25519ManagerMethod.CREATE_ACCOUNT, params, FIL).receipt
    expect(made.exitCode).toBe(0)
    const { id, address } = decodeValue(ed25519CreateReturnCodec, made.returnData)
    expect([machine.state.lookupId(alice.address), address.key]).toEqual([id, alice.address.key])
    expect(actorAt(alice.address)?.balance).toBe(FIL)
    expect(sendAs(alice, rich).receipt.exitCode).toBe(0)
    const again = ask(Ed25519ManagerMethod.CREATE_ACCOUNT, params).receipt
    expect(decodeValue(ed25519CreateReturnCodec, again.returnData).id).toBe(id)

    const { returnData } = ask(Ed25519ManagerMethod.ADDRESS_OF, params).receipt
    expect(decodeValue(addressCodec, returnData).key).toBe(alice.address.key)
    const short = encodeValue(ed25519KeyParametersCodec, { key: alice.key.subarray(1) })
    expect(ask(Ed25519ManagerMethod.ADDRESS_OF, short).receipt.exitCode).toBe(ExitCode.USR_SERIALIZATION)
  })

  it('verifies signatures, at a price', () => {
    const { ask } = open()
    const verify = (signature: Uint8Array, data: Uint8Array) =>
      ask(
        Ed25519ManagerMethod.VERIFY_SIGNATURE,
        encodeValue(ed25519VerifyParametersCodec, { key: alice.key, signature, data }),
      ).receipt
    const data = Uint8Array.of(1, 2, 3)
    const [yes, no] = [verify(alice.sign(data), data), verify(bob.sign(data), data)]
    expect([...yes.returnData, ...no.returnData]).toEqual([0xf5, 0xf4])
    expect(yes.gasUsed).toBeGreaterThan(1_637_292n)
    const long = new Uint8Array(1003)
    expect(verify(alice.sign(long), long).gasUsed - yes.gasUsed).toBeGreaterThan(160_000n)
  })
})

describe('an account of a user’s own code', () => {
  it('sends what two of its three keys have signed', () => {
    const { execute, machine, messageOf, store } = open()
    const wallet = idAddress(500n)
    const head = machine.state.getActor(ED25519_MANAGER_ACTOR_ID)?.head
    const code = store.putBlock(DAG_CBOR, twoOfThree.descriptor)
    machine.state.setActor(500n, { code, head: head as never, sequence: 0n, balance: FIL })
    const before = machine.flush()

    const message = messageOf(wallet, rich, { value: 7n })
    const bytes = encodeMessage(message)
    const signed = [alice, bob, carol].map(({ sign }, at) => Uint8Array.of(at, ...sign(bytes)))
    const [a, b, c] = signed as [Uint8Array, Uint8Array, Uint8Array]
    const forged = Uint8Array.of(1, ...alice.sign(bytes))
    for (const entries of [[], [a], [a, a], [a, forged], [a, Uint8Array.of(3, 1)], [Uint8Array.of()]])
      expect(execute(message, encodeValue(twoOfThreeCodec, entries)).receipt.exitCode).toBe(
        ExitCode.SYS_SENDER_INVALID,
      )
    expect(execute({ ...message, value: 8n }, encodeValue(twoOfThreeCodec, [a, b])).receipt.exitCode).toBe(1)
    expect(machine.flush()).toEqual(before)

    expect(execute(message, encodeValue(twoOfThreeCodec, [a, c])).receipt.exitCode).toBe(0)
    expect(machine.state.getActor(500n)?.sequence).toBe(1n)
  })
})

describe('a genesis', () => {
  it('has no manager where another actor is', () => {
    const store = new CborStore(new MemoryBlockstore(), crypto)
    const manifest = storeNativeManifest(store, SYSTEM_ACTORS, {}, ED25519_ACTORS)
    const [entry] = ED25519_NAMESPACES.values()
    const taken = withAbstractAccounts(NV28, { namespaces: new Map([[3n, entry as never]]) })
    expect(() => createGenesis(store, { rules: taken, manifest, networkName: 'x' })).toThrow(
      expect.objectContaining({ code: 'genesis/taken-id' }),
    )
    const without = storeNativeManifest(store, SYSTEM_ACTORS)
    expect(() => createGenesis(store, { rules, manifest: without, networkName: 'x' })).toThrow(
      expect.objectContaining({ code: 'genesis/absent-actor' }),
    )
  })

  it('has the same manifest as ever where no actors are added, and no actor twice', () => {
    const store = new CborStore(new MemoryBlockstore(), crypto)
    const { manifest } = storeNativeManifest(store, SYSTEM_ACTORS, {}, ED25519_ACTORS)
    const plain = storeNativeManifest(store, SYSTEM_ACTORS).manifest
    expect(manifest.actors.slice(0, 16)).toEqual(plain.actors)
    expect(manifest.actors.slice(16).map(([name]) => name)).toEqual(['ed25519', 'ed25519account'])
    const twice = [...ED25519_ACTORS, ...ED25519_ACTORS]
    expect(() => storeNativeManifest(store, SYSTEM_ACTORS, {}, twice)).toThrow(
      expect.objectContaining({ code: 'native/malformed-manifest' }),
    )
  })
})
