import { acceptExportedMethods, defineActor, method, type NativeActor } from '@troupe/runtime-native'
import { ACTORS_VERSION } from '../builtin/version.ts'
import { universalReceiverParametersCodec } from '../frc46/parameters.ts'
import * as multisig from './multisig.ts'
import * as codecs from './parameters.ts'

/** Method numbers of multisigs. */
export const MultisigMethod = {
  CONSTRUCTOR: 1,
  PROPOSE: 2,
  APPROVE: 3,
  CANCEL: 4,
  ADD_SIGNER: 5,
  REMOVE_SIGNER: 6,
  SWAP_SIGNER: 7,
  CHANGE_NUM_APPROVALS_THRESHOLD: 8,
  LOCK_BALANCE: 9,
  RECEIVE: 3_726_118_371,
} as const

/** The multisig actor: an account whose transactions need the approval of several signers. */
export const multisigActor: NativeActor = defineActor({
  name: 'multisig',
  version: ACTORS_VERSION,
  gas: { memoryPages: 17, entry: 38_500_000, failure: 13_000_000 },
  fallback: acceptExportedMethods,
  methods: {
    [MultisigMethod.CONSTRUCTOR]: method({
      name: 'Constructor',
      parameters: codecs.multisigConstructorParametersCodec,
      gas: { base: 14_200_000, perParameterByte: 276_900, perStateByte: 1_030_100 },
      run: multisig.construct,
    }),
    [MultisigMethod.PROPOSE]: method({
      name: 'Propose',
      parameters: codecs.proposeParametersCodec,
      returns: codecs.proposeReturnCodec,
      gas: { base: 0, perStateByte: 951_900 },
      run: multisig.propose,
    }),
    [MultisigMethod.APPROVE]: method({
      name: 'Approve',
      parameters: codecs.transactionIdParametersCodec,
      returns: codecs.approveReturnCodec,
      gas: { base: 0, perStateByte: 1_171_100 },
      run: multisig.approve,
    }),
    [MultisigMethod.CANCEL]: method({
      name: 'Cancel',
      parameters: codecs.transactionIdParametersCodec,
      gas: { base: 0, perParameterByte: 360_300, perStateByte: 1_030_700 },
      run: multisig.cancel,
    }),
    [MultisigMethod.ADD_SIGNER]: method({
      name: 'AddSigner',
      parameters: codecs.addSignerParametersCodec,
      gas: { base: 2_800_000, perParameterByte: 161_500, perStateByte: 676_400 },
      run: multisig.addSigner,
    }),
    [MultisigMethod.REMOVE_SIGNER]: method({
      name: 'RemoveSigner',
      parameters: codecs.removeSignerParametersCodec,
      gas: { base: 0, perStateByte: 897_700 },
      run: multisig.removeSigner,
    }),
    [MultisigMethod.SWAP_SIGNER]: method({
      name: 'SwapSigner',
      parameters: codecs.swapSignerParametersCodec,
      gas: { base: 0, perStateByte: 969_600 },
      run: multisig.swapSigner,
    }),
    [MultisigMethod.CHANGE_NUM_APPROVALS_THRESHOLD]: method({
      name: 'ChangeNumApprovalsThreshold',
      parameters: codecs.changeNumApprovalsThresholdParametersCodec,
      gas: { base: 0, perStateByte: 579_600 },
      run: multisig.changeThreshold,
    }),
    [MultisigMethod.LOCK_BALANCE]: method({
      name: 'LockBalance',
      parameters: codecs.lockBalanceParametersCodec,
      gas: { base: 0, perParameterByte: 445_000, perStateByte: 546_800 },
      run: multisig.lockBalance,
    }),
    [MultisigMethod.RECEIVE]: method({
      name: 'Receive',
      parameters: universalReceiverParametersCodec,
      gas: { base: 10_000_000 },
      run: multisig.receive,
    }),
  },
})
