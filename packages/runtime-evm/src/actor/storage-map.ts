/** @module How the words of a contract's storage stand in blocks. */
import { ExitCode } from '@troupe/hypervisor'
import { CborStore, type Cid, Kamt, type KamtOptions, u256Codec, u256Keys } from '@troupe/ipld'
import { type ActorContext, ActorError, isDataError } from '@troupe/runtime-native'
import { CONTRACT_WORK } from './fvm-gas.ts'

/**
 * Form of the map: five bits a level, entries from the root on, one entry a slot. The layout is part of every state.
 *
 * Source: builtin-actors v18 actors/evm/src/interpreter/system.rs (`KAMT_CONFIG`).
 */
const STORAGE_FORM: KamtOptions<bigint, bigint> = {
  keys: u256Keys,
  value: u256Codec,
  bitWidth: 5,
  minDataDepth: 0,
  maxArrayWidth: 1,
}

/** Blocks of the invocation, which name themselves when they are linked, and what reading and writing nodes costs the actor's code. */
class InvocationStore extends CborStore {
  readonly #context: ActorContext

  constructor(context: ActorContext) {
    const { crypto, nodes } = context.syscalls.kernel.calls.machine
    super(context.state.blocks, crypto, nodes)
    this.#context = context
  }

  /** A block that is decoded already is read all the same, and paid for. */
  override reuse(cid: Cid): void {
    this.getBlock(cid)
  }

  override getBlock(cid: Cid): Uint8Array {
    const bytes = this.#context.state.blocks.get(cid)
    const { readLink, readNode } = CONTRACT_WORK
    const pointers = pointersOf(bytes)
    const each =
      bytes.length >= LINK_LENGTH * pointers
        ? readLink * pointers
        : readNode.perPointer * pointers + readNode.perByte * bytes.length
    this.#context.gas.work(readNode.base + each)
    return bytes
  }

  override putBlock(codec: number, bytes: Uint8Array): Cid {
    const { base, perPointer, perByte } = CONTRACT_WORK.writeNode
    this.#context.gas.work(base + perPointer * pointersOf(bytes) + perByte * bytes.length)
    return this.#context.state.blocks.add(codec, bytes)
  }
}

/** Bytes that a link in a node has at least, and words hardly have. */
const LINK_LENGTH = 46
const BYTES = 0x40
const ARRAY = 0x80
const SHORT_LENGTH = 24

/** How many pointers a node has, by the heads of its CBOR: `[bitfield, [pointer, ...]]`. Of what is no node, that is some number up to 255. */
function pointersOf(node: Uint8Array): number {
  const at = 2 + ((node[1] ?? BYTES) & 0x1f)
  const length = (node[at] ?? ARRAY) & 0x1f
  return length < SHORT_LENGTH ? length : (node[at + 1] ?? 0)
}

/** Most words that are kept; more are read again, which gives the same and takes longer. */
const MAX_KNOWN = 10_000

/** A word that was read, and how far one had to look for it. */
interface KnownWord {
  readonly word: bigint
  readonly digits: number
}

/**
 * Storage of a contract: words by words; what is zero is absent.
 *
 * Every change goes to the map itself, because which blocks it reads and when is what its gas depends on. A word that was read is kept until a word is put in or taken out
 * where there was none: that can bring another node into the way of one that is absent.
 */
export class StorageMap {
  readonly #context: ActorContext
  /** Made when it is needed, where there are no words yet: most invocations have no transient ones. */
  #map: Kamt<bigint, bigint> | undefined
  readonly #known = new Map<string, KnownWord>()

  /** @param root without one, there are no words @throws {ActorError} USR_ILLEGAL_STATE */
  constructor(context: ActorContext, root?: Cid) {
    this.#context = context
    if (root !== undefined) this.load(root)
  }

  get isEmpty(): boolean {
    return this.#map === undefined || this.#map.isEmpty
  }

  /** The word of a key. @throws {ActorError} USR_ILLEGAL_STATE */
  get(key: bigint): bigint {
    const name = key.toString(16)
    const known = this.#known.get(name) ?? this.#find(key, name)
    const { foundWord, pathDigit } = CONTRACT_WORK
    this.#context.gas.work(pathDigit * known.digits + (known.word === 0n ? 0 : foundWord))
    return known.word
  }

  /** Gives a key a word. @returns whether that changed anything @throws {ActorError} USR_ILLEGAL_STATE */
  set(key: bigint, word: bigint): boolean {
    const map = this.#map ?? this.#create()
    const isChanged = word === 0n ? this.#delete(map, key) : this.#put(map, key, word)
    this.#context.gas.work(CONTRACT_WORK.pathDigit * map.digits)
    return isChanged
  }

  /** Writes what has changed. @throws {ActorError} USR_ILLEGAL_STATE */
  flush(): Cid {
    const map = this.#map ?? this.#create()
    return attempt(() => map.flush())
  }

  /** Goes on with other words. @throws {ActorError} USR_ILLEGAL_STATE */
  load(root: Cid): void {
    this.#known.clear()
    this.#map = attempt(() => Kamt.load(new InvocationStore(this.#context), root, STORAGE_FORM))
  }

  /** Takes out everything. */
  clear(): void {
    this.#known.clear()
    this.#map = undefined
  }

  #create(): Kamt<bigint, bigint> {
    this.#map = Kamt.create(new InvocationStore(this.#context), STORAGE_FORM)
    return this.#map
  }

  #find(key: bigint, name: string): KnownWord {
    const map = this.#map ?? this.#create()
    const word = attempt(() => map.get(key))
    return this.#keep(name, { word: word ?? 0n, digits: map.digits })
  }

  #delete(map: Kamt<bigint, bigint>, key: bigint): boolean {
    const isChanged = attempt(() => map.delete(key)) !== undefined
    if (isChanged) this.#known.clear()
    return isChanged
  }

  #put(map: Kamt<bigint, bigint>, key: bigint, word: bigint): boolean {
    const before = attempt(() => map.set(key, word))
    // Another entry moves some of those that were there.
    if (before === undefined) this.#known.clear()
    this.#keep(key.toString(16), { word, digits: map.digits })
    return before !== word
  }

  #keep(name: string, known: KnownWord): KnownWord {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear()
    this.#known.set(name, known)
    return known
  }
}

function attempt<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof ActorError || isDataError(error))
      throw new ActorError(ExitCode.USR_ILLEGAL_STATE, `storage: ${error.message}`)
    throw error
  }
}
