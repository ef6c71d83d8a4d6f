import type { CryptoProvider } from '@troupe/crypto'
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
import { MemoryBlockstore } from '@troupe/ipld'
import { grouped } from '../render/plain.ts'
import type { TourCode } from './actors.ts'
import {
  batchParameters,
  COUNTER_GET,
  COUNTER_INCREMENT,
  execParameters,
  INIT_EXEC,
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
import { type Executed, NETWORK_VERSION, type Outline, TourChain } from './tour-chain.ts'
import { createTourNames } from './tour-names.ts'

/** What the tour is given with. */
export interface TourOptions {
  readonly crypto: CryptoProvider
  readonly runtimes: readonly Runtime[]
  readonly code: TourCode
  /** Whether trees are coloured. */
  readonly colours: boolean
}

const NETWORK_NAME = 'tour'
const FUNDS = 1_000n * ATTO_PER_FIL
const GAS_LIMIT = 20_000_000n
/** Enough for the relay, too little for the counter. */
const SMALL_GAS_LIMIT = 2_000_000n
/** For the counter alone: too little again. */
const SMALL_CALL_GAS_LIMIT = 1_000_000n
const LARGE_GAS_LIMIT = 1_000_000_000n
const UINT64_MAX = 2n ** 64n - 1n
/** More calls inside one another than the protocol allows. */
const EXCESSIVE_DEPTH = 5_000

/**
 * Gives the tour, step by step: builds a state tree, and executes messages on it. All of it is deterministic.
 *
 * Needs a stack for {@link EXCESSIVE_DEPTH} nested calls, of which the protocol allows 1,024.
 */
export function* playTour(options: TourOptions): Generator<Step> {
  const tour = new Tour(options)
  yield tour.genesis()
  yield tour.transfer()
  yield tour.create()
  yield tour.relay()
  yield tour.fail()
  yield tour.runOutOfGas()
  yield tour.recurse()
  yield tour.state()
}

class Tour {
  readonly #chain: TourChain
  readonly #people: Readonly<Record<PersonName, Address>>
  readonly #code: TourCode
  readonly #report: ReportOptions
  #counter: Address = idAddress(0n)
  #relay: Address = idAddress(0n)

  constructor({ crypto, runtimes, code, colours }: TourOptions) {
    this.#people = createPeople(crypto)
    this.#code = code
    const { alice, bob } = this.#people
    const accounts = [alice, bob].map((address) => ({ address, balance: FUNDS }))
    this.#chain = new TourChain(crypto, new MemoryBlockstore(), runtimes, {
      networkName: NETWORK_NAME,
      code,
      accounts,
    })
    const others = { counter: this.#chain.store(code.counter), relay: this.#chain.store(code.relay) }
    const { machine } = this.#chain
    this.#report = { machine, names: createTourNames(machine.manifest, crypto, others), colours }
  }

  genesis(): GenesisStep {
    const accounts = (['alice', 'bob'] as const).map((name) => ({
      name,
      id: `f0${this.#idOf(name)}`,
      address: this.#report.names.formatAddress(this.#people[name]),
      balance: formatFil(FUNDS),
    }))
    return {
      kind: 'genesis',
      title: 'A state tree',
      note: `System, init, reward, cron, the Ethereum address manager, burnt funds, and two accounts. The code of all of them is what was just compiled. The rules are those of network version ${NETWORK_VERSION}.`,
      networkVersion: NETWORK_VERSION,
      root: this.#chain.genesis.toString(),
      accounts,
    }
  }

  transfer(): MessagesStep {
    const { alice, carol } = this.#people
    const sent = this.#execute({ from: alice, to: carol, value: 25n * ATTO_PER_FIL })
    const facts = [{ what: 'new', value: `f0${this.#idOf('carol')} is Carol's, ${sent.to}` }]
    return {
      kind: 'messages',
      title: 'Alice sends 25 FIL to Carol',
      note: 'Nobody has used her address yet: the account is created on the way, and its constructor runs.',
      messages: [sent],
      facts,
    }
  }

  create(): MessagesStep {
    const counter = this.#exec(this.#code.counter)
    this.#counter = counter.address
    const relay = this.#exec(this.#code.relay)
    this.#relay = relay.address
    return {
      kind: 'messages',
      title: 'Alice creates two actors',
      note: 'The init actor makes an actor of code that it is given the CID of, and calls its constructor.',
      messages: [counter.message, relay.message],
      facts: [
        { what: 'new', value: `f0${counter.address.id} is a counter` },
        { what: 'new', value: `f0${relay.address.id} is a relay: it passes calls on to other actors` },
      ],
    }
  }

  relay(): MessagesStep {
    const { carol } = this.#people
    const half = ATTO_PER_FIL / 2n
    const message = this.#batch({ value: half }, [
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

  fail(): MessagesStep {
    const before = this.#headOf(this.#counter)
    const message = this.#batch({}, [this.#increment(1n), this.#increment(UINT64_MAX)])
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

  runOutOfGas(): MessagesStep {
    const { bob } = this.#people
    const call = { ...this.#increment(1n), gasLimit: SMALL_CALL_GAS_LIMIT }
    const { message: contained, executed } = this.#executeAll({
      from: bob,
      to: this.#relay,
      method: RELAY_TRY,
      params: tryParameters(call),
    })
    const seen = readTry(executed.result.receipt.returnData)
    const whole = this.#batch({ gasLimit: SMALL_GAS_LIMIT }, [this.#increment(1n)])
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

  recurse(): MessagesStep {
    const { message, executed } = this.#executeAll({
      from: this.#people.bob,
      to: this.#relay,
      method: RELAY_RECURSE,
      params: recurseParameters(EXCESSIVE_DEPTH),
      gasLimit: LARGE_GAS_LIMIT,
    })
    const depth = readUint(executed.result.receipt.returnData)
    return {
      kind: 'messages',
      title: 'As deep as calls go',
      note: `The relay calls itself, ${grouped(EXCESSIVE_DEPTH)} times if it may. The protocol allows 1,024 calls inside one another; each is a Wasm instance of its own.`,
      messages: [message],
      facts: [{ what: 'depth', value: `${grouped(depth)} calls were made; the next one was refused` }],
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
        const actor = this.#report.names.actorName(code) ?? code.toString()
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
      root: this.#chain.root.toString(),
      actors,
    }
  }

  /** Has the init actor create an actor. */
  #exec(code: Uint8Array): { message: MessageReport; address: Address } {
    const { message, executed } = this.#executeAll({
      from: this.#people.alice,
      to: idAddress(INIT_ACTOR_ID),
      method: INIT_EXEC,
      params: execParameters(this.#chain.store(code)),
    })
    return { message, address: readExec(executed.result.receipt.returnData) }
  }

  /** Has the relay make calls, for Bob. */
  #batch(more: Partial<Outline>, calls: readonly RelayedCall[]): MessageReport {
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

  #execute(outline: Omit<Outline, 'gasLimit'> & Partial<Outline>): MessageReport {
    return this.#executeAll(outline).message
  }

  #executeAll(outline: Omit<Outline, 'gasLimit'> & Partial<Outline>): {
    message: MessageReport
    executed: Executed
  } {
    const executed = this.#chain.execute({ gasLimit: GAS_LIMIT, ...outline })
    return { message: reportMessage(executed, this.#report), executed }
  }

  #countFact(): Fact {
    const count = readCount(this.#chain.stateAt(this.#counter))
    return { what: 'count', value: `${count}` }
  }

  #headOf(address: Address): string {
    return this.#chain.actorAt(address).head.toString()
  }

  #idOf(name: PersonName): ActorId {
    return this.#chain.machine.state.lookupId(this.#people[name]) as ActorId
  }
}
