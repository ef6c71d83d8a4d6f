/**
 * @module Receipts: the outcome of a message, of which the chain keeps the hash.
 *
 * Source: ref-fvm release/v2 and release/v3 shared/src/receipt.rs.
 */
import { CborWriter, type Cid, type ValueCodec } from '@troupe/ipld'
import { HypervisorError } from '../errors.ts'
import { decodeWhole } from './decode-whole.ts'
import type { ExitCode } from './exit-code.ts'

/** How a message ended. */
export interface Receipt {
  readonly exitCode: ExitCode
  /** Empty where nothing was returned. */
  readonly returnData: Uint8Array
  /** In whole gas, rounded up. An unsigned 64-bit integer. */
  readonly gasUsed: bigint
  /** Root of the AMT of events, `null` where there are none. Not there before network version 18. */
  readonly eventsRoot?: Cid | null
}

/** Fields of a receipt: 3 up to network version 17, 4 with the events root from then on. */
export type ReceiptArity = 3 | 4

/**
 * Receipts in CBOR: `[exit code, return data, gas used]`, with arity 4 and the events root or null at the end. What is encoded with arity 4
 * without an events root gets null; encoding one with arity 3 throws `receipt/malformed`.
 */
export function receiptCodec(arity: ReceiptArity): ValueCodec<Receipt> {
  return arity === 3 ? SHORT_CODEC : LONG_CODEC
}

const SHORT_CODEC: ValueCodec<Receipt> = {
  encode: (writer, { exitCode, returnData, gasUsed, eventsRoot }) => {
    if (eventsRoot !== undefined && eventsRoot !== null) {
      throw new HypervisorError('receipt/malformed', 'a receipt of three fields has no events root')
    }
    writer.array(3).uint(exitCode).bytes(returnData).uint(gasUsed)
  },
  decode: (reader) => {
    reader.tuple(3)
    return { exitCode: reader.uint(32), returnData: reader.bytes().slice(), gasUsed: reader.uint64() }
  },
}

const LONG_CODEC: ValueCodec<Receipt> = {
  encode: (writer, { exitCode, returnData, gasUsed, eventsRoot }) => {
    writer.array(4).uint(exitCode).bytes(returnData).uint(gasUsed)
    if (eventsRoot === undefined || eventsRoot === null) writer.null()
    else writer.cid(eventsRoot)
  },
  decode: (reader) => {
    reader.tuple(4)
    return {
      exitCode: reader.uint(32),
      returnData: reader.bytes().slice(),
      gasUsed: reader.uint64(),
      eventsRoot: reader.tryNull() ? null : reader.cid(),
    }
  },
}

/**
 * The bytes of a receipt.
 * @throws {HypervisorError} receipt/malformed where the arity has no place for the events root
 */
export function encodeReceipt(receipt: Receipt, arity: ReceiptArity): Uint8Array {
  const writer = new CborWriter()
  receiptCodec(arity).encode(writer, receipt)
  return writer.finish()
}

/**
 * Reads the receipt that `bytes` is.
 * @throws {HypervisorError} receipt/malformed
 */
export function decodeReceipt(bytes: Uint8Array, arity: ReceiptArity): Receipt {
  return decodeWhole(bytes, 'receipt/malformed', (reader) => receiptCodec(arity).decode(reader))
}
