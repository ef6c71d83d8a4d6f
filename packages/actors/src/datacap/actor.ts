import { addressCodec, tokenAmountCodec } from '@troupe/hypervisor'
import { defineActor, method, type NativeActor, textCodec, u64Codec } from '@troupe/runtime-native'
import { ACTORS_VERSION } from '../builtin/version.ts'
import * as token from '../frc46/parameters.ts'
import * as datacap from './datacap.ts'
import { destroyParametersCodec, mintParametersCodec } from './parameters.ts'

/** Method numbers of the datacap actor. Source: FRC-0042, of the names. */
export const DatacapMethod = {
  CONSTRUCTOR: 1,
  MINT: 116_935_346,
  DESTROY: 2_624_896_501,
  NAME: 48_890_204,
  SYMBOL: 2_061_153_854,
  GRANULARITY: 3_936_767_397,
  TOTAL_SUPPLY: 114_981_429,
  BALANCE: 3_261_979_605,
  TRANSFER: 80_475_954,
  TRANSFER_FROM: 3_621_052_141,
  INCREASE_ALLOWANCE: 1_777_121_560,
  DECREASE_ALLOWANCE: 1_529_376_545,
  REVOKE_ALLOWANCE: 2_765_635_761,
  BURN: 1_434_719_642,
  BURN_FROM: 2_979_674_018,
  ALLOWANCE: 4_205_072_950,
} as const

/** The datacap actor: a fungible token that stands for storage, a token a byte. */
export const datacapActor: NativeActor = defineActor({
  name: 'datacap',
  version: ACTORS_VERSION,
  gas: { memoryPages: 17, entry: 40_500_000, failure: 1_200_000 },
  methods: {
    [DatacapMethod.CONSTRUCTOR]: method({
      name: 'Constructor',
      parameters: addressCodec,
      takesRawBytes: true,
      gas: { base: 19_200_000, perStateByte: 568_700 },
      run: datacap.construct,
    }),
    [DatacapMethod.MINT]: method({
      name: 'Mint',
      parameters: mintParametersCodec,
      returns: token.mintReturnCodec,
      gas: { base: 53_800_000, perParameterByte: 359_900, perStateByte: 328_500 },
      run: datacap.mint,
    }),
    [DatacapMethod.DESTROY]: method({
      name: 'Destroy',
      parameters: destroyParametersCodec,
      returns: token.burnReturnCodec,
      gas: { base: 61_900_000, perParameterByte: 347_400, perStateByte: 287_900 },
      run: datacap.destroy,
    }),
    [DatacapMethod.NAME]: method({
      name: 'Name',
      returns: textCodec,
      gas: { base: 5_500_000 },
      run: datacap.name,
    }),
    [DatacapMethod.SYMBOL]: method({
      name: 'Symbol',
      returns: textCodec,
      gas: { base: 5_500_000 },
      run: datacap.symbol,
    }),
    [DatacapMethod.GRANULARITY]: method({
      name: 'Granularity',
      returns: u64Codec,
      gas: { base: 5_700_000 },
      run: datacap.granularity,
    }),
    [DatacapMethod.TOTAL_SUPPLY]: method({
      name: 'TotalSupply',
      returns: tokenAmountCodec,
      gas: { base: 8_900_000, perStateByte: 343_000 },
      run: datacap.totalSupply,
    }),
    [DatacapMethod.BALANCE]: method({
      name: 'Balance',
      parameters: addressCodec,
      takesRawBytes: true,
      returns: tokenAmountCodec,
      gas: { base: 23_900_000, perStateByte: 289_700 },
      run: datacap.balance,
    }),
    [DatacapMethod.TRANSFER]: method({
      name: 'Transfer',
      parameters: token.transferParametersCodec,
      returns: token.transferReturnCodec,
      gas: { base: 26_800_000, perStateByte: 384_200 },
      run: datacap.transfer,
    }),
    [DatacapMethod.TRANSFER_FROM]: method({
      name: 'TransferFrom',
      parameters: token.transferFromParametersCodec,
      returns: token.transferFromReturnCodec,
      gas: { base: 20_100_000, perParameterByte: 158_100, perStateByte: 418_200 },
      run: datacap.transferFrom,
    }),
    [DatacapMethod.INCREASE_ALLOWANCE]: method({
      name: 'IncreaseAllowance',
      parameters: token.increaseAllowanceParametersCodec,
      returns: tokenAmountCodec,
      gas: { base: 18_100_000, perParameterByte: 471_000, perStateByte: 285_400 },
      run: datacap.increaseAllowance,
    }),
    [DatacapMethod.DECREASE_ALLOWANCE]: method({
      name: 'DecreaseAllowance',
      parameters: token.decreaseAllowanceParametersCodec,
      returns: tokenAmountCodec,
      gas: { base: 0, perParameterByte: 634_100, perStateByte: 263_700 },
      run: datacap.decreaseAllowance,
    }),
    [DatacapMethod.REVOKE_ALLOWANCE]: method({
      name: 'RevokeAllowance',
      parameters: token.revokeAllowanceParametersCodec,
      returns: tokenAmountCodec,
      gas: { base: 0, perStateByte: 315_300 },
      run: datacap.revokeAllowance,
    }),
    [DatacapMethod.BURN]: method({
      name: 'Burn',
      parameters: token.burnParametersCodec,
      returns: token.burnReturnCodec,
      gas: { base: 66_000_000, perStateByte: 274_500 },
      run: datacap.burn,
    }),
    [DatacapMethod.BURN_FROM]: method({
      name: 'BurnFrom',
      parameters: token.burnFromParametersCodec,
      returns: token.burnFromReturnCodec,
      gas: { base: 10_500_000, perParameterByte: 579_500, perStateByte: 413_200 },
      run: datacap.burnFrom,
    }),
    [DatacapMethod.ALLOWANCE]: method({
      name: 'Allowance',
      parameters: token.getAllowanceParametersCodec,
      returns: tokenAmountCodec,
      gas: { base: 0, perStateByte: 379_700 },
      run: datacap.allowance,
    }),
  },
})
