import {
  type ActorId,
  type Address,
  addressCodec,
  delegatedAddress,
  ETHEREUM_ADDRESS_LENGTH,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  ExitCode,
  INIT_ACTOR_ID,
  idAddress,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import { encodeValue, type ValueCodec } from '@troupe/ipld'
import {
  type ActorContext,
  bytesCodec,
  decodeReturn,
  defineActor,
  encodeBlock,
  encodedBlock,
  fail,
  failureOfSend,
  fixedBytesCodec,
  method,
  type NativeActor,
  optionalCodec,
  tupleCodec,
  u64Codec,
} from '@troupe/runtime-native'
import { AccountMethod } from './account.ts'
import {
  canBeContract,
  create2Address,
  createAddress,
  ethereumAddressOfId,
  lastTwentyOfKeccak,
} from './ethereum-addresses.ts'
import { exec4ParametersCodec, execReturnCodec, InitMethod } from './init-types.ts'
import { ACTORS_VERSION } from './version.ts'

/** Method numbers of the Ethereum address manager. */
export const EamMethod = { CONSTRUCTOR: 1, CREATE: 2, CREATE2: 3, CREATE_EXTERNAL: 4 } as const

/** What an EVM actor is called with to live again. */
const RESURRECT = 2n

/** Gas of the code for making a contract, in milligas. */
const CONTRACT_WORK = 66_000_000

/** Gas of the code for what its creator from outside is to a contract, in milligas. */
const EXTERNAL_WORK = 22_000_000

/** What the methods that make contracts return. */
export interface CreateReturn {
  actorId: ActorId
  /** The f2 address; `undefined` for a contract that lives again. */
  robustAddress: Address | undefined
  /** 20 bytes. */
  ethereumAddress: Uint8Array
}

const ethereumAddressCodec = fixedBytesCodec(ETHEREUM_ADDRESS_LENGTH)

/** Shape: `[id, f2 address or null, Ethereum address]`. */
export const createReturnCodec: ValueCodec<CreateReturn> = tupleCodec({
  actorId: u64Codec,
  robustAddress: optionalCodec(addressCodec),
  ethereumAddress: ethereumAddressCodec,
})

/** Parameters of `Create`. Shape: `[initcode, nonce]`. */
export const createParametersCodec: ValueCodec<{ initcode: Uint8Array; nonce: bigint }> = tupleCodec({
  initcode: bytesCodec,
  nonce: u64Codec,
})

/** Parameters of `Create2`. Shape: `[initcode, salt of 32 bytes]`. */
export const create2ParametersCodec: ValueCodec<{ initcode: Uint8Array; salt: Uint8Array }> = tupleCodec({
  initcode: bytesCodec,
  salt: fixedBytesCodec(32),
})

/** Parameters of an EVM actor's constructor. Shape: `[Ethereum address of the creator, initcode]`. */
export const evmConstructorParametersCodec: ValueCodec<{ creator: Uint8Array; initcode: Uint8Array }> =
  tupleCodec({ creator: ethereumAddressCodec, initcode: bytesCodec })

/**
 * The Ethereum address manager (f010): it makes contracts, at the addresses that Ethereum gives them.
 *
 * Source: builtin-actors v18 actors/eam/src/{lib,ext}.rs.
 */
export const eamActor: NativeActor = defineActor({
  name: 'eam',
  version: ACTORS_VERSION,
  gas: { memoryPages: 17, entry: 45_600_000, failure: 9_000_000 },
  restrictsInternalMethods: false,
  methods: {
    [EamMethod.CONSTRUCTOR]: method({
      name: 'Constructor',
      gas: { base: 0 },
      run: (context) => {
        if (context.message.receiver !== ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
          fail(ExitCode.USR_FORBIDDEN, 'the Ethereum address manager is f010')
        context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
      },
    }),
    [EamMethod.CREATE]: method({
      name: 'Create',
      parameters: createParametersCodec,
      returns: createReturnCodec,
      gas: { base: 18_000_000, perParameterByte: 133_000 },
      run: (context, { initcode, nonce }) => {
        context.requireCallerType('evm')
        const creator = ethereumAddressOf(context, context.message.caller)
        return createContract(context, creator, createAddress(context.crypto, creator, nonce), initcode)
      },
    }),
    [EamMethod.CREATE2]: method({
      name: 'Create2',
      parameters: create2ParametersCodec,
      returns: createReturnCodec,
      gas: { base: 10_500_000, perParameterByte: 51_700 },
      run: (context, { initcode, salt }) => {
        context.requireCallerType('evm')
        const creator = ethereumAddressOf(context, context.message.caller)
        const address = create2Address(context.crypto, creator, salt, initcode)
        return createContract(context, creator, address, initcode)
      },
    }),
    [EamMethod.CREATE_EXTERNAL]: method({
      name: 'CreateExternal',
      parameters: bytesCodec,
      takesRawBytes: true,
      returns: createReturnCodec,
      gas: { base: 8_000_000, perParameterByte: 28_900 },
      run: (context, initcode) => {
        context.requireCaller(idAddress(context.message.origin))
        const { owner, stable } = externalCaller(context)
        context.gas.work(EXTERNAL_WORK)
        const address = createAddress(context.crypto, stable, context.message.nonce)
        return createContract(context, owner, address, initcode)
      },
    }),
  },
})

function createContract(
  context: ActorContext,
  creator: Uint8Array,
  ethereumAddress: Uint8Array,
  initcode: Uint8Array,
): CreateReturn {
  if (!canBeContract(ethereumAddress)) fail(ExitCode.USR_FORBIDDEN, 'the address of the contract is reserved')
  context.gas.work(CONTRACT_WORK)
  const constructorParameters = encodeValue(evmConstructorParametersCodec, { creator, initcode })
  const { value } = context.message
  const id = context.actors.resolve(delegatedAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, ethereumAddress))
  if (id !== undefined) {
    const code = context.actors.code(id) ?? context.panic('an address without an actor')
    const name = context.actors.builtin(code)
    if (name === 'evm') {
      const parameters = encodedBlock(constructorParameters)
      context.sendOrFail({ to: idAddress(id), method: RESURRECT, parameters, value })
      return { actorId: id, robustAddress: undefined, ethereumAddress }
    }
    if (name !== 'placeholder') fail(ExitCode.USR_FORBIDDEN, 'there is another actor at the address')
  }
  const code = context.actors.codeOf('evm')
  const made = context.sendOrFail({
    to: idAddress(INIT_ACTOR_ID),
    method: BigInt(InitMethod.EXEC4),
    parameters: encodeBlock(exec4ParametersCodec, {
      code,
      constructorParameters,
      subaddress: ethereumAddress,
    }),
    value,
  })
  const { idAddress: made0, robustAddress } = decodeReturn(execReturnCodec, made)
  const actorId = made0.id ?? context.panic('the init actor gave no id')
  return { actorId, robustAddress, ethereumAddress }
}

/** The Ethereum address of an actor. @throws {ActorError} USR_FORBIDDEN where it has none */
function ethereumAddressOf(context: ActorContext, id: ActorId): Uint8Array {
  const address = context.actors.delegatedAddress(id)
  if (address?.namespace !== ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
    fail(ExitCode.USR_FORBIDDEN, 'the caller has no Ethereum address')
  if (address.payload.length !== ETHEREUM_ADDRESS_LENGTH)
    fail(ExitCode.USR_FORBIDDEN, 'the Ethereum address of the caller is none')
  return address.payload.slice()
}

/** Who makes a contract from outside: the owner that the contract sees, and the address that its own is made from. */
function externalCaller(context: ActorContext): { owner: Uint8Array; stable: Uint8Array } {
  const { caller } = context.message
  const code = context.actors.code(caller) ?? context.panic('the caller has no code')
  switch (context.actors.builtin(code)) {
    case 'account':
      return {
        stable: lastTwentyOfKeccak(context.crypto, keyOfAccount(context, caller).bytes),
        owner: ethereumAddressOfId(caller),
      }
    case 'ethaccount': {
      const address = ethereumAddressOf(context, caller)
      return { owner: address, stable: address }
    }
    default:
      return fail(ExitCode.USR_FORBIDDEN, 'only accounts make contracts from outside')
  }
}

function keyOfAccount(context: ActorContext, id: ActorId): Address {
  const result = context.send({
    to: idAddress(id),
    method: BigInt(AccountMethod.PUBKEY_ADDRESS),
    readOnly: true,
  })
  if (result.error !== undefined) fail(ExitCode.USR_ASSERTION_FAILED, 'the account did not give its key')
  if (result.exitCode !== ExitCode.OK)
    throw failureOfSend(result.exitCode, 'the account did not give its key')
  return decodeReturn(addressCodec, result.data)
}
