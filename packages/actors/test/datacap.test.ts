import {
  burnFromParametersCodec,
  burnFromReturnCodec,
  burnParametersCodec,
  burnReturnCodec,
  constructStorageActors,
  createGenesis,
  DATACAP_GRANULARITY,
  DatacapMethod,
  type DatacapState,
  datacapActor,
  datacapStateCodec,
  decreaseAllowanceParametersCodec,
  destroyParametersCodec,
  FRC46_TOKEN_TYPE,
  frc46TokenReceivedCodec,
  getAllowanceParametersCodec,
  INFINITE_ALLOWANCE,
  increaseAllowanceParametersCodec,
  mintParametersCodec,
  mintReturnCodec,
  RECEIVE_METHOD,
  revokeAllowanceParametersCodec,
  SYSTEM_ACTORS,
  transferFromParametersCodec,
  transferFromReturnCodec,
  transferParametersCodec,
  transferReturnCodec,
  universalReceiverParametersCodec,
} from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import {
  type Address,
  addressCodec,
  blsAddress,
  exitCodeName,
  idAddress,
  LocalExterns,
  Machine,
  methodNumber,
  rulesOf,
  tokenAmountCodec,
} from '@troupe/hypervisor'
import {
  CBOR,
  CborStore,
  type Cid,
  decodeValue,
  encodeValue,
  MemoryBlockstore,
  RAW,
  type ValueCodec,
} from '@troupe/ipld'
import { nativeRuntime, storeNativeManifest, textCodec, u64Codec } from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'
import { burning, grateful, ORDER, orderCodec, refusing } from './support/receivers.ts'
import { createStage, type Stage, type StagedActor } from './support/stage.ts'

const SYSTEM = idAddress(0n)
const DATACAP = idAddress(7n)
const [GOVERNOR, ALICE, BOB, CARLA] = [100n, 101n, 102n, 103n].map(idAddress) as [
  Address,
  Address,
  Address,
  Address,
]
const [GRATEFUL, REFUSING, BURNING] = [200n, 201n, 202n].map(idAddress) as [Address, Address, Address]
const BOBS_KEY = blsAddress(new Uint8Array(48).fill(102))
const UNKNOWN_KEY = blsAddress(new Uint8Array(48).fill(9))
const TOKEN = DATACAP_GRANULARITY
const NOTHING = new Uint8Array()
const M = DatacapMethod

interface Ended {
  readonly exit: string
  readonly data: Uint8Array
}

/**
 * A datacap actor on a stage. Expectations are those of builtin-actors v18 actors/datacap/tests/datacap_actor_test.rs, and of the unit tests in
 * frc46_token 15.0.0 src/token/{mod,state}.rs.
 */
class Harness {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  static async create(governor: Address = GOVERNOR): Promise<Harness> {
    const actors = new Map<bigint, StagedActor>([
      [7n, { code: 'datacap' }],
      ...[grateful, refusing, burning].map(({ name }, i) => [200n + BigInt(i), { code: name }] as const),
    ])
    for (const id of [100n, 101n, 102n, 103n])
      actors.set(id, {
        code: 'account',
        balance: 10n ** 18n,
        key: blsAddress(new Uint8Array(48).fill(Number(id))),
      })
    const stage = await createStage([...SYSTEM_ACTORS, datacapActor], [grateful, refusing, burning], actors)
    const harness = new Harness(stage)
    expect(harness.call(SYSTEM, M.CONSTRUCTOR, addressCodec, governor).exit).toBe('OK')
    return harness
  }

  get state(): DatacapState {
    return decodeValue(datacapStateCodec, this.stage.stateOf(7n))
  }

  send(from: Address, to: Address, method: bigint, params: Uint8Array): Ended {
    const { receipt } = this.stage.apply({ from, to, method, params, kind: 'implicit' })
    return { exit: exitCodeName(receipt.exitCode), data: receipt.returnData }
  }

  call<P>(from: Address, method: number, codec: ValueCodec<P>, parameters: P): Ended {
    return this.send(from, DATACAP, BigInt(method), encodeValue(codec, parameters))
  }

  mint(to: Address, amount: bigint, operators: readonly Address[] = [], from: Address = GOVERNOR): Ended {
    return this.call(from, M.MINT, mintParametersCodec, { to, amount, operators })
  }

  transfer(from: Address, to: Address, amount: bigint, operatorData: Uint8Array = NOTHING): Ended {
    return this.call(from, M.TRANSFER, transferParametersCodec, { to, amount, operatorData })
  }

  transferFrom(operator: Address, from: Address, to: Address, amount: bigint): Ended {
    const params = { from, to, amount, operatorData: NOTHING }
    return this.call(operator, M.TRANSFER_FROM, transferFromParametersCodec, params)
  }

  balance(owner: Address): bigint {
    return decodeValue(tokenAmountCodec, this.call(CARLA, M.BALANCE, addressCodec, owner).data)
  }

  allowance(owner: Address, operator: Address): bigint {
    const { data } = this.call(CARLA, M.ALLOWANCE, getAllowanceParametersCodec, { owner, operator })
    return decodeValue(tokenAmountCodec, data)
  }

  increase(from: Address, operator: Address, increase: bigint): Ended {
    return this.call(from, M.INCREASE_ALLOWANCE, increaseAllowanceParametersCodec, { operator, increase })
  }
}

describe('the token', () => {
  it('says what it is', async () => {
    const harness = await Harness.create()
    const ask = (method: number): Uint8Array => harness.send(CARLA, DATACAP, BigInt(method), NOTHING).data
    expect(decodeValue(textCodec, ask(M.NAME))).toBe('DataCap')
    expect(decodeValue(textCodec, ask(M.SYMBOL))).toBe('DCAP')
    expect(decodeValue(u64Codec, ask(M.GRANULARITY))).toBe(10n ** 18n)
    expect(decodeValue(tokenAmountCodec, ask(M.TOTAL_SUPPLY))).toBe(0n)
    expect(INFINITE_ALLOWANCE).toBe(10n ** 39n)
  })

  it('has the method numbers of its names', async () => {
    const { stage } = await Harness.create()
    for (const [name, number] of Object.entries(M)) {
      const exported = name
        .toLowerCase()
        .replace(/(^|_)(.)/g, (_, _line, letter: string) => letter.toUpperCase())
      expect(methodNumber(stage.crypto, exported)).toBe(BigInt(number))
    }
    expect(methodNumber(stage.crypto, 'Receive')).toBe(RECEIVE_METHOD)
    expect(methodNumber(stage.crypto, 'FRC46')).toBe(BigInt(FRC46_TOKEN_TYPE))
  })

  it('is constructed by the system, for a governor that exists, with an empty state', async () => {
    const harness = await Harness.create()
    const { governor, token } = harness.state
    expect(governor.id).toBe(100n)
    expect(token).toMatchObject({ supply: 0n, hamtBitWidth: 3 })
    const map = token.balances.bytes.toHex()
    expect(token.allowances.bytes.toHex()).toBe(map)
    expect(harness.stage.stateOf(7n).toHex()).toBe(`82420064844${'0d82a582700'}${map}d82a582700${map}03`)
    expect(harness.call(ALICE, M.CONSTRUCTOR, addressCodec, GOVERNOR).exit).toBe('USR_FORBIDDEN')
    expect(harness.call(SYSTEM, M.CONSTRUCTOR, addressCodec, UNKNOWN_KEY).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.call(SYSTEM, M.CONSTRUCTOR, addressCodec, GOVERNOR).exit).toBe('USR_ILLEGAL_STATE')
  })
})

describe('a genesis', () => {
  it('can have the token, with the registry of verified clients as its governor', async () => {
    const crypto = await loadCrypto()
    const store = new CborStore(new MemoryBlockstore(), crypto)
    const actors = [...SYSTEM_ACTORS, datacapActor]
    const rules = rulesOf(28)
    const manifest = storeNativeManifest(store, actors)
    const root = createGenesis(store, { rules, networkName: 'test', manifest, storageActors: ['datacap'] })
    const machine = Machine.create({
      context: { epoch: 0n, timestamp: 0n, baseFee: 0n, circulatingSupply: 0n, chainId: 1n },
      externs: new LocalExterns(crypto, new Uint8Array(32)),
      runtimes: [nativeRuntime({ crypto, actors })],
      ...{ rules, root, crypto, blocks: store.blocks },
    })
    constructStorageActors(machine, ['datacap'], GOVERNOR)
    const head = machine.state.getActor(7n)?.head as Cid
    const state = decodeValue(datacapStateCodec, machine.blocks.get(head) as Uint8Array)
    expect(state.governor.id).toBe(6n)
  })
})

describe('Mint', () => {
  it('adds to balances and supply', async () => {
    const harness = await Harness.create()
    const minted = (data: Uint8Array) => decodeValue(mintReturnCodec, data)
    expect(minted(harness.mint(ALICE, TOKEN).data)).toEqual({
      balance: TOKEN,
      supply: TOKEN,
      recipientData: NOTHING,
    })
    expect(minted(harness.mint(BOBS_KEY, TOKEN).data)).toMatchObject({ balance: TOKEN, supply: 2n * TOKEN })
    expect([ALICE, BOB, CARLA, UNKNOWN_KEY].map((owner) => harness.balance(owner))).toEqual([
      TOKEN,
      TOKEN,
      0n,
      0n,
    ])
    expect(harness.state.token.supply).toBe(2n * TOKEN)
  })

  it('is for the governor, of whole tokens, for those who exist', async () => {
    const harness = await Harness.create()
    expect(harness.mint(ALICE, TOKEN, [], BOB).exit).toBe('USR_FORBIDDEN')
    expect(harness.mint(ALICE, 100n).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.mint(ALICE, -TOKEN).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.mint(UNKNOWN_KEY, TOKEN).exit).toBe('USR_NOT_FOUND')
    expect(harness.mint(idAddress(999n), TOKEN).exit).toBe('USR_UNSPECIFIED')
    expect(harness.state.token.supply).toBe(0n)
    expect(harness.mint(ALICE, 0n).exit).toBe('OK')
  })

  it('lets operators spend without end, each time anew', async () => {
    const harness = await Harness.create()
    harness.mint(ALICE, 42n * TOKEN, [BOB])
    harness.mint(ALICE, 42n * TOKEN, [BOB])
    expect(harness.allowance(ALICE, BOB)).toBe(INFINITE_ALLOWANCE)
    const { exit, data } = harness.transferFrom(BOB, ALICE, GOVERNOR, 84n * TOKEN)
    expect(exit).toBe('OK')
    const left = INFINITE_ALLOWANCE - 84n * TOKEN
    expect(decodeValue(transferFromReturnCodec, data)).toEqual({
      ...{ fromBalance: 0n, toBalance: 84n * TOKEN, allowance: left, recipientData: NOTHING },
    })
    harness.mint(ALICE, TOKEN, [BOB])
    expect(harness.allowance(ALICE, BOB)).toBe(INFINITE_ALLOWANCE)
  })

  it('panics where an operator does not exist, because nobody has called the receiver', async () => {
    const harness = await Harness.create()
    expect(harness.mint(ALICE, TOKEN, [UNKNOWN_KEY]).exit).toBe('USR_ASSERTION_FAILED')
    // There is no receiver to call where the tokens cannot be made either.
    expect(harness.mint(ALICE, 5n, [UNKNOWN_KEY]).exit).toBe('USR_NOT_FOUND')
    expect(harness.mint(ALICE, 5n, [BOB]).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.balance(ALICE)).toBe(0n)
  })

  it('refuses amounts that no state can hold', async () => {
    const harness = await Harness.create()
    const most = ((2n ** 1016n - 1n) / TOKEN) * TOKEN
    expect(harness.mint(ALICE, most).exit).toBe('OK')
    expect(harness.mint(ALICE, most).exit).toBe('USR_SERIALIZATION')
    // Balances fit, but not the supply; and the receiver was not called.
    expect(harness.mint(BOB, most).exit).toBe('USR_ASSERTION_FAILED')
    expect(harness.state.token.supply).toBe(most)
  })
})

describe('Transfer', () => {
  it('is to the governor, or by it', async () => {
    const harness = await Harness.create()
    harness.mint(ALICE, TOKEN)
    expect(harness.transfer(ALICE, BOB, TOKEN).exit).toBe('USR_FORBIDDEN')
    expect(harness.transfer(ALICE, GOVERNOR, 2n * TOKEN).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(harness.transfer(ALICE, GOVERNOR, 1n).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.transfer(ALICE, UNKNOWN_KEY, TOKEN).exit).toBe('USR_ILLEGAL_ARGUMENT')
    const { data } = harness.transfer(ALICE, GOVERNOR, TOKEN)
    expect(decodeValue(transferReturnCodec, data)).toEqual({
      ...{ fromBalance: 0n, toBalance: TOKEN, recipientData: NOTHING },
    })
    expect(harness.transfer(GOVERNOR, BOB, TOKEN).exit).toBe('OK')
    expect(harness.transfer(GOVERNOR, GOVERNOR, 0n).exit).toBe('OK')
    expect(harness.transfer(GOVERNOR, GOVERNOR, TOKEN).exit).toBe('USR_INSUFFICIENT_FUNDS')
  })

  it('compares the governor as the constructor was given it', async () => {
    const harness = await Harness.create(BOBS_KEY)
    expect(harness.transfer(BOB, BOB, 0n).exit).toBe('USR_FORBIDDEN')
    expect(harness.mint(ALICE, TOKEN, [], BOB).exit).toBe('USR_FORBIDDEN')
  })

  it('tells the receiver, and gives its answer', async () => {
    const harness = await Harness.create()
    harness.mint(GOVERNOR, 5n * TOKEN)
    const calls: Uint8Array[] = []
    const params = encodeValue(transferParametersCodec, {
      ...{ to: GRATEFUL, amount: TOKEN, operatorData: Uint8Array.of(1, 2) },
    })
    const message = {
      from: GOVERNOR,
      to: DATACAP,
      method: BigInt(M.TRANSFER),
      params,
      kind: 'implicit',
    } as const
    const { receipt } = harness.stage.apply(message, (event) => {
      if (event.type === 'call' && event.method === RECEIVE_METHOD)
        calls.push((event.parameters as { data: Uint8Array }).data)
    })
    expect(decodeValue(transferReturnCodec, receipt.returnData).recipientData).toEqual(
      Uint8Array.of(0x42, 1, 2),
    )
    expect(calls).toHaveLength(1)
    const { type, payload } = decodeValue(universalReceiverParametersCodec, calls[0] as Uint8Array)
    expect(type).toBe(FRC46_TOKEN_TYPE)
    expect(decodeValue(frc46TokenReceivedCodec, payload)).toEqual({
      ...{ from: 100n, to: 200n, operator: 100n, amount: TOKEN },
      ...{ operatorData: Uint8Array.of(1, 2), tokenData: NOTHING },
    })
  })

  it('fails as its receiver does, and gives balances of before its receiver spent them', async () => {
    const harness = await Harness.create()
    harness.mint(GOVERNOR, 5n * TOKEN)
    expect(harness.transfer(GOVERNOR, REFUSING, TOKEN)).toEqual({ exit: 'ACTOR_77', data: NOTHING })
    expect(harness.balance(GOVERNOR)).toBe(5n * TOKEN)
    const { data } = harness.transfer(GOVERNOR, BURNING, TOKEN)
    expect(decodeValue(transferReturnCodec, data)).toMatchObject({ toBalance: TOKEN })
    expect(harness.balance(BURNING)).toBe(0n)
    expect(harness.state.token.supply).toBe(4n * TOKEN)
  })
})

describe('TransferFrom', () => {
  it('is to the governor only', async () => {
    const harness = await Harness.create()
    harness.mint(ALICE, TOKEN, [BOB])
    harness.mint(GOVERNOR, TOKEN, [BOB])
    expect(harness.transferFrom(BOB, ALICE, CARLA, TOKEN).exit).toBe('USR_FORBIDDEN')
    expect(harness.transferFrom(BOB, ALICE, BOB, TOKEN).exit).toBe('USR_FORBIDDEN')
    expect(harness.transferFrom(BOB, GOVERNOR, ALICE, TOKEN).exit).toBe('USR_FORBIDDEN')
    expect(harness.transferFrom(BOB, GOVERNOR, GOVERNOR, TOKEN).exit).toBe('OK')
  })

  it('takes an allowance that is enough, of somebody else', async () => {
    const harness = await Harness.create()
    harness.mint(ALICE, 3n * TOKEN)
    expect(harness.transferFrom(BOB, ALICE, GOVERNOR, 0n).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(harness.increase(ALICE, BOBS_KEY, TOKEN + 5n).exit).toBe('OK')
    expect(harness.transferFrom(BOB, ALICE, GOVERNOR, 2n * TOKEN).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(harness.transferFrom(BOB, UNKNOWN_KEY, GOVERNOR, TOKEN).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(harness.transferFrom(BOB, BOB, GOVERNOR, TOKEN).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.transferFrom(BOB, BOBS_KEY, GOVERNOR, TOKEN).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.transferFrom(BOB, ALICE, GOVERNOR, 0n).exit).toBe('OK')
    expect(harness.transferFrom(BOB, ALICE, GOVERNOR, TOKEN).exit).toBe('OK')
    expect(harness.allowance(ALICE, BOB)).toBe(5n)
  })
})

describe('allowances', () => {
  it('go up and down, and not below zero', async () => {
    const harness = await Harness.create()
    const empty = harness.state.token.allowances.toString()
    const amount = ({ data }: Ended): bigint => decodeValue(tokenAmountCodec, data)
    const decrease = (operator: Address, decrease: bigint): Ended =>
      harness.call(ALICE, M.DECREASE_ALLOWANCE, decreaseAllowanceParametersCodec, { operator, decrease })
    const revoke = (operator: Address): Ended =>
      harness.call(ALICE, M.REVOKE_ALLOWANCE, revokeAllowanceParametersCodec, { operator })
    expect(amount(decrease(BOB, 5n))).toBe(0n)
    expect(amount(harness.increase(ALICE, BOB, 100n))).toBe(100n)
    expect(amount(harness.increase(ALICE, BOB, 0n))).toBe(100n)
    expect(amount(decrease(BOB, 40n))).toBe(60n)
    expect(harness.allowance(ALICE, BOBS_KEY)).toBe(60n)
    expect(harness.allowance(BOB, ALICE)).toBe(0n)
    expect(harness.allowance(UNKNOWN_KEY, ALICE)).toBe(0n)
    expect(amount(harness.increase(ALICE, CARLA, 7n))).toBe(7n)
    expect(amount(revoke(BOB))).toBe(60n)
    expect(amount(revoke(BOB))).toBe(0n)
    expect(amount(revoke(UNKNOWN_KEY))).toBe(0n)
    expect(amount(decrease(CARLA, 8n))).toBe(0n)
    // Nothing that is zero is kept.
    expect(harness.state.token.allowances.toString()).toBe(empty)
  })

  it('are neither negative nor for those who do not exist', async () => {
    const harness = await Harness.create()
    expect(harness.increase(ALICE, BOB, -1n).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.increase(ALICE, UNKNOWN_KEY, 1n).exit).toBe('USR_NOT_FOUND')
    const negative = { operator: BOB, decrease: -1n }
    expect(harness.call(ALICE, M.DECREASE_ALLOWANCE, decreaseAllowanceParametersCodec, negative).exit).toBe(
      'USR_ILLEGAL_ARGUMENT',
    )
  })
})

describe('burning', () => {
  it('takes from balance and supply, by the holder or an operator', async () => {
    const harness = await Harness.create()
    harness.mint(ALICE, 5n * TOKEN)
    const burn = (from: Address, amount: bigint): Ended =>
      harness.call(from, M.BURN, burnParametersCodec, { amount })
    const burnFrom = (from: Address, owner: Address, amount: bigint): Ended =>
      harness.call(from, M.BURN_FROM, burnFromParametersCodec, { owner, amount })
    expect(decodeValue(burnReturnCodec, burn(ALICE, TOKEN).data)).toEqual({ balance: 4n * TOKEN })
    expect(burn(BOB, TOKEN).exit).toBe('USR_INSUFFICIENT_FUNDS')
    expect(burn(BOB, 0n).exit).toBe('OK')
    expect(burn(ALICE, 1n).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(burnFrom(ALICE, ALICE, TOKEN).exit).toBe('USR_ILLEGAL_ARGUMENT')
    expect(burnFrom(BOB, ALICE, TOKEN).exit).toBe('USR_INSUFFICIENT_FUNDS')
    harness.increase(ALICE, BOB, 2n * TOKEN)
    expect(decodeValue(burnFromReturnCodec, burnFrom(BOB, ALICE, TOKEN).data)).toEqual({
      ...{ balance: 3n * TOKEN, allowance: TOKEN },
    })
    expect(harness.state.token.supply).toBe(3n * TOKEN)
  })

  it('needs no allowance where the governor destroys', async () => {
    const harness = await Harness.create()
    harness.mint(ALICE, 2n * TOKEN, [BOB])
    const params = { owner: ALICE, amount: TOKEN }
    expect(harness.call(BOB, M.DESTROY, destroyParametersCodec, params).exit).toBe('USR_FORBIDDEN')
    const { data } = harness.call(GOVERNOR, M.DESTROY, destroyParametersCodec, params)
    expect(decodeValue(burnReturnCodec, data)).toEqual({ balance: TOKEN })
    const strange = { owner: UNKNOWN_KEY, amount: TOKEN }
    expect(harness.call(GOVERNOR, M.DESTROY, destroyParametersCodec, strange).exit).toBe('USR_NOT_FOUND')
  })
})

describe('parameters', () => {
  it('may be raw bytes where they are one address', async () => {
    const harness = await Harness.create()
    harness.mint(ALICE, TOKEN)
    const ask = (params: Uint8Array): string => {
      const told = { to: DATACAP, method: BigInt(M.BALANCE), params, codec: BigInt(RAW), readOnly: false }
      return harness.send(BOB, GRATEFUL, ORDER, encodeValue(orderCodec, told)).data.toHex()
    }
    expect(ask(ALICE.bytes)).toBe('8300004a49000de0b6b3a7640000')
    expect(ask(encodeValue(addressCodec, ALICE))).toBe('83150040')
  })
})

describe('a read-only call', () => {
  it('panics where a receiver would have to be called, and is refused elsewhere', async () => {
    const harness = await Harness.create(GRATEFUL)
    const order = (method: number, params: Uint8Array): Uint8Array => {
      const told = { to: DATACAP, method: BigInt(method), params, codec: BigInt(CBOR), readOnly: true }
      return harness.send(ALICE, GRATEFUL, ORDER, encodeValue(orderCodec, told)).data
    }
    const mint = encodeValue(mintParametersCodec, { to: ALICE, amount: TOKEN, operators: [] })
    expect(order(M.MINT, mint).toHex()).toBe('83181800' + '40')
    expect(order(M.BURN, encodeValue(burnParametersCodec, { amount: 0n })).toHex()).toBe('83181900' + '40')
  })
})
