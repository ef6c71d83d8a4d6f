/**
 * @module Ed25519 keys as accounts of a network whose accounts are abstract (`withAbstractAccounts`): a namespace of its own, f411, in which the subaddress is the
 * public key. There is nothing like it in Filecoin; the mechanism knows nothing of it either, and every other scheme can be added the same way.
 */

import {
  type ActorId,
  type Address,
  type AddressNamespace,
  AUTHENTICATE_MESSAGE,
  addressCodec,
  delegatedAddress,
  ExitCode,
  idAddress,
  METHOD_SEND,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import { BLAKE2B_256, createCid, DAG_CBOR, type ValueCodec } from '@troupe/ipld'
import {
  type ActorContext,
  acceptExportedMethods,
  boolCodec,
  bytesCodec,
  defineActor,
  fail,
  fixedBytesCodec,
  method,
  type NativeActor,
  tupleCodec,
  u64Codec,
} from '@troupe/runtime-native'
import { authenticateMessageParametersCodec } from './account.ts'

/** The id of the address manager of Ed25519 keys, and so their namespace: the first one after Ethereum's. */
export const ED25519_MANAGER_ACTOR_ID: ActorId = 11n
/** Bytes of an Ed25519 public key. */
export const ED25519_PUBLIC_KEY_LENGTH = 32

const MANAGER_NAME = 'ed25519'
const ACCOUNT_NAME = 'ed25519account'
const VERSION = 'troupe 1'

/** The namespace of Ed25519 keys, for the rules of a network: `withAbstractAccounts(rules, { namespaces: ED25519_NAMESPACES })`. */
export const ED25519_NAMESPACES: ReadonlyMap<ActorId, AddressNamespace> = new Map([
  [ED25519_MANAGER_ACTOR_ID, { manager: MANAGER_NAME, account: ACCOUNT_NAME }],
])

/** Method numbers of the address manager. All but the constructor are those of exported methods. */
export const Ed25519ManagerMethod = {
  CONSTRUCTOR: 1,
  CREATE_ACCOUNT: 1_154_529_565,
  ADDRESS_OF: 2_802_715_099,
  VERIFY_SIGNATURE: 3_732_057_225,
} as const

const keyCodec: ValueCodec<Uint8Array> = fixedBytesCodec(ED25519_PUBLIC_KEY_LENGTH)

/** Parameters of `CreateAccount` and `AddressOf`. Shape: `[public key]`. */
export const ed25519KeyParametersCodec: ValueCodec<{ key: Uint8Array }> = tupleCodec({ key: keyCodec })

/** What `CreateAccount` returns. Shape: `[id, f411 address]`. */
export const ed25519CreateReturnCodec: ValueCodec<{ id: ActorId; address: Address }> = tupleCodec({
  id: u64Codec,
  address: addressCodec,
})

/** Parameters of `VerifySignature`. Shape: `[public key, signature, data]`. */
export const ed25519VerifyParametersCodec: ValueCodec<{
  key: Uint8Array
  signature: Uint8Array
  data: Uint8Array
}> = tupleCodec({ key: keyCodec, signature: bytesCodec, data: bytesCodec })

/** The f411 address of an Ed25519 public key. @throws {HypervisorError} address/malformed for a key of more than 54 bytes */
export function ed25519Address(publicKey: Uint8Array): Address {
  return delegatedAddress(ED25519_MANAGER_ACTOR_ID, publicKey)
}

/**
 * The address manager of Ed25519 keys (f011). `CreateAccount` makes sure that there is an actor at the address of a key, and hands over the value that comes with the
 * call; it is a placeholder until it sends. `AddressOf` gives the address of a key, and `VerifySignature` verifies for those who have no other way, such as Wasm
 * actors with keys of their own.
 *
 * Gas of the code is that of the Ethereum address manager, and not fitted to anything.
 */
export const ed25519Actor: NativeActor = defineActor({
  name: MANAGER_NAME,
  version: VERSION,
  gas: { memoryPages: 17, entry: 45_600_000, failure: 9_000_000 },
  methods: {
    [Ed25519ManagerMethod.CONSTRUCTOR]: method({
      name: 'Constructor',
      gas: { base: 0 },
      run: (context) => context.requireCaller(idAddress(SYSTEM_ACTOR_ID)),
    }),
    [Ed25519ManagerMethod.CREATE_ACCOUNT]: method({
      name: 'CreateAccount',
      parameters: ed25519KeyParametersCodec,
      returns: ed25519CreateReturnCodec,
      gas: { base: 18_000_000, perParameterByte: 28_900 },
      run: (context, { key }) => {
        context.acceptAnyCaller()
        const address = ed25519Address(key)
        const { value } = context.message
        context.sendOrFail({ to: address, method: METHOD_SEND, parameters: undefined, value })
        const id = context.actors.resolve(address) ?? context.panic('an address without an actor')
        return { id, address }
      },
    }),
    [Ed25519ManagerMethod.ADDRESS_OF]: method({
      name: 'AddressOf',
      parameters: ed25519KeyParametersCodec,
      returns: addressCodec,
      gas: { base: 10_000_000, perParameterByte: 28_900 },
      run: (context, { key }) => {
        context.acceptAnyCaller()
        return ed25519Address(key)
      },
    }),
    [Ed25519ManagerMethod.VERIFY_SIGNATURE]: method({
      name: 'VerifySignature',
      parameters: ed25519VerifyParametersCodec,
      returns: boolCodec,
      gas: { base: 10_000_000, perParameterByte: 28_900 },
      run: (context, { key, signature, data }) => {
        context.acceptAnyCaller()
        return context.crypto.verifyEd25519(data, signature, key)
      },
    }),
  },
})

/**
 * The account of an Ed25519 key: what a placeholder of the namespace becomes by its first message. It has no state: its key is its address. What the key signs is
 * the bytes of the CID of what it agrees to (DAG-CBOR, blake2b-256), as every account signs that of a message.
 *
 * Gas of the code is that of accounts, and not fitted to anything.
 */
export const ed25519AccountActor: NativeActor = defineActor({
  name: ACCOUNT_NAME,
  version: VERSION,
  gas: { memoryPages: 17, entry: 43_500_000, failure: 10_800_000 },
  fallback: acceptExportedMethods,
  methods: {
    1: method({
      name: 'Constructor',
      gas: { base: 10_200_000 },
      run: (context) => {
        context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
        keyOf(context)
      },
    }),
    [Number(AUTHENTICATE_MESSAGE)]: method({
      name: 'AuthenticateMessage',
      parameters: authenticateMessageParametersCodec,
      returns: boolCodec,
      gas: { base: 22_400_000, perParameterByte: 17_200 },
      run: (context, { signature, message }) => {
        context.acceptAnyCaller()
        const key = keyOf(context)
        const cid = createCid(DAG_CBOR, BLAKE2B_256, context.crypto.blake2b(message))
        if (!context.crypto.verifyEd25519(cid.bytes, signature, key))
          fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the signature is invalid')
        return true
      },
    }),
  },
})

/** What a network with {@link ED25519_NAMESPACES} has besides its system's actors. */
export const ED25519_ACTORS: readonly NativeActor[] = [ed25519Actor, ed25519AccountActor]

/** The key that is the actor's address. @throws {ActorError} USR_ILLEGAL_STATE for an address that is no key's */
function keyOf(context: ActorContext): Uint8Array {
  const address = context.actors.delegatedAddress(context.message.receiver)
  if (address?.namespace !== ED25519_MANAGER_ACTOR_ID || address.payload.length !== ED25519_PUBLIC_KEY_LENGTH)
    return fail(ExitCode.USR_ILLEGAL_STATE, 'an Ed25519 account must have the f411 address of a key')
  return address.payload
}
