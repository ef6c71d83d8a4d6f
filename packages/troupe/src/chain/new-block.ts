/** @module What is asked of the messages of a new block, and what its header has whatever they are. */
import { cidKey } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'
import { BLOCK_GAS_LIMIT } from './base-fee.ts'
import type { BlockHeader } from './block-header.ts'
import type { EncodedMessage } from './block-message.ts'
import type { ChainOptions } from './chain.ts'
import { localBeaconEntry } from './chain-externs.ts'
import { timestampOf } from './chain-rules.ts'

/** Tests whether a block can have messages. @throws {TroupeError} block/gas-limit, block/repeated-message */
export function checkBlock(messages: readonly EncodedMessage[]): void {
  const gas = messages.reduce((sum, { message }) => sum + message.gasLimit, 0n)
  if (gas > BLOCK_GAS_LIMIT)
    throw new TroupeError(
      'block/gas-limit',
      `the messages ask for ${gas} gas, a block has ${BLOCK_GAS_LIMIT}`,
    )
  if (new Set(messages.map(({ cid }) => cidKey(cid))).size < messages.length)
    throw new TroupeError('block/repeated-message', 'a message can stand in a block only once')
}

/** The fields of a header that are the same for any block of a local chain at an epoch. Nobody signs it, and nobody proves storage for it. */
export function localFields(
  { crypto, rules, seed }: Pick<ChainOptions, 'crypto' | 'rules' | 'seed'>,
  epoch: bigint,
): Omit<
  BlockHeader,
  | 'miner'
  | 'ticket'
  | 'parents'
  | 'parentWeight'
  | 'parentStateRoot'
  | 'parentMessageReceipts'
  | 'messages'
  | 'parentBaseFee'
> {
  return {
    electionProof: { winCount: 1n, vrfProof: new Uint8Array() },
    beaconEntries: [localBeaconEntry(crypto, seed, epoch)],
    proofs: [],
    height: epoch,
    blsAggregate: undefined,
    timestamp: timestampOf(rules, epoch),
    blockSignature: undefined,
    forkSignaling: 0n,
  }
}
