import {
  type Address,
  AddressProtocol,
  addressCodec,
  ExitCode,
  idAddress,
  SignatureType,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import type { ValueCodec } from '@troupe/ipld'
import {
  acceptExportedMethods,
  boolCodec,
  bytesCodec,
  defineActor,
  fail,
  method,
  type NativeActor,
  tupleCodec,
} from '@troupe/runtime-native'
import { ACTORS_VERSION } from './version.ts'

/** Method numbers of accounts. */
export const AccountMethod = {
  CONSTRUCTOR: 1,
  PUBKEY_ADDRESS: 2,
  AUTHENTICATE_MESSAGE: 2_643_134_072,
} as const

/** The state of an account. */
export interface AccountState {
  /** f1 or f3; that of burnt funds is no key's. */
  address: Address
}

/** Shape: `[address]`. */
export const accountStateCodec: ValueCodec<AccountState> = tupleCodec({ address: addressCodec })

/** Parameters of `AuthenticateMessage`. Shape: `[signature without its type, message]`. */
export const authenticateMessageParametersCodec: ValueCodec<{ signature: Uint8Array; message: Uint8Array }> =
  tupleCodec({ signature: bytesCodec, message: bytesCodec })

/** Gas of the code for the first state, in milligas. */
const STORING_WORK = 27_000_000

/** The type of the signatures of an address's key, or `undefined` where it has none. */
function signatureType({ protocol }: Address): SignatureType | undefined {
  if (protocol === AddressProtocol.SECP256K1) return SignatureType.SECP256K1
  return protocol === AddressProtocol.BLS ? SignatureType.BLS : undefined
}

/** The account actor: a key that sends messages. Source: builtin-actors v18 actors/account/src/{lib,state,types}.rs. */
export const accountActor: NativeActor = defineActor({
  name: 'account',
  version: ACTORS_VERSION,
  gas: { memoryPages: 17, entry: 43_500_000, failure: 10_800_000 },
  fallback: acceptExportedMethods,
  methods: {
    [AccountMethod.CONSTRUCTOR]: method({
      name: 'Constructor',
      parameters: addressCodec,
      takesRawBytes: true,
      gas: { base: 6_400_000 },
      run: (context, address) => {
        context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
        if (signatureType(address) === undefined)
          fail(ExitCode.USR_ILLEGAL_ARGUMENT, `an f${address.protocol} address is no key's`)
        context.gas.work(STORING_WORK)
        context.state.create(accountStateCodec, { address })
      },
    }),
    [AccountMethod.PUBKEY_ADDRESS]: method({
      name: 'PubkeyAddress',
      returns: addressCodec,
      gas: { base: 25_400_000, perStateByte: 16_500 },
      run: (context) => {
        context.acceptAnyCaller()
        return context.state.read(accountStateCodec).address
      },
    }),
    [AccountMethod.AUTHENTICATE_MESSAGE]: method({
      name: 'AuthenticateMessage',
      parameters: authenticateMessageParametersCodec,
      returns: boolCodec,
      gas: { base: 22_400_000, perParameterByte: 17_200 },
      run: (context, { signature, message }) => {
        context.acceptAnyCaller()
        const { address } = context.state.read(accountStateCodec)
        const type = signatureType(address)
        if (type === undefined)
          fail(ExitCode.USR_ILLEGAL_STATE, `an f${address.protocol} address is no key's`)
        if (!context.crypto.verifySignature({ type, data: signature }, address, message))
          fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the signature is invalid')
        return true
      },
    }),
  },
})
