import { addressEquals, SignatureType, type SignedMessage } from '@troupe/hypervisor'
import { type Cid, decodeCid } from '@troupe/ipld'
import { MemoryStore } from '@troupe/ipld/store'
import { Wallet } from 'ethers'
import {
  type Account,
  createTroupe,
  networks,
  secp256k1Signer,
  signMessage,
  type Troupe,
  type TroupeOptions,
} from 'troupe'
import {
  encodeTransaction,
  INVOKE_CONTRACT,
  signMessageAsTransaction,
  signTransaction,
  type Transaction,
  type TransactionKind,
} from 'troupe/ethereum'
import { describe, expect, it } from 'vitest'

const FIL = 10n ** 18n
const CHAIN_ID = networks.local.chainId
const code = (value: string) => expect.objectContaining({ code: value })

async function createVm(options: TroupeOptions = {}): Promise<{ vm: Troupe; alice: Account; bob: Account }> {
  const vm = await createTroupe({ accounts: { count: 2 }, ...options })
  const [alice = expect.fail(), bob = expect.fail()] = vm.accounts
  return { vm, alice, bob }
}

/** A wallet of ethers with the key of an account. */
const walletOf = ({ secretKey }: Account) => new Wallet(`0x${secretKey.toHex()}`)

/** A raw transfer, signed by ethers. */
function transferOf(from: Account, to: string, fields: object = {}): Promise<string> {
  return walletOf(from).signTransaction({
    ...{ to, value: FIL, nonce: 0, gasLimit: 10_000_000n, chainId: CHAIN_ID, type: 2 },
    ...{ maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 10n ** 6n },
    ...fields,
  })
}

describe('a transaction of an Ethereum wallet', () => {
  it.each<[TransactionKind, object]>([
    ['eip1559', {}],
    ['eip155', { type: 0, gasPrice: 10n ** 9n, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined }],
    [
      'homestead',
      { type: 0, chainId: 0n, gasPrice: 10n ** 9n, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined },
    ],
  ])('of kind %s moves what it says, under its hash', async (_, fields) => {
    const { vm, alice, bob } = await createVm()
    const raw = await transferOf(alice, bob.ethereum, fields)
    const hash = await vm.submitTransaction(raw)
    const outcome = await vm.waitFor(hash)
    expect(outcome.exit.name).toBe('OK')
    expect(outcome.hash).toBe(hash)
    expect(await vm.balanceOf(bob.ethereum)).toBe(10_001n * FIL)
    expect(await vm.getActor(alice.ethereum)).toMatchObject({ sequence: 1n })

    const record = (await vm.transaction(hash)) ?? expect.fail()
    expect(record).toMatchObject({ hash, cid: outcome.cid, isImpersonated: false })
    expect(record.message.from.key).toBe(alice.delegated.key)
    expect(record.place).toMatchObject({ block: outcome.block, epoch: 1n, index: 0 })
    expect(record.place?.receipt).toMatchObject({ exitCode: 0, gasUsed: outcome.gas.used })
    expect(await vm.transaction(outcome.cid)).toEqual(record)
    expect(await vm.transaction(String(outcome.cid))).toEqual(record)
    expect(await vm.transaction(hash.toUpperCase().replace('0X', '0x'))).toEqual(record)
    // It stands among the messages that are signed by themselves.
    expect(vm.chain.messagesOf(vm.chain.head).secp256k1).toHaveLength(1)
  })

  it('is the first of a key that only got something, and makes an account of it', async () => {
    const { vm, alice } = await createVm()
    const wallet = Wallet.fromPhrase(
      'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
    )
    await vm.send({ from: alice, to: wallet.address, value: 5n * FIL })
    expect(await vm.resolve(wallet.address)).toMatchObject({ type: 'placeholder' })
    const raw = await wallet.signTransaction({
      ...{ to: alice.ethereum, value: FIL, nonce: 0, gasLimit: 10_000_000n, chainId: CHAIN_ID },
      ...{ maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 0n, type: 2 },
    })
    const outcome = await vm.waitFor(await vm.submitTransaction(raw))
    expect(outcome.exit.name).toBe('OK')
    expect(await vm.resolve(wallet.address)).toMatchObject({ type: 'ethaccount' })
    expect(await vm.getActor(wallet.address)).toMatchObject({ sequence: 1n })
  })

  it('is refused with the field that is wrong', async () => {
    const { vm, alice, bob } = await createVm()
    const submit = async (fields: object) =>
      vm.submitTransaction(await transferOf(alice, bob.ethereum, fields))
    await expect(submit({ chainId: 1n })).rejects.toThrow(code('transaction/chainId'))
    await expect(
      submit({ type: 1, gasPrice: 1n, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined }),
    ).rejects.toThrow(code('transaction/unsupported-type'))
    await expect(submit({ nonce: 6 })).rejects.toThrow(code('pool/sequence-gap'))
    await expect(submit({ value: 10_001n * FIL })).rejects.toThrow(code('message/balance'))
    await expect(submit({ gasLimit: 1n })).rejects.toThrow(code('message/gasLimit'))
    await expect(submit({ maxFeePerGas: 1n, maxPriorityFeePerGas: 0n })).rejects.toThrow(
      code('message/gasFeeCap'),
    )
    await expect(vm.submitTransaction('0x123')).rejects.toThrow(code('transaction/malformed'))
    await expect(vm.submitTransaction('f8')).rejects.toThrow(code('transaction/malformed'))
    await expect(vm.submitTransaction(await transferOf(bob, alice.ethereum))).resolves.toMatch(/^0x/u)
    await expect(submit({})).resolves.toMatch(/^0x/u)
    await vm.mine()
    await expect(submit({})).rejects.toThrow(code('message/sequence'))
    await expect(
      vm.submitTransaction(
        await Wallet.createRandom().signTransaction({
          chainId: CHAIN_ID,
          to: bob.ethereum,
          gasPrice: 10n ** 9n,
          gasLimit: 10n ** 7n,
          type: 0,
        }),
      ),
    ).rejects.toThrow(code('message/from'))
  })

  it('may come as a message, whose signature is verified', async () => {
    const { vm, alice, bob } = await createVm()
    const message = vm.prepare({ from: alice.ethereum, to: bob.ethereum, value: 1n }, { signed: true })
    expect(message.method).toBe(INVOKE_CONTRACT)
    const good = vm.sign(message)
    const wrong: [string, SignedMessage][] = [
      [
        'message/signature',
        { message, signature: signMessageAsTransaction(vm.crypto, bob, message, CHAIN_ID).signature },
      ],
      ['message/signature', { message: { ...message, value: 2n }, signature: good.signature }],
      ['message/signature', signMessageAsTransaction(vm.crypto, alice, message, CHAIN_ID + 1n)],
      ['message/signature', signMessage(vm.crypto, secp256k1Signer(vm.crypto, alice.secretKey), message)],
      [
        'message/signature',
        { message, signature: { type: SignatureType.DELEGATED, data: new Uint8Array(96) } },
      ],
      ['message/method', { message: { ...message, method: 0n }, signature: good.signature }],
      ['message/to', { message: { ...message, to: bob.address }, signature: good.signature }],
      ['message/params', { message: { ...message, params: Uint8Array.of(0x40) }, signature: good.signature }],
      ['message/from', { message: { ...message, from: alice.address }, signature: good.signature }],
    ]
    for (const [refusal, signed] of wrong)
      await expect(vm.submit(signed), refusal).rejects.toThrow(code(refusal))
    expect((await vm.waitFor(await vm.submit(good))).exit.name).toBe('OK')
  })

  it('may name its sender by id', async () => {
    const { vm, alice, bob } = await createVm()
    const { id = expect.fail() } = (await vm.resolve(alice.ethereum)) ?? {}
    const message = vm.prepare({ from: id, to: bob.ethereum, value: 1n, method: INVOKE_CONTRACT })
    const signed = signMessageAsTransaction(vm.crypto, alice, message, CHAIN_ID)
    expect((await vm.waitFor(await vm.submit(signed))).exit.name).toBe('OK')
    const other = vm.prepare({ from: id, to: bob.ethereum, value: 1n, method: INVOKE_CONTRACT })
    await expect(vm.submit(signMessageAsTransaction(vm.crypto, bob, other, CHAIN_ID))).rejects.toThrow(
      code('message/signature'),
    )
    await expect(vm.submit(signMessage(vm.crypto, alice, other))).rejects.toThrow(code('message/signature'))
  })

  it('of an old form is none before network version 23, and none is before 18', async () => {
    const legacy = { type: 0, gasPrice: 10n ** 9n, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined }
    const { vm, alice, bob } = await createVm({ network: networks.filecoin(22) })
    await expect(vm.submitTransaction(await transferOf(alice, bob.ethereum, legacy))).rejects.toThrow(
      code('message/signature'),
    )
    expect(networks.filecoin(17).transactionKinds).toEqual([])
    expect(networks.filecoin(18).transactionKinds).toEqual(['eip1559'])
    expect(networks.filecoin(23).transactionKinds).toEqual(['homestead', 'eip155', 'eip1559'])
  })

  it('is signed by the accounts of the chain', async () => {
    const { vm, alice, bob } = await createVm()
    const outcome = await vm.send({ from: alice.ethereum, to: bob.ethereum, value: 3n }, { signed: true })
    expect(outcome).toMatchObject({ method: INVOKE_CONTRACT, exit: { code: 0 } })
    const record = (await vm.transaction(outcome.hash)) ?? expect.fail()
    expect(record.signature?.type).toBe(SignatureType.DELEGATED)
    expect(addressEquals(record.message.to, bob.delegated)).toBe(true)
    // What names another method is no transaction.
    await expect(
      vm.send({ from: alice.ethereum, to: bob.ethereum, value: 3n, method: 0 }, { signed: true }),
    ).rejects.toThrow(code('message/method'))
    expect((await vm.send({ from: alice, to: bob, value: 3n }, { signed: true })).method).toBe(0n)
  })
})

describe('a block', () => {
  it('is found by hash, CID and epoch, with its messages', async () => {
    const { vm, alice, bob } = await createVm({ mining: 'manual' })
    const hash = await vm.submitTransaction(await transferOf(alice, bob.ethereum))
    const unsigned = vm.send({ from: bob, to: alice, value: 1n })
    const { block: cid } = await vm.mine()
    const { cid: other, gas } = await unsigned
    const record = (await vm.block()) ?? expect.fail()
    expect(record).toMatchObject({ cid, epoch: 1n, timestamp: vm.head.timestamp, root: vm.root })
    expect(record.hash).toBe(`0x${vm.chain.head.key.multihash.digest.toHex()}`)
    // Unsigned messages are executed first.
    expect(record.messages.map((message) => message.cid)[0]).toEqual(other)
    expect(record.messages.map((message) => message.hash)[1]).toBe(hash)
    expect(record.messages[1]).toEqual(await vm.transaction(hash))
    expect(record.gasUsed).toBe(gas.used + (record.messages[1]?.place?.receipt.gasUsed ?? 0n))
    for (const name of [cid, 1n, record.hash]) expect(await vm.block(name)).toEqual(record)
    const first = (await vm.block(0n)) ?? expect.fail()
    expect(record.parentHash).toBe(first.hash)
    expect(first).toMatchObject({ parentHash: undefined, messages: [], gasUsed: 0n })
  })

  it('is none at an epoch without one, on another branch, and under a name that nobody knows', async () => {
    const { vm } = await createVm()
    await vm.mine({ epochs: 3n })
    expect(await vm.block(2n)).toBeUndefined()
    expect(await vm.block(4n)).toBeUndefined()
    const { cid, hash } = (await vm.block(3n)) ?? expect.fail()
    await vm.checkout(0n)
    for (const name of [cid, hash, 3n, other(cid), `0x${'12'.repeat(32)}`])
      expect(await vm.block(name)).toBeUndefined()
    await expect(vm.block('0x12')).rejects.toThrow(code('block/name'))
  })
})

/** A CID of something else. */
function other({ bytes }: Cid): Cid {
  const changed = bytes.slice()
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  return decodeCid(changed)
}

describe('the hash of a message', () => {
  const transaction: Transaction = {
    ...{
      kind: 'eip1559',
      chainId: CHAIN_ID,
      nonce: 0n,
      gasLimit: 10_000_000n,
      to: new Uint8Array(20).fill(9),
    },
    ...{ maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 0n, value: 1n, input: new Uint8Array() },
  }

  it('is the digest of its CID where it is no transaction', async () => {
    const { vm, alice, bob } = await createVm()
    for (const options of [{}, { signed: true }]) {
      const { cid, hash } = await vm.send({ from: alice, to: bob, value: 1n }, options)
      expect(hash).toBe(`0x${cid.multihash.digest.toHex()}`)
      expect(await vm.transaction(hash)).toMatchObject({ cid, hash })
      expect((await vm.waitFor(hash)).cid).toEqual(cid)
    }
  })

  it('finds a message that waits, and none that nobody knows', async () => {
    const { vm, alice } = await createVm({ mining: 'manual' })
    const raw = encodeTransaction(signTransaction(vm.crypto, alice, transaction))
    const hash = await vm.submitTransaction(raw)
    expect(await vm.transaction(hash)).toMatchObject({ hash, place: undefined })
    await vm.mine()
    expect(await vm.transaction(hash)).toMatchObject({ place: { index: 0, epoch: 1n } })
    const unknown = `0x${'12'.repeat(32)}`
    expect(await vm.transaction(unknown)).toBeUndefined()
    await expect(vm.waitFor(unknown)).rejects.toThrow(code('pool/unknown'))
    await expect(vm.transaction('0x12')).rejects.toThrow(code('message/name'))
  })

  it('finds it in a store that is opened again, and in a fork', async () => {
    const store = new MemoryStore()
    const { vm, alice } = await createVm({ store })
    const hash = await vm.submitTransaction(encodeTransaction(signTransaction(vm.crypto, alice, transaction)))
    const { block } = await vm.waitFor(hash)
    const fork = await vm.fork()
    expect(await fork.transaction(hash)).toMatchObject({ hash, place: { block } })
    const { vm: again } = await createVm({ store })
    expect(await again.transaction(hash)).toMatchObject({ hash, place: { block } })
  })

  it('finds it on the branch of the head only, and there where that has it', async () => {
    const { vm, alice, bob } = await createVm()
    const before = vm.root
    const raw = encodeTransaction(signTransaction(vm.crypto, alice, transaction))
    const hash = await vm.submitTransaction(raw)
    const first = await vm.waitFor(hash)
    const end = vm.head.block
    await vm.checkout(before)
    expect(await vm.transaction(hash)).toBeUndefined()
    // On another branch, two blocks later.
    await vm.mine()
    await vm.send({ from: bob, to: alice, value: 1n })
    await vm.submitTransaction(raw)
    await vm.send({ from: bob, to: alice, value: 1n })
    const second = (await vm.transaction(hash)) ?? expect.fail()
    expect(second.place).toMatchObject({ epoch: 3n, index: 0 })
    expect(second.place?.block).not.toEqual(first.block)
    // And back: the index says where it was executed last, which is not here.
    await vm.checkout(end)
    expect((await vm.transaction(hash))?.place).toMatchObject({ block: first.block, epoch: 1n })
    await vm.send({ from: bob, to: alice, value: 1n })
    expect((await vm.transaction(hash))?.place).toMatchObject({ block: first.block, epoch: 1n })
    // On a branch that has another message with the same sequence number it is not.
    await vm.checkout(before)
    await vm.send({ from: alice.ethereum, to: bob, value: 1n })
    expect(await vm.transaction(hash)).toBeUndefined()
  })
})
