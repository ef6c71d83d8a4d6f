/** @module What a rule set is made of, as data that can be sent or kept: enough to make it again, and to know it from any other. */
import type { CryptoProvider } from '@troupe/crypto'
import { decodeIpld, encodeIpld, type IpldValue, isCid } from '@troupe/ipld'
import { HypervisorError } from '../errors.ts'
import { type AbstractAccountRules, withAbstractAccounts } from './abstract-accounts.ts'
import { type EthereumGasRules, withEthereumGas } from './ethereum-gas.ts'
import { withActorUpgrades } from './generation-4.ts'
import { type MessageQueueRules, withMessageQueue } from './message-queue.ts'
import { rulesOf } from './networks.ts'
import { withReentrancyLocks } from './reentrancy-locks.ts'
import type { RuleSet } from './rule-set.ts'
import { type LibraryRules, type UserActorRules, withUserActors } from './user-actors.ts'

/** A rule set: the rules of a network version, and what was added to them. */
export interface RuleDescription {
  /** As `RuleSet.name`: the network version, and each addition after a plus sign, in their order. */
  readonly name: string
  /** DAG-CBOR: a list of what each addition was made with, in the order of the name; `null` for one that takes nothing. */
  readonly additions: Uint8Array
  /** BLAKE2b-256 of all that is data in the rule set: its functions, such as the prices of syscalls, are not. */
  readonly digest: Uint8Array
}

/** What makes rules of others: how its parameters are told, and how they are taken. */
interface Addition {
  readonly describe: (rules: RuleSet) => IpldValue
  readonly apply: (rules: RuleSet, parameters: IpldValue) => RuleSet
}

const ADDITIONS: Readonly<Record<string, Addition>> = {
  'user-actors': {
    describe: ({ userActors }) => dataOf(userActors) ?? null,
    apply: (rules, parameters) => withUserActors(rules, readUserActors(parameters)),
  },
  locks: { describe: () => null, apply: withReentrancyLocks },
  upgrades: { describe: () => null, apply: withActorUpgrades },
  'abstract-accounts': {
    describe: ({ abstractAccounts }) => dataOf(abstractAccounts) ?? null,
    apply: (rules, parameters) => withAbstractAccounts(rules, readAbstractAccounts(parameters)),
  },
  'message-queue': {
    describe: ({ messageQueue }) => dataOf(messageQueue) ?? null,
    apply: (rules, parameters) => withMessageQueue(rules, readMessageQueue(parameters)),
  },
  'ethereum-gas': {
    describe: ({ ethereumGas }) => dataOf(ethereumGas) ?? null,
    apply: (rules, parameters) => withEthereumGas(rules, readEthereumGas(parameters)),
  },
}

const BASE = /^nv(\d{1,4})$/u
const DIGEST_LENGTH = 32
/** Longest name: far more than all additions there are. */
const MAX_NAME_LENGTH = 256
/** Bytes of all parameters. */
const MAX_ADDITIONS_LENGTH = 65_536

/** The description of a rule set. Whether it can be made again from that, {@link rulesOfDescription} finds out. */
export function describeRules(rules: RuleSet, crypto: CryptoProvider): RuleDescription {
  const [, ...names] = rules.name.split('+')
  return {
    name: rules.name,
    additions: encodeIpld(names.map((name) => additionOf(name)?.describe(rules) ?? null)),
    digest: crypto.blake2b(encodeIpld(dataOf(rules) ?? null), DIGEST_LENGTH),
  }
}

/**
 * The rule set of a description.
 * @throws {HypervisorError} network/unknown-rules where it was made of something that nobody knows here, or by hand; network/unsupported-version
 */
export function rulesOfDescription(description: RuleDescription, crypto: CryptoProvider): RuleSet {
  const { additions, name } = description
  if (name.length > MAX_NAME_LENGTH || additions.length > MAX_ADDITIONS_LENGTH)
    unknown(name, 'its description is too long')
  const [base = '', ...names] = name.split('+')
  const [, version] = BASE.exec(base) ?? []
  if (version === undefined) unknown(name, `${base} is no network version`)
  const parameters = readParameters(name, additions)
  if (parameters.length !== names.length) unknown(name, 'its description does not fit its name')
  let rules = rulesOf(Number(version))
  for (const [index, added] of names.entries()) {
    const addition = additionOf(added) ?? unknown(name, `nobody knows the addition ${added}`)
    rules = addition.apply(rules, parameters[index] ?? null)
  }
  if (!isDescribed(rules, description, crypto)) unknown(name, 'it was changed by hand')
  return rules
}

/** Whether a description is of a rule set: by name and data. */
export function isDescribed(rules: RuleSet, description: RuleDescription, crypto: CryptoProvider): boolean {
  const { digest, name } = describeRules(rules, crypto)
  return (
    name === description.name &&
    digest.length === description.digest.length &&
    digest.every((byte, index) => byte === description.digest[index])
  )
}

function additionOf(name: string): Addition | undefined {
  return Object.hasOwn(ADDITIONS, name) ? ADDITIONS[name] : undefined
}

function readParameters(name: string, additions: Uint8Array): readonly IpldValue[] {
  const parameters = decodeIpld(additions)
  return Array.isArray(parameters) ? parameters : unknown(name, 'its additions are no list')
}

/**
 * What of a value is data: functions and what is undefined are left out, maps are lists of pairs, and numbers that DAG-CBOR has no place for are text.
 */
function dataOf(value: unknown): IpldValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (value instanceof Uint8Array || isCid(value)) return value
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : String(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value)
  if (typeof value !== 'object') return undefined
  if (value instanceof Map) return dataOf([...value])
  if (value instanceof Set) return dataOf([...value])
  if (Array.isArray(value)) return value.map((item) => dataOf(item) ?? null)
  const fields: Record<string, IpldValue> = {}
  for (const [key, item] of Object.entries(value)) {
    const data = dataOf(item)
    if (data !== undefined) fields[key] = data
  }
  return fields
}

function readUserActors(value: IpldValue): UserActorRules {
  const fields = new Fields(value)
  const libraries = fields.optional('libraries')
  return {
    maximumCodeSize: fields.count('maximumCodeSize'),
    maximumFunctions: fields.count('maximumFunctions'),
    maximumFunctionSize: fields.count('maximumFunctionSize'),
    maximumLocals: fields.count('maximumLocals'),
    maximumBranches: fields.count('maximumBranches'),
    libraries: libraries === undefined ? undefined : readLibraries(libraries),
  }
}

function readLibraries(value: IpldValue): LibraryRules {
  const fields = new Fields(value)
  return {
    maximumLibraries: fields.count('maximumLibraries'),
    maximumDepth: fields.count('maximumDepth'),
    maximumLinkedSize: fields.count('maximumLinkedSize'),
  }
}

function readAbstractAccounts(value: IpldValue): AbstractAccountRules {
  const fields = new Fields(value)
  const pairs = fields.optional('namespaces')
  if (!Array.isArray(pairs)) malformed('namespaces')
  return {
    maximumValidationGas: BigInt(fields.count('maximumValidationGas')),
    namespaces: new Map(
      (pairs as readonly IpldValue[]).map((pair) => {
        const [id, actors] = Array.isArray(pair) ? (pair as readonly IpldValue[]) : []
        if (typeof id !== 'bigint' && typeof id !== 'number') malformed('namespaces')
        const names = new Fields(actors ?? null)
        return [BigInt(id), { manager: names.text('manager'), account: names.text('account') }] as const
      }),
    ),
  }
}

function readMessageQueue(value: IpldValue): MessageQueueRules {
  const fields = new Fields(value)
  return {
    maximumData: fields.count('maximumData'),
    maximumResult: fields.count('maximumResult'),
    overheadGas: BigInt(fields.count('overheadGas')),
    overheadGasPerByte: BigInt(fields.count('overheadGasPerByte')),
  }
}

function readEthereumGas(value: IpldValue): EthereumGasRules {
  const fields = new Fields(value)
  return {
    fork: fields.text('fork'),
    transaction: fields.count('transaction'),
    creation: fields.count('creation'),
    initCodeWord: fields.count('initCodeWord'),
    zeroByte: fields.count('zeroByte'),
    nonZeroByte: fields.count('nonZeroByte'),
    floorPerToken: fields.count('floorPerToken'),
    refundDivisor: fields.count('refundDivisor') || malformed('refundDivisor'),
  }
}

/** The fields of a map, each read as what it must be. */
class Fields {
  readonly #fields: { readonly [key: string]: IpldValue }

  constructor(value: IpldValue) {
    const isMap =
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      !(value instanceof Uint8Array) &&
      !isCid(value)
    this.#fields = isMap ? (value as { readonly [key: string]: IpldValue }) : malformed('an addition')
  }

  optional(name: string): IpldValue | undefined {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined
  }

  count(name: string): number {
    const value = Number(this.optional(name) ?? -1)
    return Number.isSafeInteger(value) && value >= 0 ? value : malformed(name)
  }

  text(name: string): string {
    const value = this.optional(name)
    return typeof value === 'string' ? value : malformed(name)
  }
}

function malformed(what: string): never {
  throw new HypervisorError('network/unknown-rules', `the description of the rules has no right ${what}`)
}

function unknown(name: string, why: string): never {
  throw new HypervisorError(
    'network/unknown-rules',
    `the rules ${name} cannot be made from their description: ${why}`,
  )
}
