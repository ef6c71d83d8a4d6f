/**
 * @module Official conformance vectors of the FVM: one JSON file each, with the state before and after as a CAR, messages, and expected receipts.
 *
 * Source: filecoin-project/fvm-test-vectors@91d0ef7 README.md; ref-fvm release/v3 testing/conformance/src/vector.rs.
 */
import type { CryptoProvider } from '@troupe/crypto'
import {
  AddressProtocol,
  ATTO_PER_FIL,
  decodeMessage,
  HypervisorError,
  type Message,
  type RuleSet,
  rulesOf,
} from '@troupe/hypervisor'
import { type Cid, cidEquals, IpldError, MemoryBlockstore, parseCid } from '@troupe/ipld'
import { loadCar } from '@troupe/ipld/car'
import { CliError } from '../errors.ts'
import { type JsonValue, parseExactJson } from './exact-json.ts'
import { decodeBase64, gunzip, VECTOR_LIMITS, type VectorLimits } from './vector-text.ts'

/** A setting that the messages of a vector are executed in. */
export interface VectorVariant {
  readonly id: string
  readonly epoch: bigint
  readonly rules: RuleSet
}

/** A message of a vector. */
export interface VectorMessage {
  readonly message: Message
  /** Bytes that its inclusion is charged for. */
  readonly length: number
}

/** What a message must give. Fees and events are not recorded. */
export interface VectorReceipt {
  readonly exitCode: number
  readonly returnData: Uint8Array
  readonly gasUsed: bigint
}

/** An answer of the node that a vector records. */
export interface VectorRandomness {
  readonly kind: 'chain' | 'beacon'
  readonly epoch: bigint
  readonly value: Uint8Array
}

/** A vector that can be run. */
export interface Vector {
  readonly id: string
  readonly unsupported: undefined
  /** At least one. */
  readonly variants: readonly VectorVariant[]
  readonly baseFee: bigint
  readonly circulatingSupply: bigint
  readonly randomness: readonly VectorRandomness[]
  /** The state before, and what of the state after is recorded. Every block is checked against its CID. */
  readonly blocks: MemoryBlockstore
  readonly preRoot: Cid
  readonly postRoot: Cid
  readonly messages: readonly VectorMessage[]
  /** One for each message. */
  readonly receipts: readonly VectorReceipt[]
}

/** A vector that asks for something that no reference runner has either. */
export interface UnsupportedVector {
  readonly id: string
  /** What it asks for. */
  readonly unsupported: string
}

const MAX_U32 = 2n ** 32n - 1n
const MAX_I64 = 2n ** 63n - 1n
const MAX_U64 = 2n ** 64n - 1n
const MAX_I128 = 2n ** 127n - 1n
/** The reference's, where a vector has none of its own: attoFIL for one gas. */
const DEFAULT_BASE_FEE = 100n
const DEFAULT_CIRCULATING_SUPPLY = 2_000_000_000n * ATTO_PER_FIL
/** Vectors hold messages without signatures; a secp256k1 one takes 65 bytes, and its wrapping 4. */
const SIGNATURE_LENGTH = 69
const RANDOMNESS_LENGTH = 32

/**
 * Parses a vector, strictly: what it needs must be there and of the right kind. Other fields are passed over.
 * @throws {CliError} vector/truncated, vector/malformed, vector/too-large, vector/unsupported-class, vector/unsupported-version
 */
export function parseVector(
  text: string,
  crypto: CryptoProvider,
  limits: VectorLimits = VECTOR_LIMITS,
): Vector | UnsupportedVector {
  if (text.length > limits.textLength)
    throw new CliError('vector/too-large', `a vector of more than ${limits.textLength} characters`)
  return parseVectorJson(parseExactJson(text), crypto, limits)
}

/**
 * As {@link parseVector}, from its JSON.
 * @param car the CAR, where it is decompressed already: that of the JSON is then left alone
 */
export function parseVectorJson(
  json: JsonValue,
  crypto: CryptoProvider,
  limits: VectorLimits,
  car?: Uint8Array<ArrayBuffer>,
): Vector | UnsupportedVector {
  const kind = json.field('class').text()
  if (kind !== 'message')
    throw new CliError(
      'vector/unsupported-class',
      `the class ${JSON.stringify(kind)}: only "message" is known`,
    )
  const id = json.field('_meta').field('id').text()
  const unsupported = unsupportedSelector(json.optional('selector'))
  if (unsupported !== undefined) return { id, unsupported }

  const preconditions = json.field('preconditions')
  const postconditions = json.field('postconditions')
  const variants = preconditions
    .field('variants')
    .elements({ min: 1, max: limits.variants })
    .map(parseVariant)
  const messages = json
    .field('apply_messages')
    .elements({ min: 1, max: limits.messages })
    .map((entry) => parseMessage(entry.field('bytes')))
  const receipts = postconditions
    .field('receipts')
    .elements({ min: messages.length, max: messages.length })
    .map(parseReceipt)
  const preRoot = parseRoot(preconditions)
  const blocks = new MemoryBlockstore()
  const roots = loadVectorCar(blocks, car ?? gunzip(decodeBase64(json.field('car')), limits.carBytes), crypto)
  if (!roots.some((root) => cidEquals(root, preRoot)))
    throw new CliError('vector/malformed', `the CAR does not have the state before, ${preRoot}, as a root`)
  return {
    id,
    unsupported: undefined,
    variants,
    baseFee: preconditions.optional('basefee')?.integer(0n, MAX_I128) ?? DEFAULT_BASE_FEE,
    circulatingSupply:
      preconditions.optional('circ_supply')?.integer(0n, MAX_I128) ?? DEFAULT_CIRCULATING_SUPPLY,
    randomness: (json.optional('randomness')?.elements({ min: 0, max: limits.randomness }) ?? []).map(
      parseRandomness,
    ),
    blocks,
    preRoot,
    postRoot: parseRoot(postconditions),
    messages,
    receipts,
  }
}

/** What a vector asks for that there is not, in the words of its selector. */
function unsupportedSelector(selector: JsonValue | undefined): string | undefined {
  const asks = (name: string, value: string): boolean => selector?.optional(name)?.text() === value
  if (asks('chaos_actor', 'true')) return 'it needs the chaos actor'
  if (asks('requires:consensus_fault_extern', 'true')) return 'it needs a consensus fault to be verified'
  if (asks('min_protocol_version', 'chocolate')) return 'it is for a protocol that never was'
  return undefined
}

function parseVariant(variant: JsonValue): VectorVariant {
  const networkVersion = variant.field('nv').integer(0n, MAX_U32)
  return {
    id: variant.field('id').text(),
    epoch: variant.field('epoch').integer(0n, MAX_I64),
    rules: supportedRules(Number(networkVersion)),
  }
}

function supportedRules(networkVersion: number): RuleSet {
  try {
    return rulesOf(networkVersion)
  } catch (cause) {
    if (!(cause instanceof HypervisorError)) throw cause
    throw new CliError('vector/unsupported-version', cause.message, { cause })
  }
}

function parseMessage(bytes: JsonValue): VectorMessage {
  const decoded = decodeBase64(bytes)
  try {
    const message = decodeMessage(decoded)
    const isSigned = message.from.protocol === AddressProtocol.SECP256K1
    return { message, length: decoded.length + (isSigned ? SIGNATURE_LENGTH : 0) }
  } catch (cause) {
    if (!(cause instanceof HypervisorError)) throw cause
    throw new CliError('vector/malformed', `${bytes.path} is not a message`, { cause })
  }
}

function parseReceipt(receipt: JsonValue): VectorReceipt {
  return {
    exitCode: Number(receipt.field('exit_code').integer(0n, MAX_U32)),
    returnData: decodeBase64(receipt.field('return')),
    gasUsed: receipt.field('gas_used').integer(0n, MAX_U64),
  }
}

/** Shape: `{ on: [kind, epoch], ret }`. */
function parseRandomness(entry: JsonValue): VectorRandomness {
  const [kind, epoch] = entry.field('on').elements({ min: 2, max: 2 }) as [JsonValue, JsonValue]
  const name = kind.text()
  if (name !== 'chain' && name !== 'beacon')
    throw new CliError('vector/malformed', `${kind.path} should be "chain" or "beacon"`)
  const ret = entry.field('ret')
  const value = decodeBase64(ret)
  if (value.length !== RANDOMNESS_LENGTH)
    throw new CliError('vector/malformed', `${ret.path} should be ${RANDOMNESS_LENGTH} bytes`)
  return { kind: name, epoch: epoch.integer(-MAX_I64, MAX_I64), value }
}

function parseRoot(conditions: JsonValue): Cid {
  const root = conditions.field('state_tree').field('root_cid').field('/')
  try {
    return parseCid(root.text())
  } catch (cause) {
    if (!(cause instanceof IpldError)) throw cause
    throw new CliError('vector/malformed', `${root.path} is not a CID`, { cause })
  }
}

function loadVectorCar(blocks: MemoryBlockstore, bytes: Uint8Array, crypto: CryptoProvider): readonly Cid[] {
  try {
    return loadCar(blocks, bytes, crypto)
  } catch (cause) {
    if (!(cause instanceof IpldError)) throw cause
    throw new CliError(
      cause.code === 'car/truncated' ? 'vector/truncated' : 'vector/malformed',
      'the CAR is broken',
      { cause },
    )
  }
}
