/** @module Filecoin's objects in the JSON of Lotus: addresses as text, CIDs as `{"/": …}`, big numbers as decimal text, bytes in base64. */
import {
  type ActorState,
  type CallFrame,
  type CallTree,
  ExitCode,
  type FeeOutputs,
  idAddress,
  type Message,
  MILLIGAS_PER_GAS,
  messageCid,
  type Receipt,
  type Signature,
  type SignedMessage,
  type StampedEvent,
  signedMessageCid,
} from '@troupe/hypervisor'
import { type Cid, type IpldValue, isCid } from '@troupe/ipld'
import type { BlockHeader, Tipset, Troupe } from 'troupe'
import type { Json } from '../protocol/json.ts'

type JsonObject = { readonly [name: string]: Json }
/** What addresses are written with. */
type Writer = Pick<Troupe, 'format' | 'crypto'>

const BASE64_PART = 0x8000

/** A CID. */
export function cidJson(cid: Cid): JsonObject {
  return { '/': String(cid) }
}

/** Bytes; `null` for none, as Go writes an empty slice that nobody made. */
export function bytesJson(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return null
  let text = ''
  for (let at = 0; at < bytes.length; at += BASE64_PART)
    text += String.fromCharCode(...bytes.subarray(at, at + BASE64_PART))
  return btoa(text)
}

/** A message without its signature. */
export function messageJson(
  writer: Writer,
  message: Message,
  cid: Cid = messageCid(writer.crypto, message),
): JsonObject {
  const { from, gasFeeCap, gasLimit, gasPremium, method, params, sequence, to, value, version } = message
  return {
    Version: Number(version),
    To: writer.format(to),
    From: writer.format(from),
    Nonce: Number(sequence),
    Value: String(value),
    GasLimit: Number(gasLimit),
    GasFeeCap: String(gasFeeCap),
    GasPremium: String(gasPremium),
    Method: Number(method),
    Params: bytesJson(params),
    CID: cidJson(cid),
  }
}

/** A message with its signature. */
export function signedMessageJson(writer: Writer, signed: SignedMessage): JsonObject {
  return {
    Message: messageJson(writer, signed.message),
    Signature: signatureJson(signed.signature),
    CID: cidJson(signedMessageCid(writer.crypto, signed)),
  }
}

function signatureJson(signature: Signature | undefined): JsonObject | null {
  return signature === undefined ? null : { Type: signature.type, Data: bytesJson(signature.data) }
}

/** A receipt. */
export function receiptJson({ eventsRoot, exitCode, gasUsed, returnData }: Receipt): JsonObject {
  return {
    ExitCode: exitCode,
    Return: bytesJson(returnData),
    GasUsed: Number(gasUsed),
    EventsRoot: eventsRoot == null ? null : cidJson(eventsRoot),
  }
}

/** An event. */
export function eventJson({ emitter, entries }: StampedEvent): JsonObject {
  return {
    Emitter: Number(emitter),
    Entries: entries.map(({ codec, flags, key, value }) => ({
      Flags: Number(flags),
      Key: key,
      Codec: Number(codec),
      Value: bytesJson(value),
    })),
  }
}

/** The record of an actor. */
export function actorJson(
  writer: Writer,
  { balance, code, delegatedAddress, head, sequence }: ActorState,
): JsonObject {
  return {
    Code: cidJson(code),
    Head: cidJson(head),
    Nonce: Number(sequence),
    Balance: String(balance),
    DelegatedAddress: delegatedAddress === undefined ? null : writer.format(delegatedAddress),
  }
}

/** The header of a block. */
export function blockHeaderJson(writer: Writer, header: BlockHeader): JsonObject {
  const { electionProof, ticket } = header
  return {
    Miner: writer.format(header.miner),
    Ticket: ticket === undefined ? null : { VRFProof: bytesJson(ticket) },
    ElectionProof:
      electionProof === undefined
        ? null
        : { WinCount: Number(electionProof.winCount), VRFProof: bytesJson(electionProof.vrfProof) },
    BeaconEntries: header.beaconEntries.map(({ data, round }) => ({
      Round: Number(round),
      Data: bytesJson(data),
    })),
    WinPoStProof: header.proofs.map(({ proof, type }) => ({
      PoStProof: Number(type),
      ProofBytes: bytesJson(proof),
    })),
    Parents: header.parents.map(cidJson),
    ParentWeight: String(header.parentWeight),
    Height: Number(header.height),
    ParentStateRoot: cidJson(header.parentStateRoot),
    ParentMessageReceipts: cidJson(header.parentMessageReceipts),
    Messages: cidJson(header.messages),
    BLSAggregate: signatureJson(header.blsAggregate),
    Timestamp: Number(header.timestamp),
    BlockSig: signatureJson(header.blockSignature),
    ForkSignaling: Number(header.forkSignaling),
    ParentBaseFee: String(header.parentBaseFee),
  }
}

/** A tipset, which has one block here. */
export function tipsetJson(writer: Writer, { cid, header }: Tipset): JsonObject {
  return { Cids: [cidJson(cid)], Blocks: [blockHeaderJson(writer, header)], Height: Number(header.height) }
}

/** What an execution cost whom. */
export function gasCostJson(message: Cid, gasUsed: bigint, fees: FeeOutputs): JsonObject {
  const { baseFeeBurn, minerPenalty, minerTip, overEstimationBurn, refund } = fees
  return {
    Message: cidJson(message),
    GasUsed: String(gasUsed),
    BaseFeeBurn: String(baseFeeBurn),
    OverEstimationBurn: String(overEstimationBurn),
    MinerPenalty: String(minerPenalty),
    MinerTip: String(minerTip),
    Refund: String(refund),
    TotalCost: String(baseFeeBurn + overEstimationBurn + minerTip),
  }
}

/** The calls of a message; gas in whole gas. */
export function executionTraceJson(writer: Writer, { roots }: CallTree): Json {
  const [root] = roots
  return root === undefined ? null : frameJson(writer, root)
}

function frameJson(writer: Writer, frame: CallFrame): JsonObject {
  const { actor, call, calls, gas, outcome } = frame
  const value = outcome?.type === 'return' ? outcome.value : undefined
  const milligas = BigInt(MILLIGAS_PER_GAS)
  return {
    Msg: {
      From: writer.format(idAddress(call.from)),
      To: writer.format(call.to),
      Value: String(call.value),
      Method: Number(call.method),
      Params: bytesJson(call.parameters?.data ?? new Uint8Array()),
      ParamsCodec: Number(call.parameters?.codec ?? 0),
      GasLimit: Number(call.gasLimit / milligas),
      ReadOnly: call.readOnly,
    },
    MsgRct: {
      ExitCode:
        outcome?.type === 'return'
          ? outcome.exitCode
          : outcome?.number === 'out-of-gas'
            ? ExitCode.SYS_OUT_OF_GAS
            : ExitCode.SYS_ASSERTION_FAILED,
      Return: bytesJson(value?.data ?? new Uint8Array()),
      ReturnCodec: Number(value?.codec ?? 0),
    },
    InvokedActor: actor === undefined ? null : { Id: Number(actor) },
    GasCharges: [...gas].map(([Name, amount]) => ({
      Name,
      tg: Number(amount / milligas),
      cg: Number(amount / milligas),
      sg: 0,
      tt: 0,
    })),
    Subcalls: calls.map((inner) => frameJson(writer, inner)),
  }
}

/** Any value of the plain data model: numbers beyond what JSON's can be as text, bytes in base64, CIDs as ever. */
export function ipldJson(value: IpldValue): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Uint8Array) return bytesJson(value)
  if (typeof value !== 'object' || value === null) return value as Json
  if (isCid(value)) return cidJson(value)
  if (Array.isArray(value)) return (value as readonly IpldValue[]).map(ipldJson)
  return Object.fromEntries(
    Object.entries(value as { [name: string]: IpldValue }).map(([name, field]) => [name, ipldJson(field)]),
  )
}
