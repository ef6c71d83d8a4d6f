import { loadCrypto } from '@troupe/crypto'
import { delegatedAddress, idAddress, type Message, methodNumber, SignatureType } from '@troupe/hypervisor'
import { deriveAccounts } from 'troupe'
import {
  addressOfPublicKey,
  CREATE_EXTERNAL,
  INVOKE_CONTRACT,
  parseTransaction,
  signMessageAsTransaction,
  signTransaction,
  type Transaction,
  type TransactionKind,
  toSignedMessage,
  toTransaction,
  transactionMessage,
  verifyTransactionMessage,
} from 'troupe/ethereum'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const [alice = expect.fail(), bob = expect.fail()] = deriveAccounts(crypto, { count: 2 })
const code = (value: string) => expect.objectContaining({ code: value })
const CHAIN_ID = 31_415_926n
const KINDS: readonly TransactionKind[] = ['homestead', 'eip155', 'eip1559']

function transactionOf(kind: TransactionKind, fields: Partial<Transaction> = {}): Transaction {
  const call = {
    ...{ nonce: 7n, gasLimit: 10_000_000n, value: 5n, input: Uint8Array.of(1, 2, 3) },
    to: bob.delegated.payload,
  }
  const base =
    kind === 'eip1559'
      ? { kind, chainId: CHAIN_ID, maxFeePerGas: 1000n, maxPriorityFeePerGas: 10n, ...call }
      : kind === 'eip155'
        ? { kind, chainId: CHAIN_ID, gasPrice: 1000n, ...call }
        : { kind, gasPrice: 1000n, ...call }
  return { ...base, ...fields } as Transaction
}

const signed = (kind: TransactionKind, fields?: Partial<Transaction>) =>
  toSignedMessage(crypto, signTransaction(crypto, alice, transactionOf(kind, fields)), CHAIN_ID)

describe('the message of a transaction', () => {
  it('has the methods of contracts and of their manager', () => {
    expect(methodNumber(crypto, 'InvokeEVM')).toBe(INVOKE_CONTRACT)
    expect(CREATE_EXTERNAL).toBe(4n)
  })

  it.each(KINDS)('of kind %s has its content, and says all of it', (kind) => {
    const { message, signature } = signed(kind)
    expect(message).toEqual({
      version: 0n,
      from: alice.delegated,
      to: bob.delegated,
      sequence: 7n,
      value: 5n,
      method: INVOKE_CONTRACT,
      params: Uint8Array.of(0x43, 1, 2, 3),
      gasLimit: 10_000_000n,
      gasFeeCap: 1000n,
      gasPremium: kind === 'eip1559' ? 10n : 1000n,
    })
    const transaction = transactionOf(kind)
    expect(toTransaction({ message, signature }, CHAIN_ID)).toEqual(
      signTransaction(crypto, alice, transaction),
    )
    expect(verifyTransactionMessage(crypto, { message, signature }, CHAIN_ID, alice.delegated)).toBe(true)
    expect(verifyTransactionMessage(crypto, { message, signature }, CHAIN_ID, bob.delegated)).toBe(false)
  })

  it('has signatures of 65, 66 and, as the chain id needs it, more bytes', () => {
    const [homestead, eip155, eip1559] = KINDS.map((kind) => signed(kind).signature.data)
    expect(homestead).toHaveLength(66)
    expect(homestead?.[0]).toBe(1)
    expect([27, 28]).toContain(homestead?.[65])
    // Twice the chain id and 35 are four bytes.
    expect(eip155).toHaveLength(69)
    expect(eip155?.[0]).toBe(2)
    expect(eip155?.subarray(65).toHex()).toMatch(/^03bebd(0f|10)$/u)
    expect(eip1559).toHaveLength(65)
    expect([0, 1]).toContain(eip1559?.[64])
  })

  it('of the reference EIP-155 test on the chain 314 is what it says there', () => {
    const raw =
      'f86680843b9aca00835dc1ba94c2dca9a18d4a4057921d1bcb22da05e68e46b1d06480820297a0f91ee69c4603c4f21131467ee9e06ad4a96d0a29fa8064db61f3adaea0eb6e92a07181e306bb8f773d94cc3b75e9835de00c004e072e6630c0c46971d38706bb01'
    const { message, signature } = toSignedMessage(crypto, parseTransaction(Uint8Array.fromHex(raw)), 314n)
    expect(message).toMatchObject({
      sequence: 0n,
      value: 100n,
      gasLimit: 6_144_442n,
      gasFeeCap: 1_000_000_000n,
    })
    expect(message.params).toHaveLength(0)
    expect(signature.data.toHex()).toBe(
      '02f91ee69c4603c4f21131467ee9e06ad4a96d0a29fa8064db61f3adaea0eb6e927181e306bb8f773d94cc3b75e9835de00c004e072e6630c0c46971d38706bb010297',
    )
  })

  it('creates contracts by their manager, and calls actors without an Ethereum address by their masked id', () => {
    const creation = signed('eip1559', { to: undefined })
    expect(creation.message).toMatchObject({ to: idAddress(10n), method: CREATE_EXTERNAL })
    expect(toTransaction(creation, CHAIN_ID).transaction.to).toBeUndefined()
    const masked = Uint8Array.fromHex(`ff${'00'.repeat(17)}03ec`)
    const call = signed('eip1559', { to: masked, input: new Uint8Array() })
    expect(call.message).toMatchObject({ to: idAddress(1004n), method: INVOKE_CONTRACT })
    expect(call.message.params).toHaveLength(0)
    expect(toTransaction(call, CHAIN_ID).transaction.to).toEqual(masked)
  })

  it('is made for its own network only', () => {
    for (const kind of ['eip155', 'eip1559'] as const)
      expect(() =>
        toSignedMessage(crypto, signTransaction(crypto, alice, transactionOf(kind)), CHAIN_ID + 1n),
      ).toThrow(code('transaction/chainId'))
    expect(signed('homestead').message.from).toEqual(alice.delegated)
  })

  it('is not made of what nobody signed, or of a call of the manager under its masked id', () => {
    const nobody = { transaction: transactionOf('eip1559'), signature: { yParity: 0, r: 0n, s: 1n } }
    expect(() => toSignedMessage(crypto, nobody, CHAIN_ID)).toThrow(code('transaction/signature'))
    const manager = Uint8Array.fromHex(`ff${'00'.repeat(18)}0a`)
    expect(() => signed('eip1559', { to: manager })).toThrow(code('transaction/to'))
  })

  it('of the reference signer test is verified', () => {
    const transaction: Transaction = {
      ...{ kind: 'eip1559', chainId: CHAIN_ID, nonce: 3n, maxPriorityFeePerGas: 10n ** 10n },
      ...{ maxFeePerGas: 10n ** 9n, gasLimit: 10_000_000n, input: new Uint8Array() },
      ...{ to: Uint8Array.fromHex('ff000000000000000000000000000000000003f2'), value: 3_000_000n },
    }
    const signature = {
      yParity: 0,
      r: 0xcf1fa52fae9154ba21d67aeca9b42adfe186eb9e426c441051a8473efd190848n,
      s: 0x0e6c8c79ffaf35fb8f136c8cf6c5656f1f3befad21f2644321aa6dba58d68737n,
    }
    const key = Uint8Array.fromHex(
      '04cfecc0520d906cbfea387759246e89d85e2998843e56ad1c41de247ce10b3e4c453aa73c8de13c178d94461b6fa3f8b6f74406ce43d2fbab6992d0b283394242',
    )
    const message = toSignedMessage(crypto, { transaction, signature }, CHAIN_ID)
    expect(message.message.from).toEqual(addressOfPublicKey(crypto, key))
    expect(verifyTransactionMessage(crypto, message, CHAIN_ID, addressOfPublicKey(crypto, key))).toBe(true)
  })
})

describe('a message that says that it is a transaction', () => {
  const good = signed('eip1559')
  const withMessage = (fields: Partial<Message>) => ({ ...good, message: { ...good.message, ...fields } })

  it.each<[string, Partial<Message>]>([
    ['version', { version: 1n }],
    ['from', { from: alice.address }],
    ['to', { to: bob.address }],
    ['to', { to: delegatedAddress(10n, Uint8Array.fromHex(`ff${'00'.repeat(19)}`)) }],
    ['method', { method: 0n }],
    ['method', { method: CREATE_EXTERNAL }],
    ['method', { to: idAddress(10n) }],
    ['sequence', { sequence: 2n ** 64n }],
    ['gasLimit', { gasLimit: -1n }],
    ['value', { value: -1n }],
    ['gasFeeCap', { gasFeeCap: -1n }],
    ['gasPremium', { gasPremium: -1n }],
    ['params', { params: Uint8Array.of(0x40) }],
    ['params', { params: Uint8Array.of(0x43, 1, 2) }],
    ['params', { params: Uint8Array.of(0x42, 1, 2, 3) }],
    ['params', { params: Uint8Array.of(0x58, 1, 2) }],
    ['params', { params: Uint8Array.of(0x83, 1, 2, 3) }],
  ])('is none where its %s is wrong (case %#)', (field, fields) => {
    expect(() => toTransaction(withMessage(fields), CHAIN_ID)).toThrow(code(`message/${field}`))
  })

  it('is none where its signature has another form', () => {
    const refused = code('message/signature')
    const [homestead, eip155, eip1559] = KINDS.map((kind) => signed(kind))
    if (homestead === undefined || eip155 === undefined || eip1559 === undefined) expect.fail()
    const forms: readonly [typeof good, Uint8Array][] = [
      [eip1559, new Uint8Array()],
      [eip1559, eip1559.signature.data.subarray(0, 64)],
      [homestead, Uint8Array.of(3, ...homestead.signature.data.subarray(1))],
      [homestead, Uint8Array.of(2, ...homestead.signature.data.subarray(1))],
      [homestead, Uint8Array.of(...homestead.signature.data.subarray(0, 65), 26)],
      [homestead, Uint8Array.of(...homestead.signature.data.subarray(0, 65), 29)],
      [eip155, Uint8Array.of(1, ...eip155.signature.data.subarray(1))],
      [eip155, Uint8Array.of(...eip155.signature.data, 0)],
      [
        eip155,
        Uint8Array.of(...eip155.signature.data.subarray(0, 65), 0, ...eip155.signature.data.subarray(65)),
      ],
    ]
    for (const [entry, data] of forms)
      expect(() =>
        toTransaction({ ...entry, signature: { type: SignatureType.DELEGATED, data } }, CHAIN_ID),
      ).toThrow(refused)
    expect(() => toTransaction(eip155, CHAIN_ID + 1n)).toThrow(refused)
    expect(() =>
      toTransaction({ ...good, signature: { ...good.signature, type: SignatureType.SECP256K1 } }, CHAIN_ID),
    ).toThrow(refused)
  })

  it('is none of the old kinds where fee cap and premium differ', () => {
    const { message, signature } = signed('eip155')
    expect(() => toTransaction({ message: { ...message, gasPremium: 1n }, signature }, CHAIN_ID)).toThrow(
      code('message/gasPremium'),
    )
  })

  it('may have a recovery id of 2 or 3, which no sender has, and no more', () => {
    for (const id of [2, 3, 4, 255]) {
      const data = Uint8Array.of(...good.signature.data.subarray(0, 64), id)
      const entry = { ...good, signature: { ...good.signature, data } }
      expect(toTransaction(entry, CHAIN_ID).signature.yParity).toBe(id)
      expect(verifyTransactionMessage(crypto, entry, CHAIN_ID, alice.delegated)).toBe(false)
    }
  })

  it('is signed by a key of an account, of any kind', () => {
    for (const kind of KINDS) {
      const message = transactionMessage(transactionOf(kind), alice.delegated)
      expect(signMessageAsTransaction(crypto, alice, message, CHAIN_ID, kind)).toEqual(signed(kind))
    }
  })
})
