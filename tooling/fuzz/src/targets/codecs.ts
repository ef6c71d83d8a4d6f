/** @module Everything that is encoded in one strict form: what decodes, encodes to bytes that decode to the same. */
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  type Address,
  actorAddress,
  actorStateCodec,
  addressCodec,
  blsAddress,
  decodeActorState,
  decodeAddress,
  decodeAggregateSealVerifyProofAndInfos,
  decodeEventEntries,
  decodeMessage,
  decodePieceInfos,
  decodeReceipt,
  decodeReplicaUpdateInfo,
  decodeSealVerifyInfo,
  decodeSealVerifyInfos,
  decodeSignedMessage,
  decodeWindowPostVerifyInfo,
  delegatedAddress,
  encodeActorState,
  encodeMessage,
  encodeReceipt,
  encodeSignedMessage,
  ethereumAddress,
  ethereumAddressBytes,
  formatAddress,
  formatFil,
  idAddress,
  type Message,
  messageCodec,
  parseAddress,
  parseEthereumHex,
  parseFil,
  signatureCodec,
  stampedEventCodec,
  toEthereumAddress,
  tokenAmountCodec,
} from '@troupe/hypervisor'
import {
  CborWriter,
  type Cid,
  cidOf,
  DAG_CBOR,
  decodeCid,
  decodeValue,
  encodeValue,
  parseCid,
  RAW,
  type ValueCodec,
} from '@troupe/ipld'
import fc from 'fast-check'
import { mutated } from '../mutate.ts'
import { attempt, claim, openTarget, sameBytes, type Target } from '../target.ts'

/** One form, with good examples of it. */
interface Form {
  readonly name: string
  readonly seeds: readonly Uint8Array[]
  decode(bytes: Uint8Array): unknown
  /** Missing where nothing writes the form. */
  encode?(value: never): Uint8Array
}

/** Addresses, amounts, messages, receipts, actors, events, inputs of proofs, CIDs; bytes and text. */
export const codecs: Target = {
  name: 'codecs',
  open: async () => {
    const all = forms(await loadCrypto())
    const inputs = fc
      .nat(all.length - 1)
      .chain((index) =>
        mutated((all[index] as Form).seeds).map((bytes) => ({ form: (all[index] as Form).name, bytes })),
      )
    const byName = new Map(all.map((form) => [form.name, form]))
    return openTarget(inputs, ({ form, bytes }) => checkForm(byName.get(form) as Form, bytes))
  },
}

function checkForm({ decode, encode }: Form, bytes: Uint8Array): void {
  const before = bytes.slice()
  const decoded = attempt(() => decode(bytes))
  claim(sameBytes(bytes, before), 'a reader leaves its input alone')
  if (!('value' in decoded) || encode === undefined) return
  const canonical = encode(decoded.value as never)
  claim(sameBytes(encode(decode(canonical) as never), canonical), 'what was encoded decodes to the same')
}

const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0))
const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** A form with the codec of its values. */
function form<V>(name: string, codec: ValueCodec<V>, ...values: readonly V[]): Form {
  return {
    name,
    seeds: values.map((value) => encodeValue(codec, value)),
    decode: (bytes) => decodeValue(codec, bytes),
    encode: (value: never) => encodeValue(codec, value),
  }
}

/** Good addresses, one of each kind. */
export function sampleAddresses(crypto: CryptoProvider): Address[] {
  return [
    ...[0n, 1n, 1000n, 2n ** 64n - 1n].map(idAddress),
    decodeAddress(Uint8Array.of(1, ...crypto.blake2b(text('key'), 20))),
    actorAddress(crypto, text('actor')),
    blsAddress(new Uint8Array(48).fill(7)),
    delegatedAddress(10n, new Uint8Array(20).fill(9)),
    delegatedAddress(2n ** 64n - 1n, new Uint8Array(54).fill(1)),
  ]
}

function forms(crypto: CryptoProvider): readonly Form[] {
  const addresses = sampleAddresses(crypto)
  const [cid, raw] = [cidOf(crypto, DAG_CBOR, text('a')), cidOf(crypto, RAW, text('b'))] as [Cid, Cid]
  const amounts = [0n, 1n, -1n, 10n ** 27n, 2n ** 1015n - 1n]
  const messages = addresses.map(
    (to): Message => ({
      version: 0n,
      to,
      from: addresses[4] as Address,
      sequence: 2n ** 63n,
      value: 10n ** 18n,
      gasLimit: 1_000_000n,
      gasFeeCap: 100n,
      gasPremium: 1n,
      method: 2n,
      params: Uint8Array.of(1, 2, 3),
    }),
  )
  const signature = { type: 1 as const, data: new Uint8Array(65).fill(3) }
  const actors = amounts.slice(0, 4).map((balance) => ({ code: raw, head: cid, sequence: 7n, balance }))
  const event = { emitter: 1000n, entries: [{ flags: 3n, key: 'k', codec: 0x55n, value: text('v') }] }
  const ethereum = [new Uint8Array(20).fill(9), Uint8Array.of(255, ...new Uint8Array(18), 5)]
  return [
    form('address in CBOR', addressCodec, ...addresses),
    form('token amount', tokenAmountCodec, ...amounts),
    form('message in CBOR', messageCodec, ...messages),
    form('signature', signatureCodec, signature),
    form('actor of 4 fields in CBOR', actorStateCodec(4), ...actors),
    form('event', stampedEventCodec, event),
    {
      name: 'address',
      seeds: addresses.map(({ bytes }) => bytes),
      decode: (bytes) => decodeAddress(bytes),
      encode: ({ bytes }: Address) => bytes,
    },
    {
      name: 'address as text',
      seeds: addresses.map((address) => text(formatAddress(address, crypto))),
      decode: (bytes) => parseAddress(latin1(bytes), crypto).address,
      encode: (address: Address) => text(formatAddress(address, crypto)),
    },
    {
      name: 'Ethereum address',
      seeds: ethereum,
      decode: ethereumAddress,
      encode: (address: Address) => ethereumAddressBytes(address) as Uint8Array,
    },
    {
      name: 'Ethereum address as text',
      seeds: ethereum.map((bytes) => text(toEthereumAddress(ethereumAddress(bytes), crypto) as string)),
      decode: (bytes) => parseEthereumHex(latin1(bytes), crypto),
      encode: (address: Address) => text(toEthereumAddress(address, crypto) as string),
    },
    {
      name: 'amount as text',
      seeds: amounts.map((amount) => text(formatFil(amount))),
      decode: (bytes) => parseFil(latin1(bytes)),
      encode: (amount: bigint) => text(formatFil(amount)),
    },
    {
      name: 'CID',
      seeds: [cid.bytes, raw.bytes, Uint8Array.of(18, 32, ...new Uint8Array(32))],
      decode: decodeCid,
      encode: ({ bytes }: Cid) => bytes,
    },
    {
      name: 'CID as text',
      seeds: [text(cid.toString()), text('QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG')],
      decode: (bytes) => parseCid(latin1(bytes)),
      encode: (value: Cid) => text(value.toString()),
    },
    {
      name: 'message',
      seeds: messages.map(encodeMessage),
      decode: (bytes) => decodeMessage(bytes, { delegated: false }),
      encode: encodeMessage,
    },
    {
      name: 'signed message',
      seeds: messages.map((message) => encodeSignedMessage({ message, signature })),
      decode: (bytes) => decodeSignedMessage(bytes),
      encode: encodeSignedMessage,
    },
    ...([3, 4] as const).map((arity) => ({
      name: `receipt of ${arity} fields`,
      seeds: [encodeReceipt({ exitCode: 16, returnData: text('r'), gasUsed: 9n }, arity)],
      decode: (bytes: Uint8Array) => decodeReceipt(bytes, arity),
      encode: (receipt: never) => encodeReceipt(receipt, arity),
    })),
    {
      name: 'actor of 5 fields',
      seeds: [
        ...actors.map((actor) => encodeActorState(actor, 5)),
        ...addresses.map((delegatedAddress) =>
          encodeActorState({ ...(actors[0] as (typeof actors)[0]), delegatedAddress }, 5),
        ),
      ],
      decode: (bytes) => decodeActorState(bytes, 5),
      encode: (actor: never) => encodeActorState(actor, 5),
    },
    {
      name: 'entries of an event',
      seeds: [encodeValue(stampedEventCodec, event).subarray(4)],
      decode: decodeEventEntries,
    },
    ...Object.entries(proofInputs(cid)).map(([name, [decode, item]]) => ({
      name,
      seeds: [writeItem(new CborWriter(), item).finish()],
      decode,
    })),
  ]
}

/** Something in CBOR: integers, byte strings, CIDs, and arrays of them. */
type Item = number | Uint8Array | Cid | readonly Item[]

function writeItem(writer: CborWriter, item: Item): CborWriter {
  if (typeof item === 'number') return writer.int(item)
  if (item instanceof Uint8Array) return writer.bytes(item)
  return isList(item) ? item.reduce(writeItem, writer.array(item.length)) : writer.cid(item)
}

const isList = (item: Cid | readonly Item[]): item is readonly Item[] => Array.isArray(item)

/** What reads the input of a proof, and a good input. */
function proofInputs(cid: Cid): Record<string, readonly [(bytes: Uint8Array) => unknown, Item]> {
  const noise = new Uint8Array(32).fill(5)
  const seal = [8, [1000, 1], [], noise, noise, noise, cid, cid]
  return {
    pieces: [decodePieceInfos, [[2048, cid]]],
    'proof of spacetime': [decodeWindowPostVerifyInfo, [noise, [[3, noise]], [[8, 1, cid]], 1000]],
    seal: [decodeSealVerifyInfo, seal],
    seals: [decodeSealVerifyInfos, [seal]],
    'aggregate of seals': [
      decodeAggregateSealVerifyProofAndInfos,
      [1000, 8, 0, noise, [[1, noise, noise, cid, cid]]],
    ],
    'replica update': [decodeReplicaUpdateInfo, [3, cid, cid, cid, noise]],
  }
}
