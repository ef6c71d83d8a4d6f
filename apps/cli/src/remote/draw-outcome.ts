/** @module What became of a message or call, for people and for programs. */
import { CodedError } from '@troupe/crypto'
import type { StampedEvent } from '@troupe/hypervisor'
import { decodeIpld, type IpldValue } from '@troupe/ipld'
import { fromActorValue } from 'troupe'
import { formatEvent, formatValue } from 'troupe/trace'
import { exactInteger } from '../exact-integer.ts'
import { toDagJson } from '../inspect/dag-json.ts'
import { paint } from '../render/paint.ts'
import { grouped } from '../render/plain.ts'
import type { RemoteMessageOutcome, RemoteOutcome } from './remote-message.ts'

/** Characters of a value that are shown, and bytes of a byte string; JSON has all of them. */
const MAX_VALUE_LENGTH = 10_000
const MAX_VALUE_BYTES = 1024
/** Events that are shown; JSON has all of them. */
const MAX_EVENTS = 100
const RAW = 0x55n

/** An outcome in JSON. Values are DAG-JSON, as ARG takes them; where the actor returned something else, there is none but `returnData`. */
export function outcomeJson(outcome: RemoteOutcome | RemoteMessageOutcome): object {
  const { exit, gas, returnData } = outcome
  return {
    ...('message' in outcome
      ? { message: outcome.message, epoch: outcome.epoch, events: outcome.events.map(eventJson) }
      : {}),
    ...{
      exit,
      gas,
      value: toJson(decoded(returnData) ?? null),
      returnData: toHex(returnData),
    },
  }
}

/** An outcome in lines. */
export function drawOutcome(outcome: RemoteOutcome | RemoteMessageOutcome, colours: boolean): string[] {
  const { exit, gas } = outcome
  const hidden = 'message' in outcome ? outcome.events.length - MAX_EVENTS : 0
  const how =
    exit.code === 0
      ? paint('green', exit.name, colours)
      : paint('red', `${exit.name} (${exit.code})`, colours)
  return [
    `exit      ${how}`,
    `returned  ${drawReturned(outcome)}`,
    `gas       ${grouped(gas.used)} of ${grouped(gas.limit)}`,
    ...('message' in outcome
      ? [
          ...outcome.events.slice(0, MAX_EVENTS).map((event) => `event     ${formatEvent(event)}`),
          ...(hidden > 0 ? [`event     … ${grouped(hidden)} more`] : []),
          `message   ${outcome.message}, at epoch ${grouped(outcome.epoch)}`,
        ]
      : []),
  ]
}

/** An event. Values are DAG-JSON, of bytes where they are no CBOR. */
function eventJson({ emitter, entries }: StampedEvent): object {
  return {
    emitter: `t0${emitter}`,
    entries: entries.map(({ codec, key, value }) => ({
      key,
      value: toJson((codec === RAW ? undefined : decoded(value)) ?? value),
    })),
  }
}

function toJson(value: IpldValue): unknown {
  return JSON.parse(toDagJson(value), exactInteger)
}

function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

/** What was returned, on one line. */
export function drawReturned({ returnData }: Pick<RemoteOutcome, 'returnData'>): string {
  if (returnData.length === 0) return 'nothing'
  const limits = { maxLength: MAX_VALUE_LENGTH, maxBytes: MAX_VALUE_BYTES }
  return formatValue(decoded(returnData) ?? returnData, limits)
}

/** Actors may return what they like: what is no CBOR is there as bytes only. */
function decoded(data: Uint8Array): IpldValue | undefined {
  if (data.length === 0) return undefined
  try {
    return fromActorValue(decodeIpld(data))
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
