/**
 * @module Names of the methods of official actors, to be shown to people. Nothing is executed by them.
 *
 * Source: builtin-actors release/v9, release/v10 and release/v11, `actors/<actor>/src/lib.rs`, `enum Method`.
 */
import type { CryptoProvider } from '@troupe/crypto'
import { methodNumber } from '@troupe/hypervisor'

/** Names an actor's method: the actor by its name in the manifest, `undefined` where it has none. */
export type MethodNames = (actor: string | undefined, method: bigint) => string | undefined

/** Methods by number, from 1 on; an empty place where a number is free. */
const NUMBERED: Readonly<Record<string, string>> = {
  account: 'Constructor PubkeyAddress AuthenticateMessage',
  cron: 'Constructor EpochTick',
  datacap:
    'Constructor Mint Destroy - - - - - - Name Symbol TotalSupply BalanceOf Transfer TransferFrom IncreaseAllowance DecreaseAllowance RevokeAllowance Burn BurnFrom Allowance',
  eam: 'Constructor Create Create2 CreateExternal',
  ethaccount: 'Constructor',
  evm: 'Constructor Resurrect GetBytecode GetBytecodeHash GetStorageAt InvokeContractDelegate',
  init: 'Constructor Exec Exec4',
  multisig:
    'Constructor Propose Approve Cancel AddSigner RemoveSigner SwapSigner ChangeNumApprovalsThreshold LockBalance',
  paymentchannel: 'Constructor UpdateChannelState Settle Collect',
  reward: 'Constructor AwardBlockReward ThisEpochReward UpdateNetworkKPI',
  storagemarket:
    'Constructor AddBalance WithdrawBalance PublishStorageDeals VerifyDealsForActivation ActivateDeals OnMinerSectorsTerminate ComputeDataCommitment CronTick',
  storageminer:
    'Constructor ControlAddresses ChangeWorkerAddress ChangePeerID SubmitWindowedPoSt PreCommitSector ProveCommitSector ExtendSectorExpiration TerminateSectors DeclareFaults DeclareFaultsRecovered OnDeferredCronEvent CheckSectorProven ApplyRewards ReportConsensusFault WithdrawBalance ConfirmSectorProofsValid ChangeMultiaddrs CompactPartitions CompactSectorNumbers ConfirmChangeWorkerAddress RepayDebt ChangeOwnerAddress DisputeWindowedPoSt PreCommitSectorBatch ProveCommitAggregate ProveReplicaUpdates PreCommitSectorBatch2 ProveReplicaUpdates2 ChangeBeneficiary GetBeneficiary ExtendSectorExpiration2',
  storagepower:
    'Constructor CreateMiner UpdateClaimedPower EnrollCronEvent OnEpochTickEnd UpdatePledgeTotal - SubmitPoRepForBulkVerify CurrentTotalPower',
  system: 'Constructor',
  verifiedregistry:
    'Constructor AddVerifier RemoveVerifier AddVerifiedClient - - RemoveVerifiedClientDataCap RemoveExpiredAllocations ClaimAllocations GetClaims ExtendClaimTerms RemoveExpiredClaims',
}

/** Methods whose number is made from their name (FRC-0042), whichever actor has them. */
const EXPORTED =
  'AddBalance AddVerifiedClient Allowance AuthenticateMessage Balance Burn BurnFrom ChangeBeneficiary ChangeMultiaddrs ChangeOwnerAddress ChangePeerID ChangeWorkerAddress ConfirmChangeWorkerAddress CreateMiner DecreaseAllowance Destroy ExtendClaimTerms GetAvailableBalance GetBalance GetBeneficiary GetClaims GetDealActivation GetDealClient GetDealClientCollateral GetDealDataCommitment GetDealLabel GetDealProvider GetDealProviderCollateral GetDealTerm GetDealTotalPrice GetDealVerified GetMultiaddrs GetOwner GetPeerID GetSectorSize GetVestingFunds Granularity IncreaseAllowance InvokeEVM IsControllingAddress MinerConsensusCount MinerCount MinerRawPower Mint Name NetworkRawPower PublishStorageDeals Receive RemoveExpiredAllocations RemoveExpiredClaims RepayDebt RevokeAllowance Symbol TotalSupply Transfer TransferFrom WithdrawBalance'

/** The names of official actors' methods. Method 0 is `Send` for every actor. */
export function createMethodNames(crypto: CryptoProvider): MethodNames {
  const exported = new Map(EXPORTED.split(' ').map((name) => [methodNumber(crypto, name), name]))
  const numbered = new Map(Object.entries(NUMBERED).map(([actor, names]) => [actor, names.split(' ')]))
  return (actor, method) => {
    if (method === 0n) return 'Send'
    const name = actor === undefined ? undefined : numbered.get(actor)?.[Number(method) - 1]
    return name !== undefined && name !== '-' ? name : exported.get(method)
  }
}
