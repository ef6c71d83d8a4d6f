/** @module Ethereum transactions: raw ones, messages that say that they are some, and what contracts revert with. */
import { loadCrypto } from '@troupe/crypto'
import { decodeSignedMessage, encodeSignedMessage } from '@troupe/hypervisor'
import fc from 'fast-check'
import { deriveAccounts } from 'troupe'
import {
  encodeTransaction,
  parseTransaction,
  readRevert,
  signTransaction,
  type Transaction,
  toSignedMessage,
  toTransaction,
  transactionMessage,
  verifyTransactionMessage,
} from 'troupe/ethereum'
import { mutated } from '../mutate.ts'
import { attempt, claim, openTarget, sameBytes, type Target } from '../target.ts'

const CHAIN_ID = 31_415_926n

/** What is read, all from bytes. */
const FORMS = ['raw', 'message', 'revert'] as const

/** What is a transaction is written as it was read, and is the same after it was a message. */
export const transactions: Target = {
  name: 'transactions',
  open: async () => {
    const crypto = await loadCrypto()
    const [signer] = deriveAccounts(crypto, { count: 1 })
    if (signer === undefined) throw new Error('the development keys are gone')
    const call = {
      ...{ nonce: 300n, gasLimit: 10_000_000n, to: signer.delegated.payload, value: 10n ** 18n },
      input: new Uint8Array(70).fill(1),
    }
    const kinds: readonly Transaction[] = [
      { kind: 'homestead', gasPrice: 1000n, ...call },
      { kind: 'eip155', chainId: CHAIN_ID, gasPrice: 1000n, ...call },
      { kind: 'eip1559', chainId: CHAIN_ID, maxFeePerGas: 1000n, maxPriorityFeePerGas: 0n, ...call },
      {
        kind: 'eip1559',
        chainId: CHAIN_ID,
        maxFeePerGas: 1n,
        maxPriorityFeePerGas: 1n,
        ...call,
        to: undefined,
      },
    ]
    const signed = kinds.map((transaction) => signTransaction(crypto, signer, transaction))
    const raws = signed.map(encodeTransaction)
    const messages = signed.map((one) => encodeSignedMessage(toSignedMessage(crypto, one, CHAIN_ID)))
    const reverts = ['08c379a0', '4e487b71'].map((selector) =>
      Uint8Array.from([
        ...Buffer.from(selector, 'hex'),
        ...new Uint8Array(31),
        32,
        ...new Uint8Array(31),
        2,
        104,
        105,
      ]),
    )
    const inputs = fc.record({
      form: fc.constantFrom(...FORMS),
      bytes: fc.oneof(mutated([...raws, ...messages, ...reverts]), fc.uint8Array({ maxLength: 200 })),
    })
    return openTarget(inputs, ({ bytes, form }) => {
      if (form === 'revert') {
        const { data } = readRevert(bytes)
        claim(sameBytes(data, bytes), 'the data of a revert is what it was')
      } else if (form === 'raw') checkRaw(bytes)
      else checkMessage(bytes)
    })

    function checkRaw(bytes: Uint8Array): void {
      const read = attempt(() => parseTransaction(bytes))
      if (!('value' in read)) return
      claim(sameBytes(encodeTransaction(read.value), bytes), 'a transaction is written as it was read')
      const message = attempt(() => toSignedMessage(crypto, read.value, CHAIN_ID))
      if (!('value' in message)) return
      const { from } = message.value.message
      claim(verifyTransactionMessage(crypto, message.value, CHAIN_ID, from), 'its message is its sender’s')
      const again = encodeTransaction(toTransaction(message.value, CHAIN_ID))
      claim(sameBytes(again, bytes), 'a transaction is the same after it was a message')
    }

    function checkMessage(bytes: Uint8Array): void {
      const read = attempt(() => {
        const message = decodeSignedMessage(bytes)
        return { message, transaction: toTransaction(message, CHAIN_ID) }
      })
      if (!('value' in read)) return
      const { message, transaction } = read.value
      const again = { ...message, message: transactionMessage(transaction.transaction, message.message.from) }
      claim(
        sameBytes(encodeSignedMessage(again), encodeSignedMessage(message)),
        'a message that is a transaction is the message of that',
      )
    }
  },
}
