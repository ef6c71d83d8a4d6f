/** @module What comes of a transaction, on a chain and on Ethereum, in one form. */
import { createReturnCodec } from '@troupe/actors'
import { type EventEntry, ExitCode, ethereumAddressBytes, type StateTree } from '@troupe/hypervisor'
import { CborReader, decodeValue, IpldError } from '@troupe/ipld'
import type { EthereumLog, TransactionOutcome } from '@troupe/runtime-evm/ethereum'
import type { MessageOutcome } from 'troupe'

/** What came of a transaction, as far as it is compared. */
export interface Seen {
  readonly isSuccess: boolean
  readonly gasUsed: bigint
  /** What it returned or reverted with; of a creation that succeeds, the address. */
  readonly output: string
  readonly logs: readonly string[]
}

/** What came of a transaction that was refused: nothing. */
export const REFUSED: Seen = { isSuccess: false, gasUsed: 0n, output: '0x', logs: [] }
const DATA_KEY = 'd'

/** What Ethereum gave. */
export function seenOnEthereum(outcome: TransactionOutcome): Seen {
  if (outcome.kind === 'refused') return REFUSED
  const { created, gasUsed, isSuccess, logs, output } = outcome
  return {
    ...{ isSuccess, gasUsed, logs: logs.map(ethereumLog) },
    output: created === undefined ? bytesToHex(output) : addressToHex(created),
  }
}

/** What a chain gave. @param state after it */
export function seenOnChain(
  { events, exit, gas, returnData }: MessageOutcome,
  isCreation: boolean,
  state: StateTree,
): Seen {
  const isSuccess = exit.code === ExitCode.OK
  const logs = events.map(({ emitter, entries }) => {
    const address = state.getActor(emitter)?.delegatedAddress
    return chainLog((address && ethereumAddressBytes(address)) ?? new Uint8Array(), entries)
  })
  const output =
    isSuccess && isCreation
      ? decodeValue(createReturnCodec, returnData).ethereumAddress
      : byteStringOf(returnData)
  return { isSuccess, gasUsed: gas.used, output: bytesToHex(output), logs }
}

/** `0x` and two digits a byte. */
export function bytesToHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

/** An address as `0x` and 40 digits. */
export function addressToHex(address: bigint): string {
  return `0x${address.toString(16).padStart(40, '0')}`
}

/** A word as `0x` and 64 digits. */
export function wordToHex(word: bigint): string {
  return `0x${word.toString(16).padStart(64, '0')}`
}

function ethereumLog({ address, data, topics }: EthereumLog): string {
  return [addressToHex(address), ...topics.map(wordToHex), bytesToHex(data)].join(' ')
}

function chainLog(address: Uint8Array, entries: readonly EventEntry[]): string {
  const topics = entries.filter(({ key }) => key !== DATA_KEY).map(({ value }) => bytesToHex(value))
  const data = entries.find(({ key }) => key === DATA_KEY)?.value ?? new Uint8Array()
  return [bytesToHex(address), ...topics, bytesToHex(data)].join(' ')
}

function byteStringOf(data: Uint8Array): Uint8Array {
  try {
    return new CborReader(data).bytes()
  } catch (error) {
    if (error instanceof IpldError) return data
    throw error
  }
}
