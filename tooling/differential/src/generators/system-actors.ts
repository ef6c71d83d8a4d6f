import {
  AccountMethod,
  authenticateMessageParametersCodec,
  awardBlockRewardParametersCodec,
  CronMethod,
  create2ParametersCodec,
  createParametersCodec,
  cronStateCodec,
  EamMethod,
  exec4ParametersCodec,
  execParametersCodec,
  InitMethod,
  RewardMethod,
} from '@troupe/actors'
import { idAddress } from '@troupe/hypervisor'
import { CborWriter, encodeValue } from '@troupe/ipld'
import { bigIntCodec, bytesCodec, optionalCodec, textCodec, tupleCodec } from '@troupe/runtime-native'
import fc, { type Arbitrary } from 'fast-check'
import type { World } from '../world.ts'
import { address, amount, bytes, encoded, encodedAddress, i64, u64 } from './arbitraries.ts'
import type { Generator, Parameters } from './generator.ts'

const SYSTEM = idAddress(0n)
const SYSTEM_ONLY = [SYSTEM]
const id = (...ids: number[]) => ids.map((number) => idAddress(BigInt(number)))

/** Stores the first word of its input, and returns it. */
const CONTRACT = '6000358060005560005260206000f3'
/** Returns the contract. */
const INITCODE = Uint8Array.from(`600f80600b6000396000f3${CONTRACT}`.match(/../g) ?? [], (byte) =>
  Number.parseInt(byte, 16),
)
const initcode: Arbitrary<Uint8Array> = fc.oneof(fc.constant(INITCODE), bytes)

const system: Generator = {
  actor: 'system',
  relays: [0, 204],
  receivers: (world) => world.fresh('system'),
  methods: () => [{ name: 'Constructor', number: 1n, callers: SYSTEM_ONLY }],
}

const init: Generator = {
  actor: 'init',
  relays: [0, 10, 204],
  receivers: () => id(1),
  methods: (world) => [
    {
      name: 'Constructor',
      number: BigInt(InitMethod.CONSTRUCTOR),
      parameters: encoded(tupleCodec({ networkName: textCodec }), fc.record({ networkName: fc.string() })),
      callers: SYSTEM_ONLY,
      receivers: world.fresh('init'),
    },
    { name: 'Exec', number: BigInt(InitMethod.EXEC), parameters: exec(world), weight: 3 },
    {
      name: 'Exec4',
      number: BigInt(InitMethod.EXEC4),
      parameters: exec4(),
      callers: id(10),
      weight: 2,
    },
  ],
}

const codeNames = fc.constantFrom(
  ...[
    'multisig',
    'multisig',
    'multisig',
    'multisig',
    'multisig',
    'paymentchannel',
    'storageminer',
    'account',
    'evm',
    'init',
  ],
)

/** Makes a multisig mostly, as it should be made. */
function exec(world: World): Arbitrary<Parameters> {
  const signer = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...id(100, 101, 103)) }, address(world))
  const multisig = fc
    .tuple(fc.array(signer, { maxLength: 3 }), fc.nat({ max: 3 }))
    .map(([signers, threshold]) => {
      const writer = new CborWriter().array(4).array(signers.length)
      for (const signer of signers) writer.bytes(signer.bytes)
      return writer.uint(threshold).uint(0).uint(0).finish()
    })
  return fc.tuple(codeNames, fc.oneof({ weight: 3, arbitrary: multisig }, bytes)).map(
    ([name, constructorParameters]): Parameters =>
      (codeOf) =>
        encodeValue(execParametersCodec, { code: codeOf(name), constructorParameters }),
  )
}

function exec4(): Arbitrary<Parameters> {
  const parameters = initcode.map((code) =>
    new CborWriter().array(2).bytes(new Uint8Array(20).fill(3)).bytes(code).finish(),
  )
  const subaddress = fc.oneof(
    fc.nat({ max: 8 }).map((byte) => new Uint8Array(20).fill(byte)),
    fc.constantFrom(0xe1, 0xe2, 0xe3).map((byte) => new Uint8Array(20).fill(byte)),
    fc.uint8Array({ maxLength: 60 }),
  )
  return fc.tuple(fc.constantFrom('evm', 'evm', 'multisig', 'placeholder'), parameters, subaddress).map(
    ([name, constructorParameters, sub]): Parameters =>
      (codeOf) =>
        encodeValue(exec4ParametersCodec, { code: codeOf(name), constructorParameters, subaddress: sub }),
  )
}

const cron: Generator = {
  actor: 'cron',
  relays: [0, 204],
  receivers: (world) => [...id(3), ...world.fresh('cron')],
  methods: (world) => [
    {
      name: 'Constructor',
      number: BigInt(CronMethod.CONSTRUCTOR),
      parameters: encoded(
        cronStateCodec,
        fc.record({
          entries: fc.array(fc.record({ receiver: address(world), method: u64 }), { maxLength: 5 }),
        }),
      ),
      callers: SYSTEM_ONLY,
      receivers: world.fresh('cron'),
    },
    { name: 'EpochTick', number: BigInt(CronMethod.EPOCH_TICK), callers: SYSTEM_ONLY },
  ],
}

const account: Generator = {
  actor: 'account',
  relays: [0, 204],
  receivers: (world) => [...id(99, 100, 101, 103, 209, 210), ...world.fresh('account')],
  methods: (world) => [
    {
      name: 'Constructor',
      number: BigInt(AccountMethod.CONSTRUCTOR),
      parameters: encodedAddress(world),
      callers: SYSTEM_ONLY,
      receivers: world.fresh('account'),
    },
    { name: 'PubkeyAddress', number: BigInt(AccountMethod.PUBKEY_ADDRESS) },
    {
      name: 'AuthenticateMessage',
      number: BigInt(AccountMethod.AUTHENTICATE_MESSAGE),
      parameters: signed(world),
      weight: 3,
    },
  ],
}

/** Signatures of one of the world's keys, right or wrong; for whatever account it is sent to. */
function signed(world: World): Arbitrary<Parameters> {
  return encoded(
    authenticateMessageParametersCodec,
    fc.oneof(
      fc
        .tuple(fc.constantFrom(...world.keys), fc.uint8Array({ maxLength: 40 }))
        .map(([key, message]) => ({ signature: key.sign(message), message })),
      fc.record({ signature: bytes, message: bytes }),
    ),
  )
}

const ethaccount: Generator = {
  actor: 'ethaccount',
  relays: [0, 204],
  receivers: (world) => [...id(102, 211), ...world.fresh('ethaccount')],
  methods: () => [{ name: 'Constructor', number: 1n, callers: SYSTEM_ONLY }],
}

const placeholder: Generator = {
  actor: 'placeholder',
  relays: [204],
  receivers: () => id(202),
  methods: () => [{ name: 'any', number: 1n, parameters: encoded(bytesCodec, bytes) }],
}

const eam: Generator = {
  actor: 'eam',
  relays: [0, 204],
  receivers: () => id(10),
  methods: (world) => [
    {
      name: 'Constructor',
      number: BigInt(EamMethod.CONSTRUCTOR),
      callers: SYSTEM_ONLY,
      receivers: [...id(10), ...world.fresh('eam')],
    },
    {
      name: 'Create',
      number: BigInt(EamMethod.CREATE),
      parameters: encoded(createParametersCodec, fc.record({ initcode, nonce: u64 })),
      callers: id(201, 206, 207, 208),
      weight: 2,
    },
    {
      name: 'Create2',
      number: BigInt(EamMethod.CREATE2),
      parameters: encoded(
        create2ParametersCodec,
        fc.record({ initcode, salt: fc.nat({ max: 3 }).map((byte) => new Uint8Array(32).fill(byte)) }),
      ),
      callers: id(201, 206, 207, 208),
      weight: 2,
    },
    {
      name: 'CreateExternal',
      number: BigInt(EamMethod.CREATE_EXTERNAL),
      parameters: encoded(bytesCodec, initcode),
      callers: id(100, 101, 102, 103, 202, 209, 211),
      weight: 3,
    },
  ],
}

/** Bytes of storage: up to twice the baseline, and sometimes far off. */
const power: Arbitrary<bigint | undefined> = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt(0n, 6n * 10n ** 18n) },
  fc.bigInt(-(10n ** 20n), 10n ** 25n),
  fc.constant(undefined),
)

const reward: Generator = {
  actor: 'reward',
  relays: [0, 4, 204],
  receivers: () => id(2),
  methods: (world) => [
    {
      name: 'Constructor',
      number: BigInt(RewardMethod.CONSTRUCTOR),
      parameters: encoded(optionalCodec(bigIntCodec), power),
      callers: SYSTEM_ONLY,
      receivers: world.fresh('reward'),
    },
    {
      name: 'AwardBlockReward',
      number: BigInt(RewardMethod.AWARD_BLOCK_REWARD),
      parameters: encoded(
        awardBlockRewardParametersCodec,
        fc.record({
          miner: fc.oneof(fc.constantFrom(...id(100, 204, 99, 900)), address(world)),
          penalty: amount,
          gasReward: amount,
          winCount: fc.oneof({ weight: 4, arbitrary: fc.bigInt(1n, 5n) }, i64),
        }),
      ),
      callers: SYSTEM_ONLY,
      receivers: [...id(2, 2, 2), ...world.fresh('reward')],
      weight: 3,
    },
    { name: 'ThisEpochReward', number: BigInt(RewardMethod.THIS_EPOCH_REWARD) },
    {
      name: 'UpdateNetworkKPI',
      number: BigInt(RewardMethod.UPDATE_NETWORK_KPI),
      parameters: encoded(optionalCodec(bigIntCodec), power),
      callers: id(4),
      receivers: [...id(2, 2), ...world.fresh('reward')],
      weight: 2,
    },
  ],
}

/** The generators of the actors that a network cannot do without. */
export const SYSTEM_GENERATORS: readonly Generator[] = [
  ...[system, init, cron, account, reward, placeholder, eam, ethaccount],
]
