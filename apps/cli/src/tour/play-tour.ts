import { NATIVE_ACTORS, userInitActor } from '@troupe/actors'
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import {
  type ActorId,
  type Address,
  ATTO_PER_FIL,
  exitCodeName,
  formatFil,
  INIT_ACTOR_ID,
  idAddress,
  type Runtime,
} from '@troupe/hypervisor'
import { CborWriter, cidOf, RAW } from '@troupe/ipld'
import { nativeRuntime } from '@troupe/runtime-native'
import { type MessageRequest, renderDiff, replayWitness } from 'troupe'
import type { Names } from 'troupe/trace'
import { grouped } from '../render/plain.ts'
import type { TourCode } from './actors.ts'
import {
  batchParameters,
  COUNTER_GET,
  COUNTER_INCREMENT,
  execParameters,
  INIT_EXEC,
  INIT_INSTALL,
  incrementParameters,
  RELAY_BATCH,
  RELAY_RECURSE,
  RELAY_TRY,
  type RelayedCall,
  readCount,
  readExec,
  readTry,
  readUint,
  recurseParameters,
  tryParameters,
} from './parameters.ts'
import { createPeople, type PersonName } from './people.ts'
import { type ReportOptions, reportMessage } from './report-message.ts'
import type { ActorReport, Fact, GenesisStep, MessageReport, MessagesStep, StateStep, Step } from './step.ts'
import { type Executed, NETWORK, TourChain } from './tour-chain.ts'
import { createTourNames } from './tour-names.ts'

/** What the tour is given with. */
export interface TourOptions {
  readonly crypto: CryptoProvider
  readonly runtimes: readonly Runtime[]
  readonly code: TourCode
  /** Where the chain is kept: an empty directory. */
  readonly directory: string
  /** Whether trees are coloured. */
  readonly colours: boolean
}

const GAS_LIMIT = 50_000_000n
/** More than the base fee at the beginning, so that no message waits. */
const GAS_FEE_CAP = 200_000_000n
const GAS_PREMIUM = 100n
/** Enough for the relay, too little for the counter. */
const SMALL_GAS_LIMIT = 2_000_000n
/** For the counter alone: too little again. */
const SMALL_CALL_GAS_LIMIT = 1_000_000n
const LARGE_GAS_LIMIT = 1_000_000_000n
const UINT64_MAX = 2n ** 64n - 1n
/** More calls inside one another than the protocol allows. */
const EXCESSIVE_DEPTH = 5_000

/**
 * Gives the tour, step by step: makes a chain on disk, and sends messages. All of it is deterministic.
 *
 * Needs a stack for {@link EXCESSIVE_DEPTH} nested calls, of which the protocol allows 1,024.
 */
export async function* playTour(options: TourOptions): AsyncGenerator<Step> {
  const { crypto, directory, runtimes } = options
  const chain = await TourChain.open(directory, crypto, runtimes)
  const tour = new Tour(chain, options)
  yield tour.genesis()
  yield await tour.transfer()
  yield await tour.create()
  yield await tour.relay()
  yield await tour.fail()
  yield await tour.runOutOfGas()
  yield await tour.recurse()
  yield await tour.snapshot()
  yield tour.witness()
  yield tour.state()
  await chain.vm.close()
  yield await reopen(options)
}

class Tour {
  readonly #chain: TourChain
  readonly #people: Readonly<Record<PersonName, Address>>
  readonly #options: TourOptions
  readonly #names: Names
  #counter: Address = idAddress(0n)
  #relay: Address = idAddress(0n)

  constructor(chain: TourChain, options: TourOptions) {
    const { code, crypto } = options
    this.#chain = chain
    this.#options = options
    this.#people = createPeople(crypto)
    const others = { counter: cidOf(crypto, RAW, code.counter), relay: cidOf(crypto, RAW, code.relay) }
    this.#names = createTourNames(chain.machine.manifest, crypto, others)
  }

  genesis(): GenesisStep {
    const accounts = (['alice', 'bob'] as const).map((name) => ({
      name,
      id: `f0${this.#idOf(name)}`,
      address: this.#names.formatAddress(this.#people[name]),
      balance: formatFil(this.#chain.actorAt(this.#people[name]).balance),
    }))
    return {
      kind: 'genesis',
      title: 'A chain on disk',
      note: `A network of its own, with the actors of the system, which are written in TypeScript, and two accounts. The rules are those of Filecoin's network version ${NETWORK.rules.networkVersion}, and besides them users may install code.`,
      networkVersion: NETWORK.rules.networkVersion,
      root: this.#chain.vm.root.toString(),
      accounts,
    }
  }

  async transfer(): Promise<MessagesStep> {
    const { alice, carol } = this.#people
    const sent = await this.#execute({ from: alice, to: carol, value: 25n * ATTO_PER_FIL })
    const facts = [{ what: 'new', value: `f0${this.#idOf('carol')} is Carol's, ${sent.to}` }]
    return {
      kind: 'messages',
      title: 'Alice sends 25 FIL to Carol',
      note: 'Nobody has used her address yet: the account is created on the way, and its constructor runs.',
      messages: [sent],
      facts,
    }
  }

  async create(): Promise<MessagesStep> {
    const { counter: counterCode, relay: relayCode } = this.#options.code
    const installed = [await this.#install(counterCode), await this.#install(relayCode)]
    const counter = await this.#exec(counterCode)
    this.#counter = counter.address
    const second = await this.#exec(counterCode)
    const relay = await this.#exec(relayCode)
    this.#relay = relay.address
    return {
      kind: 'messages',
      title: 'Alice brings code, and makes three actors of it',
      note: 'The init actor takes a Wasm module that is validated and metered first, and keeps it in the state; of what is installed it makes actors, and calls their constructors.',
      messages: [...installed, counter.message, second.message, relay.message],
      facts: [
        { what: 'new', value: `f0${counter.address.id} and f0${second.address.id} are counters` },
        { what: 'new', value: `f0${relay.address.id} is a relay: it passes calls on to other actors` },
      ],
    }
  }

  async relay(): Promise<MessagesStep> {
    const { carol } = this.#people
    const half = ATTO_PER_FIL / 2n
    const message = await this.#batch({ value: half }, [
      this.#increment(5n),
      this.#increment(37n),
      { to: carol, method: 0n, value: half },
      { to: this.#counter, method: COUNTER_GET, readOnly: true },
    ])
    const events = message.events.map(
      ({ emitter, entries }) =>
        `${entries.map(({ key, value }) => `${key} = ${readUint(Buffer.from(value, 'hex'))}`).join(', ')} from ${emitter}`,
    )
    return {
      kind: 'messages',
      title: 'Bob calls the counter through the relay',
      note: 'One message, four calls: two that change the counter, one that pays Carol, one that may only read.',
      messages: [message],
      facts: [...events.map((value) => ({ what: 'event', value })), this.#countFact()],
    }
  }

  async fail(): Promise<MessagesStep> {
    const before = this.#headOf(this.#counter)
    const message = await this.#batch({}, [this.#increment(1n), this.#increment(UINT64_MAX)])
    const after = this.#headOf(this.#counter)
    return {
      kind: 'messages',
      title: 'Bob goes too far',
      note: 'The second call overflows the counter. Nothing of the message stays but its gas: the first call is taken back too, and the counter has the state that it had.',
      messages: [message],
      facts: [
        this.#countFact(),
        { what: 'state before', value: before },
        { what: 'state after', value: after },
      ],
    }
  }

  async runOutOfGas(): Promise<MessagesStep> {
    const { bob } = this.#people
    const call = { ...this.#increment(1n), gasLimit: SMALL_CALL_GAS_LIMIT }
    const { message: contained, executed } = await this.#executeAll({
      from: bob,
      to: this.#relay,
      method: RELAY_TRY,
      params: tryParameters(call),
    })
    const seen = readTry(executed.receipt.returnData)
    const whole = await this.#batch({ gasLimit: SMALL_GAS_LIMIT }, [this.#increment(1n)])
    return {
      kind: 'messages',
      title: 'Bob runs out of gas',
      note: `First the relay lets the counter have ${grouped(SMALL_CALL_GAS_LIMIT)} gas, which is not enough, and lives on. Then the message itself has too little, and all of it is gone.`,
      messages: [contained, whole],
      facts: [
        { what: 'seen', value: `the relay was told ${exitCodeName(seen.exitCode)} (${seen.exitCode})` },
        this.#countFact(),
      ],
    }
  }

  async recurse(): Promise<MessagesStep> {
    const { message, executed } = await this.#executeAll({
      from: this.#people.bob,
      to: this.#relay,
      method: RELAY_RECURSE,
      params: recurseParameters(EXCESSIVE_DEPTH),
      gasLimit: LARGE_GAS_LIMIT,
    })
    const depth = readUint(executed.receipt.returnData)
    return {
      kind: 'messages',
      title: 'As deep as calls go',
      note: `The relay calls itself, ${grouped(EXCESSIVE_DEPTH)} times if it may. The protocol allows 1,024 calls inside one another; each is a Wasm instance of its own.`,
      messages: [message],
      facts: [{ what: 'depth', value: `${grouped(depth)} calls were made; the next one was refused` }],
    }
  }

  async snapshot(): Promise<MessagesStep> {
    const { vm } = this.#chain
    const snapshot = vm.root
    const counts = [this.#count()]
    const message = await this.#execute({
      from: this.#people.bob,
      to: this.#counter,
      method: COUNTER_INCREMENT,
      params: incrementParameters(58n),
    })
    counts.push(this.#count())
    const changes = renderDiff(await vm.diff(snapshot))
    await using fork = await vm.fork(snapshot)
    await vm.checkout(snapshot)
    counts.push(this.#count())
    return {
      kind: 'messages',
      title: 'Bob counts on, and takes it back',
      note: 'A snapshot is a state root: two of them can be compared, the chain returns to any that it has been in, and a fork of it begins there and shares every block.',
      messages: [message],
      facts: [
        { what: 'snapshot', value: snapshot.toString() },
        ...changes.map((value) => ({ what: 'changed', value })),
        { what: 'count', value: `${counts.join(', then ')} again` },
        {
          what: 'fork',
          value: fork.root.equals(snapshot) ? 'begins with the same root' : 'begins elsewhere',
        },
      ],
    }
  }

  witness(): MessagesStep {
    const { chain } = this.#chain.vm
    const { crypto, runtimes } = this.#options
    const car = chain.witness()
    const options = {
      crypto,
      proofs: undefined,
      rules: NETWORK,
      runtimes: [...nativeRuntimes(crypto), ...runtimes],
    }
    const { claim, messages } = replayWitness(car, options)
    const changed = car.slice()
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1
    return {
      kind: 'messages',
      title: 'The last block, on a machine that has nothing else',
      note: 'A witness is a CAR of all that a block read. Whoever has it executes the block without the chain, and comes to the same root, or to none.',
      messages: [],
      facts: [
        { what: 'witness', value: `${grouped(car.length)} bytes, ${messages.length} message` },
        {
          what: 'root',
          value: `${claim.stateRoot.equals(this.#chain.vm.root) ? 'the same' : 'another'}, ${claim.stateRoot}`,
        },
        { what: 'one bit changed', value: refusalOf(() => replayWitness(changed, options)) },
      ],
    }
  }

  state(): StateStep {
    const owners = new Map(
      (['alice', 'bob', 'carol'] as const).map((name) => [this.#idOf(name), name] as const),
    )
    const actors = [...this.#chain.machine.state.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, { code, head, sequence, balance }]): ActorReport => {
        const owner = owners.get(id)
        const actor = this.#names.actorName(code) ?? code.toString()
        return {
          id: `f0${id}`,
          actor: owner === undefined ? actor : `${actor} of ${owner}`,
          sequence,
          balance: formatFil(balance),
          head: head.toString(),
        }
      })
    return {
      kind: 'state',
      title: 'The state',
      note: 'Its root is the same after every tour, on every machine.',
      root: this.#chain.vm.root.toString(),
      actors,
    }
  }

  /** Has the init actor install code. */
  async #install(code: Uint8Array): Promise<MessageReport> {
    const { message } = await this.#executeAll({
      from: this.#people.alice,
      to: idAddress(INIT_ACTOR_ID),
      method: INIT_INSTALL,
      params: new CborWriter().array(1).bytes(code).finish(),
      gasLimit: LARGE_GAS_LIMIT,
    })
    return message
  }

  /** Has the init actor create an actor. */
  async #exec(code: Uint8Array): Promise<{ message: MessageReport; address: Address }> {
    const { message, executed } = await this.#executeAll({
      from: this.#people.alice,
      to: idAddress(INIT_ACTOR_ID),
      method: INIT_EXEC,
      params: execParameters(cidOf(this.#options.crypto, RAW, code)),
      gasLimit: LARGE_GAS_LIMIT,
    })
    return { message, address: readExec(executed.receipt.returnData) }
  }

  /** Has the relay make calls, for Bob. */
  #batch(more: Partial<MessageRequest>, calls: readonly RelayedCall[]): Promise<MessageReport> {
    const params = batchParameters(calls)
    return this.#execute({
      from: this.#people.bob,
      to: this.#relay,
      method: RELAY_BATCH,
      params,
      ...more,
    })
  }

  #increment(by: bigint): RelayedCall {
    return { to: this.#counter, method: COUNTER_INCREMENT, parameters: incrementParameters(by) }
  }

  async #execute(request: MessageRequest): Promise<MessageReport> {
    return (await this.#executeAll(request)).message
  }

  async #executeAll(request: MessageRequest): Promise<{ message: MessageReport; executed: Executed }> {
    const executed = await this.#chain.execute({
      gasLimit: GAS_LIMIT,
      gasFeeCap: GAS_FEE_CAP,
      gasPremium: GAS_PREMIUM,
      ...request,
    })
    const report: ReportOptions = {
      machine: this.#chain.machine,
      names: this.#names,
      colours: this.#options.colours,
    }
    return { message: reportMessage(executed, report), executed }
  }

  #countFact(): Fact {
    return { what: 'count', value: `${this.#count()}` }
  }

  #count(): bigint {
    return readCount(this.#chain.stateAt(this.#counter))
  }

  #headOf(address: Address): string {
    return this.#chain.actorAt(address).head.toString()
  }

  #idOf(name: PersonName): ActorId {
    return this.#chain.machine.state.lookupId(this.#people[name]) as ActorId
  }
}

/** Opens the chain once more, as another process would. */
async function reopen({ crypto, directory, runtimes }: TourOptions): Promise<MessagesStep> {
  const { vm } = await TourChain.open(directory, crypto, runtimes)
  await using _ = vm
  const { block, epoch, root } = vm.head
  return {
    kind: 'messages',
    title: 'The chain, opened again',
    note: 'Blocks and head reached the disk in one transaction each: whenever a process ends, the next one goes on with the last whole block.',
    messages: [],
    facts: [
      { what: 'epoch', value: `${epoch}` },
      { what: 'block', value: block.toString() },
      { what: 'state root', value: root.toString() },
    ],
  }
}

/** The runtimes that every chain has. */
function nativeRuntimes(crypto: CryptoProvider): readonly Runtime[] {
  return [nativeRuntime({ crypto, actors: [...NATIVE_ACTORS, userInitActor] })]
}

function refusalOf(replay: () => unknown): string {
  try {
    replay()
    return 'executed'
  } catch (error) {
    return error instanceof CodedError ? `refused: ${error.code}` : 'failed'
  }
}
