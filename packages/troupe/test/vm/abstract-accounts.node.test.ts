import { ED25519_ACTORS, ED25519_NAMESPACES, NATIVE_ACTORS, userInitActor } from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import { compileFixture } from '@troupe/fixtures'
import {
  type Address,
  AUTHENTICATE_MESSAGE,
  type Message,
  messageCid,
  type Signature,
  SignatureType,
  type SignedMessage,
  withAbstractAccounts,
} from '@troupe/hypervisor'
import { encodeIpld } from '@troupe/ipld'
import { nativeRuntime } from '@troupe/runtime-native'
import { wasmRuntime } from '@troupe/runtime-wasm'
import {
  createTroupe,
  ed25519Signer,
  type MessageOutcome,
  type Network,
  networks,
  replayWitness,
  type Signer,
  secp256k1Signer,
  signMessage,
  type Troupe,
  type TroupeOptions,
} from 'troupe'
import { beforeAll, describe, expect, it } from 'vitest'

const code = (value: string) => expect.objectContaining({ code: value })
const FIL = 10n ** 18n
const crypto = await loadCrypto()
const network: Network = {
  ...networks.local,
  rules: withAbstractAccounts(networks.local.rules, { namespaces: ED25519_NAMESPACES }),
}
const alice = ed25519Signer(new Uint8Array(32).fill(1))
const bob = ed25519Signer(new Uint8Array(32).fill(2))

const open = (options: TroupeOptions = {}): Promise<Troupe> =>
  createTroupe({ crypto, network, runtimes: [wasmRuntime()], mining: 'manual', ...options })

/** A message, complete and signed. */
function signed(vm: Troupe, signer: Signer, fields: { to: Address; value?: bigint; sequence?: bigint }) {
  return signMessage(crypto, signer, vm.prepare({ from: signer.address, ...fields }))
}

/** Sends a message from one of the chain's own accounts, in a block of its own. */
async function fund(vm: Troupe, to: Address, value: bigint): Promise<void> {
  const funded = vm.send({ to, value })
  await vm.mine()
  await funded
}

/** What becomes of a signed message in a block of its own. */
async function included(vm: Troupe, message: SignedMessage): Promise<MessageOutcome> {
  const outcome = vm.waitFor(await vm.submit(message))
  await vm.mine()
  return outcome
}

describe('an Ed25519 key on a local chain', () => {
  it('is funded by a transfer, and sends', async () => {
    await using vm = await open()
    const { address } = alice
    await fund(vm, address, FIL)
    expect((await vm.resolve(address))?.type).toBe('placeholder')
    expect(vm.format(address).startsWith('t411f')).toBe(true)

    const [first, second] = [0n, 1n].map((sequence) =>
      signed(vm, alice, { to: bob.address, value: 5n + sequence, sequence }),
    )
    if (first === undefined || second === undefined) return expect.fail()
    // The second waits behind the first, before there is an account at all.
    const cids = [await vm.submit(first), await vm.submit(second)]
    expect(vm.pool.nextSequence(address)).toBe(2n)
    const outcomes = Promise.all(cids.map((cid) => vm.waitFor(cid)))
    await vm.mine()
    expect((await outcomes).map(({ exit }) => exit.code)).toEqual([0, 0])
    expect(await vm.resolve(address)).toMatchObject({ type: 'ed25519account', sequence: 2n })
    expect(await vm.balanceOf(bob.address)).toBe(11n)
  })

  it('has its signatures in the block, so that anyone can execute it again', async () => {
    await using vm = await open()
    await fund(vm, alice.address, FIL)
    const { trace, gas } = await included(vm, signed(vm, alice, { to: bob.address, value: 7n }))
    // The system asks the account, and then the account sends.
    expect(trace.roots.map(({ call }) => call.method)).toEqual([AUTHENTICATE_MESSAGE, 0n])
    expect(gas.used).toBeGreaterThan(1_637_292n)
    const { secp256k1 } = vm.chain.messagesOf(vm.chain.head)
    expect(secp256k1.map(({ signature }) => signature.type)).toEqual([SignatureType.DELEGATED])

    const natives = [...NATIVE_ACTORS, userInitActor, ...ED25519_ACTORS]
    const { claim, messages } = replayWitness(vm.chain.witness(), {
      crypto,
      runtimes: [nativeRuntime({ crypto, actors: natives })],
      proofs: undefined,
      rules: network,
    })
    expect(String(claim.stateRoot)).toBe(String(vm.root))
    expect(messages.map(({ result }) => result.receipt.exitCode)).toEqual([0])
  })

  it('is refused by the pool what its key has not signed, and nothing changes', async () => {
    await using vm = await open()
    await fund(vm, alice.address, FIL)
    const { root } = vm
    const message = vm.prepare({ from: alice.address, to: bob.address, value: 1n })
    const data = messageCid(crypto, message).bytes
    const secp = secp256k1Signer(crypto, new Uint8Array(32).fill(9))
    const wrong: Signature[] = [
      bob.sign(data),
      alice.sign(data.subarray(1)),
      { ...alice.sign(data), type: SignatureType.SECP256K1 },
      { ...alice.sign(data), type: SignatureType.BLS },
      { type: SignatureType.DELEGATED, data: new Uint8Array() },
      secp.sign(data),
    ]
    for (const signature of wrong)
      await expect(vm.submit({ message, signature })).rejects.toThrow(code('message/signature'))
    await expect(vm.send({ from: alice.address, to: bob.address })).rejects.toThrow(code('message/signature'))
    expect(String(vm.root)).toBe(String(root))

    const good = { message, signature: alice.sign(data) }
    expect((await included(vm, good)).exit.code).toBe(0)
    await expect(vm.submit(good)).rejects.toThrow(code('message/sequence'))
    const again = { ...good, message: { ...message, sequence: 1n } }
    await expect(vm.submit(again)).rejects.toThrow(code('message/signature'))
    expect(await vm.balanceOf(bob.address)).toBe(1n)
  })

  it('is refused at once where it has not the funds', async () => {
    await using vm = await open()
    await fund(vm, alice.address, 1n)
    const message: Message = { ...vm.prepare({ from: alice.address, to: bob.address }), value: FIL }
    await expect(vm.submit(signMessage(crypto, alice, message))).rejects.toThrow(code('message/balance'))
  })

  it('sends nothing on networks without the namespace', async () => {
    await using vm = await createTroupe({ crypto })
    const sent = await vm.trySend({ to: alice.address, value: FIL })
    expect(sent.exit.name).toBe('SYS_INVALID_RECEIVER')
    expect(() => vm.prepare({ from: alice.address, to: bob.address })).toThrow(code('message/from'))
  })

  it('is 32 bytes', () => {
    expect(() => ed25519Signer(new Uint8Array(31))).toThrow(code('account/bad-key'))
  })
})

describe('an account of a user’s own code', () => {
  let walletCode: Uint8Array
  beforeAll(async () => {
    walletCode = await compileFixture('wallet', { generation: 4 })
  })
  const password = new TextEncoder().encode('open sesame')
  const by = (data: Uint8Array): Signature => ({ type: SignatureType.DELEGATED, data })

  /** A chain with a wallet that has a FIL. */
  async function openWallet() {
    const vm = await open({ mining: 'instant' })
    const wallet = await vm.deploy(walletCode, { params: [crypto.sha256(password)], value: FIL })
    return { vm, wallet }
  }

  it('sends what its code accepts, by whatever rule', async () => {
    const { vm, wallet } = await openWallet()
    await using _ = vm
    const message = vm.prepare({ from: wallet.address, to: bob.address, value: 3n })
    await expect(vm.submit({ message, signature: by(Uint8Array.of(1)) })).rejects.toThrow(
      code('message/signature'),
    )
    await vm.submit({ message, signature: by(password) })
    expect(await vm.balanceOf(bob.address)).toBe(3n)
    expect(await vm.resolve(wallet.address)).toMatchObject({ type: undefined, sequence: 1n })

    const replay = replayWitness(vm.chain.witness(), {
      crypto,
      runtimes: [
        nativeRuntime({ crypto, actors: [...NATIVE_ACTORS, userInitActor, ...ED25519_ACTORS] }),
        wasmRuntime(),
      ],
      proofs: undefined,
      rules: network,
    })
    expect(String(replay.claim.stateRoot)).toBe(String(vm.root))
  })

  it('may change its mind: what it refuses now is forgotten, and in a block it is refused without effect', async () => {
    const { vm, wallet } = await openWallet()
    await using _ = vm
    const other = new TextEncoder().encode('another')
    await using fork = await vm.fork()
    const prepare = (sequence: bigint, to: Address, method = 0n, params = new Uint8Array()): Message =>
      fork.prepare({ from: wallet.address, to, method, params, sequence, gasLimit: 200_000_000n })
    const change = prepare(0n, wallet.address, 2n, encodeIpld([crypto.sha256(other)]))
    const later = prepare(1n, bob.address)
    fork.pool.add({ message: change, signature: by(password) })
    fork.pool.add({ message: later, signature: by(password) })
    expect(fork.pool.select().map(({ message }) => message.sequence)).toEqual([0n, 1n])
    const { messages } = fork.chain.produce(fork.pool.select())
    fork.pool.settle()
    // Within one block nobody asks before: the second is refused by the code as the first has left it.
    expect(messages.map(({ result }) => result.receipt.exitCode)).toEqual([0, 1])
    expect(messages[1]?.result.fees.minerPenalty).toBeGreaterThan(0n)
    expect(fork.pool.size).toBe(1)
    expect(fork.pool.select()).toEqual([])
    expect(fork.pool.size).toBe(0)
    expect((await fork.resolve(wallet.address))?.sequence).toBe(1n)

    fork.pool.add({ message: later, signature: by(other) })
    expect(fork.chain.produce(fork.pool.select()).messages[0]?.result.receipt.exitCode).toBe(0)
  })
})
