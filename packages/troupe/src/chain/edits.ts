/**
 * @module Changes of the state that no message made: what whoever owns a chain sets, so that a test begins where it wants to.
 *
 * They belong to the block after them, which carries them in a fourth list beside its messages and executes them before all else; whoever executes that block again,
 * from a witness too, does the same. Until there is one they are the head's, under a CID of their own:
 *
 * | block | shape |
 * | --- | --- |
 * | edits | DAG-CBOR `[[address, balance or null, sequence or null, code or null, head or null]...]`, in the order in which they are made |
 * | edited head | DAG-CBOR `[block, edits]` |
 *
 * Differs: Filecoin has nothing of the kind, and its nodes refuse a block with four lists. All other blocks are as theirs.
 */
import {
  type ActorState,
  type Address,
  AddressProtocol,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  type Machine,
  readAddress,
  type TokenAmount,
  writeAddress,
} from '@troupe/hypervisor'
import {
  CborReader,
  type CborStore,
  CborWriter,
  type Cid,
  DAG_CBOR,
  scanLinks,
  verifyBlock,
} from '@troupe/ipld'
import { TroupeError } from '../errors.ts'

/** What becomes of one actor. What is not given stays as it is. */
export interface ActorEdit {
  /** An address without an actor gets one: an account of a key, a placeholder of an Ethereum address, or whatever has both `code` and `head`. */
  readonly address: Address
  /** attoFIL, 0 to 2^128-1, which is what actors can be told of. Nobody pays for it. */
  readonly balance?: TokenAmount | undefined
  /** The next message's sequence number, not less than it is: messages are found by them. */
  readonly sequence?: bigint | undefined
  /** Code that the network may run. */
  readonly code?: Cid | undefined
  /** Root of the actor's state, in the store or among the blocks that come with the edits. */
  readonly head?: Cid | undefined
}

/** Most edits of one block. */
export const MAX_EDITS = 10_000

const FIELD_COUNT = 5
const MAX_BALANCE = 2n ** 128n - 1n
const MAX_UINT64 = 2n ** 64n - 1n

/** Writes a list of edits. */
export function storeEdits(store: CborStore, edits: readonly ActorEdit[]): Cid {
  const writer = new CborWriter().array(edits.length)
  for (const { address, balance, code, head, sequence } of edits) {
    writeAddress(writer.array(FIELD_COUNT), address)
    if (balance === undefined) writer.null()
    else writer.bigInt(balance)
    if (sequence === undefined) writer.null()
    else writer.uint(sequence)
    for (const cid of [code, head])
      if (cid === undefined) writer.null()
      else writer.cid(cid)
  }
  return store.putBlock(DAG_CBOR, writer.finish())
}

/**
 * Reads a list of edits.
 * @throws {TroupeError} edit/too-many
 * @throws {IpldError} cbor/…, blockstore/…
 */
export function loadEdits(store: CborStore, cid: Cid): ActorEdit[] {
  const reader = new CborReader(store.getBlock(cid))
  const length = reader.array()
  checkCount(length)
  const edits = Array.from({ length }, (): ActorEdit => {
    reader.tuple(FIELD_COUNT)
    return {
      address: readAddress(reader),
      balance: reader.tryNull() ? undefined : reader.bigInt(),
      sequence: reader.tryNull() ? undefined : reader.uint64(),
      code: reader.tryNull() ? undefined : reader.cid(),
      head: reader.tryNull() ? undefined : reader.cid(),
    }
  })
  reader.end()
  return edits
}

/** @throws {TroupeError} edit/too-many */
export function checkCount(length: number): void {
  if (length > MAX_EDITS)
    throw new TroupeError('edit/too-many', `${length} edits before a block, of at most ${MAX_EDITS}`)
}

/**
 * Makes edits on the state of a machine, one after the other, and writes the new state.
 * @returns its root
 * @throws {TroupeError} edit/… with the name of the field
 */
export function applyEdits(machine: Machine, edits: readonly ActorEdit[]): Cid {
  for (const edit of edits) applyEdit(machine, edit)
  return machine.flush()
}

/**
 * Puts blocks that edits refer to where the state finds them, and looks whether nothing is missing. A witness does not have all of it: who executes a block again does without.
 * @throws {TroupeError} edit/head for a state that is nowhere; edit/blocks where a block links to what is neither among them nor in the store
 * @throws {IpldError} blockstore/hash-mismatch
 */
export function putEditBlocks(
  machine: Machine,
  edits: readonly ActorEdit[],
  blocks: Iterable<readonly [Cid, Uint8Array]>,
): void {
  const all = [...blocks]
  for (const [cid, bytes] of all) {
    verifyBlock(machine.crypto, cid, bytes)
    machine.blocks.put(cid, bytes)
  }
  for (const [cid, bytes] of all)
    for (const link of cid.code === DAG_CBOR ? scanLinks(bytes) : [])
      if (!machine.blocks.has(link))
        throw new TroupeError('edit/blocks', `the block ${cid} links to ${link}, which is nowhere`)
  for (const { head } of edits)
    if (head !== undefined && !machine.blocks.has(head)) refuse('head', `is ${head}, which is nowhere`)
}

function applyEdit(machine: Machine, edit: ActorEdit): void {
  const { address, balance, code, head, sequence } = edit
  const { state } = machine
  if (balance !== undefined && (balance < 0n || balance > MAX_BALANCE))
    refuse('balance', `is ${balance} attoFIL, not from 0 to 2^128-1`)
  if (code !== undefined && !isKnown(machine, code))
    refuse('code', `is ${code}, which the network does not run`)
  const found = state.lookupId(address)
  const actor = found === undefined ? undefined : state.getActor(found)
  const base = actor ?? newActor(machine, edit)
  const id = found ?? state.registerAddress(address)
  if (sequence !== undefined && (sequence < base.sequence || sequence > MAX_UINT64))
    refuse('sequence', `is ${sequence}, and that of f0${id} is ${base.sequence} already`)
  state.setActor(
    id,
    withAccount(machine, {
      ...base,
      balance: balance ?? base.balance,
      sequence: sequence ?? base.sequence,
      code: code ?? base.code,
      head: head ?? base.head,
    }),
  )
}

/** A placeholder that has sent messages would send no more: it is what it would have become with the first. */
function withAccount({ manifest }: Machine, actor: ActorState): ActorState {
  const isUsed = actor.sequence > 0n && manifest.is('placeholder', actor.code)
  const code =
    actor.delegatedAddress?.namespace === ETHEREUM_ADDRESS_MANAGER_ACTOR_ID
      ? manifest.code('ethaccount')
      : undefined
  return isUsed && code !== undefined ? { ...actor, code } : actor
}

/** What an address without an actor gets. */
function newActor(machine: Machine, { address, code, head }: ActorEdit): ActorState {
  const { manifest, rules } = machine
  const fresh = { sequence: 0n, balance: 0n }
  switch (address.protocol) {
    case AddressProtocol.SECP256K1:
    case AddressProtocol.BLS: {
      const state = writeAddress(new CborWriter().array(1), address).finish()
      return {
        ...fresh,
        code: code ?? required('account'),
        head: head ?? machine.state.store.putBlock(DAG_CBOR, state),
      }
    }
    case AddressProtocol.DELEGATED: {
      const isPlaceholder =
        address.namespace === ETHEREUM_ADDRESS_MANAGER_ACTOR_ID ||
        rules.abstractAccounts?.namespaces.has(address.namespace as bigint) === true
      if (rules.delegatedAddresses && (isPlaceholder || code !== undefined))
        return {
          ...fresh,
          code: code ?? required('placeholder'),
          head: head ?? machine.emptyTuple,
          delegatedAddress: address,
        }
      break
    }
    case AddressProtocol.ACTOR:
      if (code !== undefined && head !== undefined) return { ...fresh, code, head }
  }
  return refuse('address', 'has no actor, and without code and state it cannot get one')

  function required(name: string): Cid {
    return (
      manifest.code(name) ?? refuse('address', `needs the ${name} actor, which the network does not have`)
    )
  }
}

function isKnown(machine: Machine, code: Cid): boolean {
  return (
    machine.manifest.typeOf(code) !== 0 || (machine.rules.userActors !== undefined && machine.mayRun(code))
  )
}

function refuse(field: 'address' | 'balance' | 'sequence' | 'code' | 'head', what: string): never {
  throw new TroupeError(`edit/${field}`, `${field} of the edit ${what}`)
}
