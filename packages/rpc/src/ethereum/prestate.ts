/** @module What a message found, and what it left: go-ethereum's `prestateTracer`. */
import type { ActorId, Machine } from '@troupe/hypervisor'
import { CborStore, type Cid, Kamt } from '@troupe/ipld'
import { RpcError } from '../errors.ts'
import type { Json } from '../protocol/json.ts'
import { type Hex, toHex, toQuantity, toWord } from '../text/hex.ts'
import { ethereumAddressOfId } from './address.ts'
import { readContractState, STORAGE_FORM } from './contract-state.ts'
import type { TouchedState } from './touched-state.ts'

/** What an account has, as tools read it. */
interface Account {
  readonly balance: string
  readonly nonce: number
  readonly code: string | undefined
  readonly storage: ReadonlyMap<string, string>
}

/** Accounts at one moment, by id; `undefined` for those that are not there. */
export type Accounts = ReadonlyMap<ActorId, { readonly name: Hex; readonly account: Account | undefined }>

/** How `prestateTracer` shows accounts. */
export interface PrestateOptions {
  /** Only what became different, before and after. */
  readonly isDiff: boolean
  readonly hasCode: boolean
  readonly hasStorage: boolean
  /** Whether accounts are told of that are not there. */
  readonly hasEmpty: boolean
}

const NO_ACCOUNT: Account = { balance: '0x0', nonce: 0, code: undefined, storage: new Map() }

/**
 * What some actors have at a moment.
 * @param limit how many words of storage may be read, all contracts together
 * @throws {RpcError} rpc/limit
 */
export function readAccounts(machine: Machine, touched: TouchedState, limit: number): Accounts {
  const rest = { left: limit }
  const looked = touched.addresses.flatMap((address) => machine.state.lookupId(address) ?? [])
  const wordsOf = (id: ActorId): ReadonlySet<bigint> | undefined =>
    touched.words === undefined ? undefined : (touched.words.get(id) ?? new Set())
  return new Map(
    [...touched.actors.union(new Set(looked))].map((id) => [
      id,
      {
        name: ethereumAddressOfId(machine.state, id),
        account: readAccount(machine, id, wordsOf(id), rest),
      },
    ]),
  )
}

/**
 * All accounts that a message had to do with, as it found them: words of storage are those that its code read or wrote.
 *
 * Differs: where contracts are run by an actor that does not tell its steps, their storage is there whole.
 */
export function formatPrestate(before: Accounts, after: Accounts, options: PrestateOptions): Json {
  const pre: Record<string, Json> = {}
  const post: Record<string, Json> = {}
  for (const [id, { account: was, name: oldName }] of before) {
    const { account: is, name: newName } = after.get(id) ?? { account: undefined, name: oldName }
    const name = is === undefined ? oldName : newName
    if (!options.isDiff) {
      if (was !== undefined || options.hasEmpty) pre[name] = formatAccount(was ?? NO_ACCOUNT, options)
      continue
    }
    const { left, right } = difference(was, is, options)
    if (left !== undefined) pre[name] = left
    if (right !== undefined) post[name] = right
  }
  return options.isDiff ? { pre, post } : pre
}

/** @param words those that are told; all where none are given */
function readAccount(
  machine: Machine,
  id: ActorId,
  words: ReadonlySet<bigint> | undefined,
  rest: { left: number },
): Account | undefined {
  const actor = machine.state.getActor(id)
  if (actor === undefined) return undefined
  const { balance, code, head, sequence } = actor
  if (!machine.manifest.is('evm', code))
    return { balance: toQuantity(balance), nonce: Number(sequence), code: undefined, storage: new Map() }
  const store = new CborStore(machine.blocks, machine.crypto)
  const { bytecode, nonce, storage } = readContractState(store, head)
  return {
    ...{ balance: toQuantity(balance), nonce: Number(nonce) },
    ...{ code: toHex(store.getBlock(bytecode)), storage: readStorage(store, storage, words, rest) },
  }
}

function readStorage(
  store: CborStore,
  root: Cid,
  words: ReadonlySet<bigint> | undefined,
  rest: { left: number },
): Map<string, string> {
  const kamt = Kamt.load(store, root, STORAGE_FORM)
  const storage = new Map<string, string>()
  const keep = (key: bigint, value: bigint): void => {
    if (rest.left-- <= 0)
      throw new RpcError('rpc/limit', 'the contracts have more words of storage than are told at once')
    storage.set(toWord(key), toWord(value))
  }
  if (words === undefined) for (const [key, value] of kamt.entries()) keep(key, value)
  else for (const key of words) keep(key, kamt.get(key) ?? 0n)
  return storage
}

function formatAccount(
  { balance, code, nonce, storage }: Account,
  { hasCode, hasStorage }: PrestateOptions,
): Json {
  return {
    balance,
    ...(nonce === 0 ? {} : { nonce }),
    ...(!hasCode || code === undefined || code === '0x' ? {} : { code }),
    ...(!hasStorage || storage.size === 0 ? {} : { storage: Object.fromEntries(storage) }),
  }
}

/** What is different: before all of it, as go-ethereum has it but for words that stay as they are; after only what is new. Words that are zero are none. */
function difference(
  was: Account | undefined,
  is: Account | undefined,
  options: PrestateOptions,
): { readonly left: Json | undefined; readonly right: Json | undefined } {
  const changed = (
    storage: ReadonlyMap<string, string>,
    other: ReadonlyMap<string, string>,
  ): Map<string, string> =>
    new Map([...storage].filter(([key, value]) => value !== ZERO && (other.get(key) ?? ZERO) !== value))
  const [before, after] = [was ?? NO_ACCOUNT, is ?? NO_ACCOUNT]
  const [oldWords, newWords] = options.hasStorage
    ? [changed(before.storage, after.storage), changed(after.storage, before.storage)]
    : [new Map<string, string>(), new Map<string, string>()]
  const isNewCode = options.hasCode && before.code !== after.code && after.code !== undefined
  const right = {
    ...(before.balance === after.balance ? {} : { balance: after.balance }),
    ...(before.nonce === after.nonce ? {} : { nonce: after.nonce }),
    ...(isNewCode ? { code: after.code as string } : {}),
    ...(newWords.size === 0 ? {} : { storage: Object.fromEntries(newWords) }),
  }
  if (Object.keys(right).length === 0 && oldWords.size === 0) return { left: undefined, right: undefined }
  const isTold = was !== undefined || options.hasEmpty
  const left = isTold ? formatAccount({ ...before, storage: oldWords }, options) : undefined
  return { left, right: is === undefined ? undefined : right }
}
const ZERO = toWord(0n)
