/** @module A host for the SDK of hardened JavaScript: actors that call one another in the realm of the test, with rollback, and no gas. */
import type { CryptoProvider } from '@troupe/crypto'
import { cidOf, DAG_CBOR, decodeCid } from '@troupe/ipld'
import type {
  ActorImage,
  EventEntry,
  HostBlock,
  HostKernel,
  HostMessage,
  HostSend,
  HostSendResult,
} from '@troupe/sdk-js/host'

/** What a fake chain runs for an actor: an image, or a function. */
export type FakeCode =
  | ActorImage
  | ((message: HostMessage, parameters: HostBlock | undefined, host: HostKernel) => HostBlock | undefined)

/** How a call ended. */
export interface FakeOutcome extends HostSendResult {
  readonly message: string
}

interface FakeActor {
  readonly code: FakeCode
  root: Uint8Array
  balance: bigint
}

/** Thrown by `abort`: the real one is a trap, which no code sees. Here the first one counts, whatever is done with it. */
class Aborted extends Error {
  readonly outcome: FakeOutcome

  constructor(outcome: FakeOutcome) {
    super(outcome.message)
    this.outcome = outcome
  }
}

const ERROR_NOT_FOUND = 6
const ERROR_INSUFFICIENT_FUNDS = 5
const ERROR_READ_ONLY = 13
const READ_ONLY = 1n
const MAX_DEPTH = 32

/** See the module. */
export class FakeHost {
  readonly events: { readonly emitter: bigint; readonly entries: readonly EventEntry[] }[] = []
  readonly logs: string[] = []
  readonly upgrades: string[] = []
  epoch = 100n
  readonly #crypto: CryptoProvider
  readonly #blocks = new Map<string, HostBlock>()
  readonly #empty: Uint8Array
  #actors = new Map<bigint, FakeActor>()

  constructor(crypto: CryptoProvider) {
    this.#crypto = crypto
    this.#empty = this.#put(DAG_CBOR, Uint8Array.of(0x80))
  }

  /** Adds an actor without state. */
  add(id: bigint, code: FakeCode, balance = 0n): void {
    this.#actors.set(id, { code, root: this.#empty, balance })
  }

  /** Gives an actor other code, as an upgrade does, and lets it bring its state along. */
  async replace(id: bigint, code: ActorImage): Promise<FakeOutcome> {
    const actor = this.#find(id)
    this.#actors.set(id, { ...actor, code })
    return this.#message({ to: id, from: 0n, method: 932_083n }, (host) =>
      code.beginUpgrade(host, undefined, { codec: DAG_CBOR, data: Uint8Array.of(0x80) }),
    )
  }

  /** The CID of an actor's state, as bytes. */
  root(id: bigint): Uint8Array {
    return this.#find(id).root
  }

  /** A block by its CID. */
  block(cid: Uint8Array): Uint8Array {
    return this.#open(cid).data
  }

  balance(id: bigint): bigint {
    return this.#find(id).balance
  }

  /** Executes a message: a call from outside, between whose steps promises are settled. */
  async send(call: {
    readonly to: bigint
    readonly from: bigint
    readonly method: bigint
    readonly parameters?: HostBlock | undefined
    readonly value?: bigint
    readonly readOnly?: boolean
  }): Promise<FakeOutcome> {
    return this.#message(call, (host, image) => image.begin(host, call.method, call.parameters))
  }

  async #message(
    call: {
      readonly to: bigint
      readonly from: bigint
      readonly method: bigint
      readonly value?: bigint
      readonly readOnly?: boolean
    },
    begin: (host: HostKernel, image: ActorImage) => void,
  ): Promise<FakeOutcome> {
    const { to, from, method, value = 0n, readOnly = false } = call
    const before = this.#snapshot()
    this.#find(to).balance += value
    const frame = this.#frame({ to, from, method, value, readOnly, depth: 0 })
    const { code } = this.#find(to)
    if (typeof code === 'function') throw new TypeError('a message goes to an image')
    try {
      begin(frame.host, code)
      await new Promise((resolve) => {
        setTimeout(resolve, 0)
      })
      return this.#end(frame, code.conclude(), before)
    } catch (error) {
      return this.#fail(error, before)
    }
  }

  #call(
    call: { to: bigint; from: bigint; method: bigint; value: bigint; readOnly: boolean; depth: number },
    parameters: HostBlock | undefined,
  ): FakeOutcome {
    const before = this.#snapshot()
    const { code } = this.#find(call.to)
    this.#find(call.from).balance -= call.value
    this.#find(call.to).balance += call.value
    if (call.method === 0n) return { exitCode: 0, block: undefined, message: '' }
    const frame = this.#frame(call)
    try {
      if (typeof code === 'function')
        return this.#end(frame, code(frame.host.message(), parameters, frame.host), before)
      code.begin(frame.host, call.method, parameters)
      return this.#end(frame, code.conclude(), before)
    } catch (error) {
      return this.#fail(error, before)
    }
  }

  #end(
    frame: { readonly aborted: Aborted | undefined },
    block: HostBlock | undefined,
    before: ReadonlyMap<bigint, FakeActor>,
  ): FakeOutcome {
    if (frame.aborted !== undefined) return this.#fail(frame.aborted, before)
    return { exitCode: 0, block, message: '' }
  }

  #fail(error: unknown, before: ReadonlyMap<bigint, FakeActor>): FakeOutcome {
    if (!(error instanceof Aborted)) throw error
    this.#actors = new Map(before)
    return error.outcome
  }

  #snapshot(): Map<bigint, FakeActor> {
    return new Map([...this.#actors].map(([id, actor]) => [id, { ...actor }]))
  }

  #frame(call: {
    to: bigint
    from: bigint
    method: bigint
    value: bigint
    readOnly: boolean
    depth: number
  }): {
    readonly host: HostKernel
    readonly aborted: Aborted | undefined
  } {
    const { to, from, method, value, readOnly, depth } = call
    if (depth > MAX_DEPTH) throw new RangeError('calls nested too deeply')
    let aborted: Aborted | undefined
    const own = (): FakeActor => this.#find(to)
    const change = (): void => {
      if (readOnly) throw { errorNumber: ERROR_READ_ONLY }
    }
    const host: HostKernel = {
      message: () => ({
        ...{ origin: 100n, caller: from, receiver: to, nonce: 7n, method, value, gasPremium: 1n },
        flags: readOnly ? READ_ONLY : 0n,
      }),
      network: () => ({
        epoch: this.epoch,
        timestamp: this.epoch * 30n,
        baseFee: 100n,
        chainId: 31_415_926n,
        networkVersion: 25,
      }),
      openBlock: (cid) => this.#open(cid),
      putBlock: (codec, data) => this.#put(codec, data),
      root: () => own().root,
      setRoot: (cid) => {
        change()
        own().root = cid
      },
      balance: () => own().balance,
      selfDestruct: () => {
        change()
        this.#actors.delete(to)
      },
      upgrade: (code) => {
        this.upgrades.push(decodeCid(code).toString())
        return { exitCode: 16, block: undefined }
      },
      send: (send) => {
        if (aborted !== undefined) throw aborted
        return this.#send(send, call)
      },
      resolveAddress: (address) => {
        if (address[0] !== 0) throw { errorNumber: ERROR_NOT_FOUND }
        return address.slice(1).reduceRight((id, byte) => (id << 7n) | BigInt(byte & 0x7f), 0n)
      },
      delegatedAddress: () => undefined,
      codeCid: () => this.#empty,
      builtinType: () => 0,
      builtinCode: () => this.#empty,
      nextActorAddress: () => Uint8Array.of(2),
      balanceOf: (id) => this.#find(id).balance,
      emitEvent: (entries) => {
        change()
        this.events.push({ emitter: to, entries })
      },
      hash: (hashFunction, data) => this.#hash(hashFunction, data),
      verifySignature: (_, signature) => signature[0] === 1,
      verifyBlsAggregate: () => false,
      recoverPublicKey: () => new Uint8Array(65),
      chainRandomness: () => new Uint8Array(32).fill(1),
      beaconRandomness: (epoch) => {
        if (epoch > this.epoch) throw { errorNumber: 3 }
        return new Uint8Array(32).fill(2)
      },
      tipsetCid: () => this.#empty,
      circulatingSupply: () => 10n ** 27n,
      gasAvailable: () => 10n ** 9n,
      log: (level, text) => void this.logs.push(`${level} ${text}`),
      abort: (exitCode, message, block) => {
        aborted ??= new Aborted({ exitCode, message, block })
        throw aborted
      },
    }
    return {
      host,
      get aborted() {
        return aborted
      },
    }
  }

  #send(
    send: HostSend,
    from: { readonly to: bigint; readonly readOnly: boolean; readonly depth: number },
  ): HostSendResult {
    const to = send.to.slice(1).reduceRight((id, byte) => (id << 7n) | BigInt(byte & 0x7f), 0n)
    const readOnly = from.readOnly || send.readOnly
    if (!this.#actors.has(to)) throw { errorNumber: ERROR_NOT_FOUND }
    if (readOnly && send.value !== 0n) throw { errorNumber: ERROR_READ_ONLY }
    if (this.#find(from.to).balance < send.value) throw { errorNumber: ERROR_INSUFFICIENT_FUNDS }
    const { method, value } = send
    return this.#call({ to, from: from.to, method, value, readOnly, depth: from.depth + 1 }, send.parameters)
  }

  #hash(hashFunction: number, data: Uint8Array): Uint8Array {
    if (hashFunction === 0x12) return this.#crypto.sha256(data)
    if (hashFunction === 0x1b) return this.#crypto.keccak256(data)
    if (hashFunction === 0xb240) return this.#crypto.blake2b(data, 64)
    if (hashFunction === 0xb220) return this.#crypto.blake2b(data, 32)
    throw { errorNumber: 1 }
  }

  #find(id: bigint): FakeActor {
    const actor = this.#actors.get(id)
    if (actor === undefined) throw { errorNumber: ERROR_NOT_FOUND }
    return actor
  }

  #put(codec: number, data: Uint8Array): Uint8Array {
    const cid = cidOf(this.#crypto, codec, data)
    this.#blocks.set(cid.toString(), { codec, data: data.slice() })
    return cid.bytes
  }

  #open(cid: Uint8Array): HostBlock {
    const block = this.#blocks.get(decodeCid(cid).toString())
    if (block === undefined) throw { errorNumber: ERROR_NOT_FOUND }
    return block
  }
}
