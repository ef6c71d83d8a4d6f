/** @module Messages to the actors of a chain that runs somewhere, and calls that are none. */
import type { CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  type ExitCode,
  exitCodeName,
  formatAddress,
  type StampedEvent,
} from '@troupe/hypervisor'
import type { Answer } from './answer.ts'
import { type LocatedSources, locateBacktrace } from './locate-backtrace.ts'
import { messageRefused } from './message-error.ts'
import type { Refusal, RemoteChain } from './remote-chain.ts'

/** A message, or a call that is like one. */
export interface RemoteRequest {
  /** What it is called in errors: `t01000 Add`. */
  readonly label: string
  /** As text. */
  readonly from: string
  readonly to: Address
  readonly method: bigint
  readonly params: Uint8Array
  /** attoFIL. */
  readonly value: bigint
  /** Default: what the chain estimates; of a call, that of a block. */
  readonly gasLimit: bigint | undefined
  /** Where the sources of actors are; `undefined` where errors tell places in the code. */
  readonly sources: LocatedSources | undefined
}

/** What became of a call. */
export interface RemoteOutcome {
  readonly exit: { readonly code: ExitCode; readonly name: string }
  readonly gas: { readonly used: bigint; readonly limit: bigint }
  readonly returnData: Uint8Array
  /** How the error went up, a line for each actor; empty where there was none. */
  readonly backtrace: string
}

/** What became of a message in a block. */
export interface RemoteMessageOutcome extends RemoteOutcome {
  /** CID of the message. */
  readonly message: string
  readonly epoch: bigint
  /** What it left; empty where it failed. */
  readonly events: readonly StampedEvent[]
}

/** Has the chain sign a message and send it, and waits for the block. @throws {CliError} message/failed where it would fail and no gas limit is given, message/funds, chain/… */
export async function sendMessage(
  chain: RemoteChain,
  crypto: CryptoProvider,
  request: RemoteRequest,
): Promise<RemoteMessageOutcome> {
  const reply = await chain.tryCall('Filecoin.MpoolPushMessage', [toJson(crypto, request), null])
  if ('refusal' in reply) throw await refusedWith(chain, request, reply.refusal)
  const message = String(reply.result.field('CID').cid())
  const cid = { '/': message }
  const found = await chain.call('Filecoin.StateWaitMsg', [cid, 0, -1, true])
  const receipt = found.field('Receipt')
  const isFailure = receipt.field('ExitCode').integer() !== 0n
  const replayed = isFailure ? await chain.call('Filecoin.StateReplay', [null, cid]) : undefined
  const backtrace = await located(chain, request, replayed?.field('Error').text() ?? '')
  return {
    ...toOutcome(receipt, reply.result.field('Message'), backtrace),
    message,
    events: await eventsOf(chain, receipt.field('EventsRoot')),
    epoch: found.field('Height').integer(),
  }
}

/** Asks an actor without a message: nothing changes. @throws {CliError} chain/… */
export async function callActor(
  chain: RemoteChain,
  crypto: CryptoProvider,
  request: RemoteRequest,
): Promise<RemoteOutcome> {
  const reply = await chain.tryCall('Filecoin.StateCall', [toJson(crypto, request), null])
  if ('refusal' in reply) throw await refusedWith(chain, request, reply.refusal)
  const { result } = reply
  const backtrace = await located(chain, request, result.field('Error').text())
  return toOutcome(result.field('MsgRct'), result.field('Msg'), backtrace)
}

async function eventsOf(chain: RemoteChain, root: Answer): Promise<StampedEvent[]> {
  if (root.isNull) return []
  const events = await chain.call('Filecoin.ChainGetEvents', [{ '/': String(root.cid()) }])
  return events.list().map((event) => ({
    emitter: event.field('Emitter').integer(),
    entries: event
      .field('Entries')
      .list()
      .map((entry) => ({
        flags: entry.field('Flags').integer(),
        key: entry.field('Key').text(),
        codec: entry.field('Codec').integer(),
        value: entry.field('Value').bytes(),
      })),
  }))
}

async function refusedWith(chain: RemoteChain, request: RemoteRequest, refusal: Refusal): Promise<Error> {
  const backtrace = await located(chain, request, refusal.backtrace)
  return messageRefused({ ...refusal, backtrace }, request.label)
}

async function located(chain: RemoteChain, { sources }: RemoteRequest, backtrace: string): Promise<string> {
  return sources === undefined ? backtrace : locateBacktrace(chain, sources, backtrace)
}

function toOutcome(receipt: Answer, message: Answer, backtrace: string): RemoteOutcome {
  const code = Number(receipt.field('ExitCode').integer()) as ExitCode
  return {
    exit: { code, name: exitCodeName(code) },
    gas: { used: receipt.field('GasUsed').integer(), limit: message.field('GasLimit').integer() },
    returnData: receipt.field('Return').bytes(),
    backtrace,
  }
}

/** A message in the JSON of Lotus. Numbers are text, which no reader rounds. */
function toJson(crypto: CryptoProvider, request: RemoteRequest): object {
  const { from, gasLimit, method, params, to, value } = request
  return {
    From: from,
    To: formatAddress(to, crypto, 'testnet'),
    Value: String(value),
    Method: String(method),
    Params: Buffer.from(params).toString('base64'),
    ...(gasLimit === undefined ? {} : { GasLimit: String(gasLimit) }),
  }
}
