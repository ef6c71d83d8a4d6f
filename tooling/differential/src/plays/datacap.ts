import {
  burnFromParametersCodec,
  burnParametersCodec,
  DATACAP_GRANULARITY,
  DatacapMethod,
  datacapActor,
  decreaseAllowanceParametersCodec,
  destroyParametersCodec,
  getAllowanceParametersCodec,
  increaseAllowanceParametersCodec,
  mintParametersCodec,
  revokeAllowanceParametersCodec,
  transferFromParametersCodec,
  transferParametersCodec,
} from '@troupe/actors'
import {
  type ActorId,
  type Address,
  addressCodec,
  blsAddress,
  idAddress,
  storeEmptyTuple,
} from '@troupe/hypervisor'
import { CBOR, type CborStore, type Cid, DAG_CBOR, DAG_PB, encodeValue, RAW } from '@troupe/ipld'
import { type NativeActor, nativeCode } from '@troupe/runtime-native'
import type { Play, PlayedMessage } from './play.ts'
import type { Random } from './random.ts'
import { burning, grateful, ORDER, orderCodec, refusing } from './receivers.ts'

const DATACAP = 7n
const ACCOUNTS = [100n, 101n, 102n, 103n]
const RECEIVERS = new Map([
  [200n, grateful],
  [201n, refusing],
  [202n, burning],
])
const FIL = 10n ** 18n

/** Random messages to the datacap actor, most of them sensible. */
class DatacapMessages {
  readonly #random: Random
  readonly #governor: Address
  #isConstructed = false

  constructor(random: Random) {
    this.#random = random
    this.#governor = random.weighted([
      [6, idAddress(100n)],
      [4, idAddress(200n)],
      [1, keyOf(100n)],
      [1, idAddress(202n)],
    ])
  }

  next(): PlayedMessage {
    const random = this.#random
    if (!this.#isConstructed) {
      this.#isConstructed = true
      return {
        from: idAddress(0n),
        to: idAddress(DATACAP),
        method: 1n,
        params: encodeValue(addressCodec, this.#governor),
      }
    }
    const { from, method, params } = random.weighted<() => Call>([
      [20, () => this.#mint()],
      [6, () => this.#destroy()],
      [16, () => this.#transfer()],
      [16, () => this.#transferFrom()],
      [24, () => this.#allowance()],
      [10, () => this.#burn()],
      [10, () => this.#view()],
    ])()
    return this.#from(from, BigInt(method), params)
  }

  /** A message from an account, or an order to a receiver. */
  #from(from: Address, method: bigint, params: Uint8Array): PlayedMessage {
    const random = this.#random
    const to = idAddress(DATACAP)
    const receiver = from.id !== undefined && RECEIVERS.has(from.id) ? from : undefined
    if (receiver === undefined) return { from, to, method, params }
    const readOnly = random.chance(10)
    // What is a single byte string in CBOR may be raw bytes as well.
    const isRaw = method === BigInt(DatacapMethod.BALANCE) && random.chance(50)
    const codec = isRaw ? RAW : random.pick([...Array<number>(8).fill(CBOR), DAG_CBOR, RAW, DAG_PB])
    return {
      from: idAddress(random.pick(ACCOUNTS)),
      to: receiver,
      method: ORDER,
      params: encodeValue(orderCodec, {
        to,
        method,
        params: isRaw ? params.subarray(1) : params,
        codec: BigInt(codec),
        readOnly,
      }),
    }
  }

  /** Who sends: an id-address of an account or a receiver. */
  #sender(): Address {
    return idAddress(this.#random.pick([...ACCOUNTS, ...ACCOUNTS, ...RECEIVERS.keys()]))
  }

  #governing(): Address {
    if (this.#random.chance(8)) return this.#sender()
    return this.#governor.id === undefined ? idAddress(100n) : this.#governor
  }

  #somebody(): Address {
    const random = this.#random
    return random.weighted<() => Address>([
      [40, () => this.#sender()],
      [10, () => keyOf(random.pick(ACCOUNTS))],
      [2, () => blsAddress(random.bytes(48))],
      [2, () => idAddress(900n)],
      [2, () => idAddress(3n)],
      [1, () => idAddress(DATACAP)],
    ])()
  }

  #receiver(): Address {
    return this.#random.chance(70) ? this.#governor : this.#somebody()
  }

  #amount(): bigint {
    const random = this.#random
    return random.weighted<() => bigint>([
      [60, () => BigInt(random.below(30)) * DATACAP_GRANULARITY],
      [5, () => BigInt(random.below(30)) * DATACAP_GRANULARITY + BigInt(random.below(3))],
      [2, () => -DATACAP_GRANULARITY * BigInt(random.below(2))],
      [2, () => -5n],
      [1, () => (2n ** 1015n / DATACAP_GRANULARITY) * DATACAP_GRANULARITY],
      [1, () => 2n ** 64n * DATACAP_GRANULARITY],
    ])()
  }

  #mint(): Call {
    const operators = Array.from({ length: this.#random.pick([0, 0, 1, 2]) }, () => this.#somebody())
    const params = encodeValue(mintParametersCodec, {
      to: this.#somebody(),
      amount: this.#amount(),
      operators,
    })
    return { from: this.#governing(), method: DatacapMethod.MINT, params }
  }

  #destroy(): Call {
    const params = encodeValue(destroyParametersCodec, { owner: this.#somebody(), amount: this.#amount() })
    return { from: this.#governing(), method: DatacapMethod.DESTROY, params }
  }

  #transfer(): Call {
    const isGoverned = this.#random.chance(40)
    const params = encodeValue(transferParametersCodec, {
      to: isGoverned ? this.#somebody() : this.#receiver(),
      amount: this.#amount(),
      operatorData: this.#random.bytes(this.#random.below(6)),
    })
    return {
      from: isGoverned ? this.#governing() : this.#sender(),
      method: DatacapMethod.TRANSFER,
      params,
    }
  }

  #transferFrom(): Call {
    const params = encodeValue(transferFromParametersCodec, {
      from: this.#somebody(),
      to: this.#receiver(),
      amount: this.#amount(),
      operatorData: this.#random.bytes(this.#random.below(6)),
    })
    return { from: this.#sender(), method: DatacapMethod.TRANSFER_FROM, params }
  }

  #allowance(): Call {
    const random = this.#random
    const operator = this.#somebody()
    const amount = random.chance(50) ? this.#amount() : BigInt(random.below(1000))
    const [method, params] = random.weighted([
      [
        5,
        [
          DatacapMethod.INCREASE_ALLOWANCE,
          encodeValue(increaseAllowanceParametersCodec, { operator, increase: amount }),
        ] as const,
      ],
      [
        3,
        [
          DatacapMethod.DECREASE_ALLOWANCE,
          encodeValue(decreaseAllowanceParametersCodec, { operator, decrease: amount }),
        ] as const,
      ],
      [
        2,
        [DatacapMethod.REVOKE_ALLOWANCE, encodeValue(revokeAllowanceParametersCodec, { operator })] as const,
      ],
    ])
    return { from: this.#sender(), method, params }
  }

  #burn(): Call {
    const amount = this.#amount()
    if (this.#random.chance(40))
      return {
        from: this.#sender(),
        method: DatacapMethod.BURN,
        params: encodeValue(burnParametersCodec, { amount }),
      }
    const params = encodeValue(burnFromParametersCodec, { owner: this.#somebody(), amount })
    return { from: this.#sender(), method: DatacapMethod.BURN_FROM, params }
  }

  #view(): Call {
    const random = this.#random
    const none = new Uint8Array()
    const [method, params] = random.pick([
      [DatacapMethod.NAME, none],
      [DatacapMethod.SYMBOL, none],
      [DatacapMethod.GRANULARITY, none],
      [DatacapMethod.TOTAL_SUPPLY, none],
      [DatacapMethod.TOTAL_SUPPLY, random.bytes(1)],
      [DatacapMethod.BALANCE, encodeValue(addressCodec, this.#somebody())],
      [DatacapMethod.BALANCE, encodeValue(addressCodec, this.#sender())],
      [
        DatacapMethod.ALLOWANCE,
        encodeValue(getAllowanceParametersCodec, { owner: this.#somebody(), operator: this.#somebody() }),
      ],
      [2, none],
      [2 ** 24, none],
      [1, encodeValue(addressCodec, this.#somebody())],
    ] as const)
    return { from: this.#sender(), method, params }
  }
}

interface Call {
  readonly from: Address
  readonly method: number
  readonly params: Uint8Array
}

function keyOf(account: ActorId): Address {
  return blsAddress(new Uint8Array(48).fill(Number(account)))
}

/** The state of an actor without any; its code is stored along with it. */
function withCode(actor: NativeActor): (store: CborStore) => Cid {
  return (store) => {
    store.putBlock(DAG_CBOR, actor.descriptor)
    return storeEmptyTuple(store)
  }
}

/** Datacap: minted, moved, spent by operators and burnt, with receivers that answer, refuse, and burn what they get. */
export const datacapPlay: Play = {
  actor: 'datacap',
  native: datacapActor,
  others: [...RECEIVERS.values()],
  leap: 20,
  world: (crypto) => ({
    accounts: ACCOUNTS.map((id) => ({ address: keyOf(id), balance: 10n ** 6n * FIL })),
    actors: [
      { id: DATACAP, code: 'datacap', head: storeEmptyTuple },
      ...[...RECEIVERS].map(([id, actor]) => ({
        id,
        code: nativeCode(crypto, actor),
        head: withCode(actor),
      })),
    ],
  }),
  start: (_, random) => new DatacapMessages(random),
}
