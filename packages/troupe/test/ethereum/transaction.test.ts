import { loadCrypto } from '@troupe/crypto'
import { toEthereumAddress } from '@troupe/hypervisor'
import {
  Transaction as EthersTransaction,
  encodeRlp as encodeWithEthers,
  hashMessage,
  Signature,
  Wallet,
} from 'ethers'
import fc from 'fast-check'
import { deriveAccounts } from 'troupe'
import {
  encodeTransaction,
  parseTransaction,
  personalMessageDigest,
  recoverSender,
  type SignedTransaction,
  signatureBytes,
  signatureV,
  signingBytes,
  signTransaction,
  type Transaction,
  transactionHash,
} from 'troupe/ethereum'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const [alice = expect.fail()] = deriveAccounts(crypto, { count: 1 })
const code = (value: string) => expect.objectContaining({ code: value })
const bytes = (text: string) => Uint8Array.fromHex(text.replace(/^0x/u, ''))
const hex = (value: Uint8Array) => `0x${value.toHex()}`

const amount = fc.bigInt({ min: 0n, max: 2n ** 96n })
const fields = {
  nonce: fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
  gasLimit: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  to: fc.option(fc.uint8Array({ minLength: 20, maxLength: 20 }), { nil: undefined }),
  value: amount,
  input: fc.uint8Array({ maxLength: 80 }),
}
const chainId = fc.bigInt({ min: 1n, max: 2n ** 40n })
const transactions: fc.Arbitrary<Transaction> = fc.oneof(
  fc.record({ kind: fc.constant('homestead' as const), gasPrice: amount, ...fields }),
  fc.record({ kind: fc.constant('eip155' as const), gasPrice: amount, chainId, ...fields }),
  fc
    .record({
      kind: fc.constant('eip1559' as const),
      maxFeePerGas: amount,
      premium: fc.bigInt({ min: 0n, max: 100n }),
      chainId,
      ...fields,
    })
    .map(({ premium, ...rest }) => ({
      ...rest,
      maxPriorityFeePerGas: (rest.maxFeePerGas * premium) / 100n,
    })),
)

/** The same transaction, made by ethers. */
function toEthers({ transaction, signature: { r, s, yParity } }: SignedTransaction): EthersTransaction {
  const { gasLimit, input, kind, nonce, to, value } = transaction
  return EthersTransaction.from({
    type: kind === 'eip1559' ? 2 : 0,
    nonce: Number(nonce),
    ...{ gasLimit, value, data: hex(input), to: to === undefined ? null : hex(to) },
    chainId: kind === 'homestead' ? 0n : transaction.chainId,
    ...(kind === 'eip1559'
      ? { maxFeePerGas: transaction.maxFeePerGas, maxPriorityFeePerGas: transaction.maxPriorityFeePerGas }
      : { gasPrice: transaction.gasPrice }),
    signature: Signature.from({
      ...{ r: `0x${r.toString(16).padStart(64, '0')}`, s: `0x${s.toString(16).padStart(64, '0')}` },
      v: signatureV(transaction, yParity),
    }),
  })
}

/** What the reference's tests, and Etherscan for the last, say of transactions. */
const KNOWN: readonly (readonly [string, string, Transaction['kind'], string, string])[] = [
  [
    'EIP-1559 on the chain 31415926',
    '02f8598401df5e76028301d69083086a5e835532dd808080c080a0457e33227ac7ceee2ef121755e26b872b6fb04221993f9939349bb7b0a3e1595a02d8ef379e1d2a9e30fa61c92623cc9ed72d80cf6a48cfea341cb916bcc0a81bc',
    'eip1559',
    '0xafa62628302ff58A864e18759DF7bFeBAE3Cc9Ac',
    '0x61f782d44cabebae87c267e9cc847ae5bbae006173afdacf76b0796c7ba89739',
  ],
  [
    'EIP-155 on the chain 314',
    'f86680843b9aca00835dc1ba94c2dca9a18d4a4057921d1bcb22da05e68e46b1d06480820297a0f91ee69c4603c4f21131467ee9e06ad4a96d0a29fa8064db61f3adaea0eb6e92a07181e306bb8f773d94cc3b75e9835de00c004e072e6630c0c46971d38706bb01',
    'eip155',
    '0xA2BBB73aC59b256415e91A820b224dbAF2C268FA',
    '0x1ac1d9cab7c773ff75a3c99d95805e124dd311ae568ad2eb63c413d549772e6b',
  ],
  [
    'homestead, on Ethereum in 2016',
    'f8718301efc58506fc23ac008305161594104994f45d9d697ca104e5704a7b77d7fec3537c890821878651a4d70000801ba051222d91a379452395d0abaff981af4cfcc242f25cfaf947dea8245a477731f9a03a997c910b4701cca5d933fb26064ee5af7fe3236ff0ef2b58aa50b25aff8ca5',
    'homestead',
    '0x32Be343B94f860124dC4fEe278FDCBD38C102D88',
    '0xc55e2b90168af6972193c1f86fa4d7d7b31a29c156665d15b9cd48618b5177ef',
  ],
]

/** The fields of a raw transaction, to be changed. */
function fieldsOf(raw: string): (string | [])[] {
  const {
    accessList,
    chainId,
    data,
    gasLimit,
    maxFeePerGas,
    maxPriorityFeePerGas,
    nonce,
    signature,
    to,
    type,
    value,
  } = EthersTransaction.from(`0x${raw}`)
  const quantity = (n: bigint | number) => (n === 0n || n === 0 ? '0x' : `0x${pad(BigInt(n).toString(16))}`)
  const pad = (text: string) => (text.length % 2 === 0 ? text : `0${text}`)
  const { r, s, v, yParity } = signature ?? expect.fail()
  if (type === 2)
    return [
      ...[chainId, nonce, maxPriorityFeePerGas ?? 0n, maxFeePerGas ?? 0n, gasLimit].map(quantity),
      ...[to ?? '0x', quantity(value), data, accessList as [], quantity(yParity), r, s],
    ]
  return [quantity(nonce), '0x01', quantity(gasLimit), to ?? '0x', quantity(value), data, quantity(v), r, s]
}

function changed(raw: string, index: number, value: string | readonly unknown[]): Uint8Array {
  const list = fieldsOf(raw) as unknown[]
  list[index] = value
  const rlp = bytes(encodeWithEthers(list as string[]))
  return raw.startsWith('02') ? Uint8Array.of(2, ...rlp) : rlp
}

describe('an Ethereum transaction', () => {
  it.each(KNOWN)('%s is what its sender signed', (_, raw, kind, sender, hash) => {
    const signed = parseTransaction(bytes(raw))
    expect(signed.transaction.kind).toBe(kind)
    expect(hex(encodeTransaction(signed))).toBe(`0x${raw}`)
    expect(toEthereumAddress(recoverSender(crypto, signed) ?? expect.fail(), crypto)).toBe(sender)
    expect(hex(transactionHash(crypto, signed))).toBe(hash)
  })

  it('of the tests of the reference has the bytes that are signed', () => {
    const raw =
      '02f86282013a8080808094ff000000000000000000000000000000000003ec8080c080a0f411a73e33523b40c1a916e79e67746bd01a4a4fb4ecfa87b441375a215ddfb4a0551692c1553574fab4c227ca70cb1c121dc3a2ef82179a9c984bd7acc0880a38'
    expect(hex(signingBytes(parseTransaction(bytes(raw)).transaction))).toBe(
      '0x02df82013a8080808094ff000000000000000000000000000000000003ec8080c0',
    )
  })

  it('is signed, written, read and named as ethers does', () => {
    fc.assert(
      fc.property(transactions, (transaction) => {
        const signed = signTransaction(crypto, alice, transaction)
        const raw = encodeTransaction(signed)
        const other = toEthers(signed)
        expect(hex(raw)).toBe(other.serialized)
        expect(hex(signingBytes(transaction))).toBe(other.unsignedSerialized)
        expect(hex(transactionHash(crypto, signed))).toBe(other.hash)
        expect(other.from).toBe(alice.ethereum)
        expect(parseTransaction(raw)).toEqual(signed)
        expect(recoverSender(crypto, signed)?.key).toBe(alice.delegated.key)
      }),
      { seed: 3, numRuns: 60 },
    )
  })

  it('may come in a Buffer, which may change later', () => {
    const [, raw = ''] = KNOWN[1] ?? []
    const buffer = Buffer.from(raw, 'hex')
    const signed = parseTransaction(buffer)
    buffer.fill(0)
    expect(hex(encodeTransaction(signed))).toBe(`0x${raw}`)
  })

  it.each([
    [1, 'EIP-2930'],
    [3, 'EIP-4844'],
    [4, 'EIP-7702'],
    [0, 'no type'],
    [5, 'no type'],
    [0x7f, 'no type'],
  ])('of type %i is refused by name', (type, name) => {
    const refused = expect.objectContaining({
      code: 'transaction/unsupported-type',
      message: expect.stringContaining(name),
    })
    expect(() => parseTransaction(Uint8Array.of(type, 0xc0))).toThrow(refused)
  })

  it.each([
    ['nothing', ''],
    ['a byte string', '83010203'],
    ['too few fields', 'c80101010101010101'],
    ['a typed one with too few fields', '02c80101010101010101'],
    ['too many fields', 'ca01010101010101010101'],
  ])('is not %s', (_, text) => {
    expect(() => parseTransaction(bytes(text))).toThrow(code('transaction/malformed'))
  })

  it('has nothing after it', () => {
    for (const [, raw] of KNOWN) {
      expect(() => parseTransaction(bytes(`${raw}00`))).toThrow(code('rlp/malformed'))
      expect(() => parseTransaction(bytes(raw.slice(0, -2)))).toThrow(code('rlp/malformed'))
    }
  })

  const over64 = `0x01${'00'.repeat(8)}`
  const over256 = `0x01${'00'.repeat(32)}`
  it.each<[string, number, number, string | readonly unknown[]]>([
    ['nonce', 1, 0, over64],
    ['nonce', 1, 0, '0x00'],
    ['nonce', 1, 0, '0x0001'],
    ['nonce', 1, 0, []],
    ['gasPrice', 1, 1, over256],
    ['gasLimit', 1, 2, '0x8000000000000000'],
    ['to', 1, 3, `0x${'11'.repeat(19)}`],
    ['to', 1, 3, `0x${'11'.repeat(21)}`],
    ['value', 1, 4, over256],
    ['input', 1, 5, []],
    ['v', 1, 6, '0x'],
    ['v', 1, 6, '0x1d'],
    ['v', 1, 6, '0x22'],
    ['r', 1, 7, over256],
    ['s', 1, 8, '0x00'],
    ['chainId', 0, 0, over64],
    ['nonce', 0, 1, over64],
    ['maxPriorityFeePerGas', 0, 2, over256],
    ['maxFeePerGas', 0, 3, over256],
    ['gasLimit', 0, 4, '0x8000000000000000'],
    ['to', 0, 5, '0x11'],
    ['value', 0, 6, '0x00ff'],
    ['input', 0, 7, []],
    ['accessList', 0, 8, '0x'],
    ['accessList', 0, 8, [[`0x${'11'.repeat(20)}`, []]]],
    ['v', 0, 9, '0x02'],
    ['v', 0, 9, '0x1b'],
    ['r', 0, 10, []],
    ['s', 0, 11, over256],
  ])('is refused where its %s is wrong (case %#)', (field, known, index, value) => {
    const [, raw = ''] = KNOWN[known] ?? []
    expect(() => parseTransaction(changed(raw, index, value))).toThrow(code(`transaction/${field}`))
  })

  it('is at its bounds still one', () => {
    const [, raw = ''] = KNOWN[1] ?? []
    expect(parseTransaction(changed(raw, 0, `0x${'ff'.repeat(8)}`)).transaction.nonce).toBe(2n ** 64n - 1n)
    expect(parseTransaction(changed(raw, 2, `0x7f${'ff'.repeat(7)}`)).transaction.gasLimit).toBe(
      2n ** 63n - 1n,
    )
    expect(parseTransaction(changed(raw, 4, `0x${'ff'.repeat(32)}`)).transaction.value).toBe(2n ** 256n - 1n)
    expect(parseTransaction(changed(raw, 3, '0x')).transaction.to).toBeUndefined()
  })

  it('whose signature no key can have made has no sender', () => {
    const [, raw = ''] = KNOWN[0] ?? []
    for (const value of ['0x', `0x${'ff'.repeat(32)}`])
      for (const index of [10, 11])
        expect(recoverSender(crypto, parseTransaction(changed(raw, index, value)))).toBeUndefined()
  })

  it('that was changed after it was signed is of another sender, or of none', () => {
    for (const [, raw, , sender] of KNOWN) {
      const { transaction, signature } = parseTransaction(bytes(raw))
      const changes: SignedTransaction[] = [
        { transaction, signature: { ...signature, r: signature.r + 1n } },
        { transaction, signature: { ...signature, s: signature.s + 1n } },
        { transaction, signature: { ...signature, yParity: 1 - signature.yParity } },
        { transaction: { ...transaction, nonce: transaction.nonce + 1n }, signature },
        { transaction: { ...transaction, to: new Uint8Array(20).fill(9) }, signature },
        { transaction: { ...transaction, input: Uint8Array.of(1) }, signature },
      ]
      for (const changed of changes) {
        const other = recoverSender(crypto, changed)
        expect(other === undefined ? undefined : toEthereumAddress(other, crypto)).not.toBe(sender)
      }
    }
  })

  it('with a high s is of the same sender, as on Filecoin and not on Ethereum', () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const { transaction, signature } = parseTransaction(bytes(KNOWN[0]?.[1] ?? ''))
    const twin = {
      transaction,
      signature: { ...signature, s: order - signature.s, yParity: 1 - signature.yParity },
    }
    expect(toEthereumAddress(recoverSender(crypto, twin) ?? expect.fail(), crypto)).toBe(KNOWN[0]?.[3])
    expect(transactionHash(crypto, twin)).not.toEqual(transactionHash(crypto, { transaction, signature }))
  })

  it('is not all that wallets sign: texts are signed as ethers does', async () => {
    const wallet = new Wallet(hex(alice.secretKey))
    for (const text of ['', 'hello', 'grüezi'.repeat(20)]) {
      const digest = personalMessageDigest(crypto, new TextEncoder().encode(text))
      expect(hex(digest)).toBe(hashMessage(text))
      expect(hex(signatureBytes(alice.signDigest(digest)))).toBe(await wallet.signMessage(text))
    }
  })
})
