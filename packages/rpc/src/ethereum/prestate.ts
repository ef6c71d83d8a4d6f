/** @module What a message found, and what it left: go-ethereum's `prestateTracer`. */
import type { ActorId, CallFrame, CallTree, Machine } from '@troupe/hypervisor'
import { CborReader, CborStore, type Cid, Kamt } from '@troupe/ipld'
import { RpcError } from '../errors.ts'
import type { Json } from '../protocol/json.ts'
import { type Hex, toHex, toQuantity, toWord } from '../text/hex.ts'
import { ethereumAddressOfId } from './address.ts'
import { STORAGE_FORM } from './edit-contract.ts'

/** What an account has, as tools read it. */
interface Account {
  readonly balance: string
  readonly nonce: number
  readonly code: string | undefined
  readonly storage: ReadonlyMap<string, string>
}

/** Accounts at one moment, by id; `undefined` for those that are not there. */
export type Accounts = ReadonlyMap<ActorId, { readonly name: Hex; readonly account: Account | undefined }>

/** The actors that a message had to do with. */
export function touchedBy({ roots }: CallTree): ReadonlySet<ActorId> {
  const touched = new Set<ActorId>()
  const visit = ({ actor, call, calls }: CallFrame): void => {
    touched.add(call.from)
    if (actor !== undefined) touched.add(actor)
    calls.forEach(visit)
  }
  roots.forEach(visit)
  return touched
}

/**
 * What some actors have at a moment.
 * @param words how many words of storage may be read, all contracts together
 * @throws {RpcError} rpc/limit
 */
export function readAccounts(machine: Machine, ids: Iterable<ActorId>, words: number): Accounts {
  const rest = { left: words }
  return new Map(
    [...ids].map((id) => [
      id,
      { name: ethereumAddressOfId(machine.state, id), account: readAccount(machine, id, rest) },
    ]),
  )
}

/**
 * All accounts that a message had to do with, as it found them. With `isDiff` only what became different, before and after.
 *
 * Differs: the storage of a contract is there whole, where go-ethereum has the words that were read: which these are is not traced.
 */
export function formatPrestate(before: Accounts, after: Accounts, isDiff: boolean): Json {
  const pre: Record<string, Json> = {}
  const post: Record<string, Json> = {}
  for (const [id, { account: was, name: oldName }] of before) {
    const { account: is, name: newName } = after.get(id) ?? { account: undefined, name: oldName }
    const name = is === undefined ? oldName : newName
    if (!isDiff) {
      if (was !== undefined) pre[name] = formatAccount(was)
      continue
    }
    const { left, right } = difference(was, is)
    if (left !== undefined) pre[name] = left
    if (right !== undefined) post[name] = right
  }
  return isDiff ? { pre, post } : pre
}

function readAccount(machine: Machine, id: ActorId, words: { left: number }): Account | undefined {
  const actor = machine.state.getActor(id)
  if (actor === undefined) return undefined
  const { balance, code, head, sequence } = actor
  if (!machine.manifest.is('evm', code))
    return { balance: toQuantity(balance), nonce: Number(sequence), code: undefined, storage: new Map() }
  const store = new CborStore(machine.blocks, machine.crypto)
  const reader = new CborReader(store.getBlock(head))
  reader.tuple(6)
  const bytecode = reader.cid()
  reader.skip()
  const storage = readStorage(store, reader.cid(), words)
  reader.skip()
  return {
    ...{ balance: toQuantity(balance), nonce: Number(reader.uint64()) },
    ...{ code: toHex(store.getBlock(bytecode)), storage },
  }
}

function readStorage(store: CborStore, root: Cid, words: { left: number }): Map<string, string> {
  const storage = new Map<string, string>()
  for (const [key, value] of Kamt.load(store, root, STORAGE_FORM).entries()) {
    if (words.left-- === 0)
      throw new RpcError('rpc/limit', 'the contracts have more words of storage than are told at once')
    storage.set(toWord(key), toWord(value))
  }
  return storage
}

function formatAccount({ balance, code, nonce, storage }: Account): Json {
  return {
    ...{ balance, nonce },
    ...(code === undefined || code === '0x' ? {} : { code }),
    ...(storage.size === 0 ? {} : { storage: Object.fromEntries(storage) }),
  }
}

/** What is different: before all of it, as go-ethereum has it but for words that stay as they are; after only what is new. */
function difference(
  was: Account | undefined,
  is: Account | undefined,
): { readonly left: Json | undefined; readonly right: Json | undefined } {
  const changed = (
    storage: ReadonlyMap<string, string>,
    other: ReadonlyMap<string, string>,
  ): Map<string, string> => new Map([...storage].filter(([key, value]) => other.get(key) !== value))
  const none: Account = { balance: '0x0', nonce: 0, code: undefined, storage: new Map() }
  const [before, after] = [was ?? none, is ?? none]
  const [oldWords, newWords] = [
    changed(before.storage, after.storage),
    changed(after.storage, before.storage),
  ]
  const right = {
    ...(before.balance === after.balance ? {} : { balance: after.balance }),
    ...(before.nonce === after.nonce ? {} : { nonce: after.nonce }),
    ...(before.code === after.code || after.code === undefined ? {} : { code: after.code }),
    ...(newWords.size === 0 ? {} : { storage: Object.fromEntries(newWords) }),
  }
  if (Object.keys(right).length === 0 && oldWords.size === 0) return { left: undefined, right: undefined }
  const left = was === undefined ? undefined : formatAccount({ ...was, storage: oldWords })
  return { left, right: is === undefined ? undefined : right }
}
