import {
  type CallTree,
  delegatedAddress,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  Executor,
  Machine,
  METHOD_CONSTRUCTOR,
  type MessageResult,
  type RuleSet,
  type Runtime,
  type TraceListener,
} from '@troupe/hypervisor'
import { type Blockstore, type Cid, cidOf } from '@troupe/ipld'
import { installCodes } from '../code-network.ts'
import type { Script } from '../scripted-runtime.ts'
import { createTestNetwork, idOf, type TestNetwork } from '../test-network.ts'
import type { RelayedCall, RuntimeSubject, SeenOutcome, SubjectCall } from './subject.ts'

/** The account that messages come from. */
export const SENDER = 100n
/** Two subjects. */
export const FIRST = 101n
export const SECOND = 102n
/** A number that the subject, scripts and contracts of the EVM can all be called by, and that the subject does not know. */
export const OTHER_METHOD = 7_777_777_777n
/** More than any call needs. */
export const PLENTY = 10_000_000_000n
/** What a subject has at first. attoFIL. */
export const FUNDS = 1000n

/** The actor that is a function of the test. */
export const SCRIPTED = 110n

const METHOD_SEND = 0n

/** How a message is sent. Default: the sender's, to the first subject, without value, for {@link PLENTY} of gas. */
export interface StageOptions {
  readonly from?: bigint
  readonly to?: bigint
  readonly value?: bigint
  readonly gasLimit?: bigint
  readonly trace?: TraceListener
}

/** What a stage may be opened with. */
export interface OpenOptions {
  /** What the scripted actor does. Default: nothing. */
  readonly script?: Script
  /** Default: that of the theatre. */
  readonly runtime?: Runtime
  /** Default: those of the subject. */
  readonly rules?: RuleSet
  /** What stands between the machine and its store. Default: nothing. */
  readonly blocks?: (store: Blockstore) => Blockstore
}

/** A state in which two subjects stand, made and funded, beside an actor that is a function of a test. Every stage begins with it. */
export class SubjectTheatre {
  readonly subject: RuntimeSubject
  readonly #network: TestNetwork
  readonly #root: Cid
  readonly #runtime: Runtime
  readonly #scripted: { run: Script }

  private constructor(stage: SubjectStage, runtime: Runtime, scripted: { run: Script }) {
    this.subject = stage.subject
    this.#network = stage.network
    this.#root = stage.network.machine.flush()
    this.#runtime = runtime
    this.#scripted = scripted
  }

  static async create(subject: RuntimeSubject, runtime: Runtime): Promise<SubjectTheatre> {
    const scripted: { run: Script } = { run: () => 0 }
    const network = await createTestNetwork({
      rules: subject.rules,
      runtimes: [runtime],
      scripts: { scripted: (kernel, parameters, info) => scripted.run(kernel, parameters, info) },
      actors: {
        [Number(SENDER)]: { code: 'account', balance: 10n ** 24n },
        [Number(SCRIPTED)]: { code: 'scripted' },
      },
    })
    const stage = new SubjectStage(network, subject)
    installCodes(network.machine, [stage.codeCid])
    for (const id of [FIRST, SECOND]) {
      stage.place(id)
      const { receipt, failure } = stage.construct(id, subject.construct)
      if (receipt.exitCode !== 0) throw new Error(`the subject cannot be constructed: ${failure?.message}`)
    }
    return new SubjectTheatre(stage, runtime, scripted)
  }

  /** A machine of its own on that state. Of several, the one that was opened last has its script. */
  open({
    blocks = (store) => store,
    rules = this.subject.rules,
    runtime = this.#runtime,
    script,
  }: OpenOptions = {}): SubjectStage {
    const { context, crypto, externs } = this.#network.machine
    this.#scripted.run = script ?? (() => 0)
    const machine = Machine.create({
      ...{ rules, context, crypto, externs, root: this.#root },
      blocks: blocks(this.#network.blocks),
      runtimes: [runtime, this.#network.runtime],
    })
    return new SubjectStage({ ...this.#network, machine }, this.subject)
  }
}

/** A machine on which two subjects stand. */
export class SubjectStage {
  readonly network: TestNetwork
  readonly subject: RuntimeSubject

  constructor(network: TestNetwork, subject: RuntimeSubject) {
    this.network = network
    this.subject = subject
  }

  /** Puts a subject that is not constructed yet where nobody is. */
  place(id: bigint): void {
    const { machine, store } = this.network
    const name = new Uint8Array(20).fill(Number(id))
    machine.state.setActor(id, {
      code: store.putBlock(this.subject.codeCodec, this.subject.code),
      head: machine.emptyTuple,
      sequence: 0n,
      balance: FUNDS,
      delegatedAddress: delegatedAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, name),
    })
  }

  /** Calls a constructor, as the init actor does. */
  construct(to: bigint, params: Uint8Array): MessageResult {
    return this.deliver({ method: METHOD_CONSTRUCTOR, params }, { from: 1n, to })
  }

  /** Tells a subject to do something. */
  send(call: SubjectCall, options?: StageOptions): MessageResult {
    return this.deliver(this.subject.encode(call), options)
  }

  /** Sends a message as it is. */
  deliver(
    { method, params }: { readonly method: bigint; readonly params: Uint8Array },
    { from = SENDER, to = FIRST, value = 0n, gasLimit = PLENTY, trace }: StageOptions = {},
  ): MessageResult {
    const isImplicit = from !== SENDER
    const { machine } = this.network
    return new Executor(machine).execute(
      {
        ...{ version: 0n, from: idOf(Number(from)), to: idOf(Number(to)), value, method, params },
        ...{ gasLimit, gasFeeCap: 0n, gasPremium: 0n },
        sequence: isImplicit ? 0n : (machine.state.getActor(SENDER)?.sequence ?? 0n),
      },
      { length: 100, ...(isImplicit ? { kind: 'implicit' } : {}), ...(trace === undefined ? {} : { trace }) },
    )
  }

  /** The bytes of what the first subject is told, so that it tells the second (or another) something. */
  relay(
    inner: SubjectCall | { readonly method: bigint; readonly params: Uint8Array },
    options: Partial<RelayedCall> = {},
  ): SubjectCall {
    const encoded = 'do' in inner ? this.subject.encode(inner) : inner
    const { method, params } = encoded
    return {
      ...{ do: 'relay', n: 1n, to: SECOND, method, params, value: 0n, gasLimit: PLENTY },
      ...{ readOnly: false, fails: false },
      ...options,
    }
  }

  /** Has the first subject call another; gives what it saw, and the result of the message. */
  see(
    inner: Parameters<SubjectStage['relay']>[0],
    options?: Partial<RelayedCall>,
    message?: StageOptions,
  ): { readonly seen: SeenOutcome; readonly result: MessageResult } {
    const result = this.send(this.relay(inner, options), message)
    if (result.receipt.exitCode !== 0)
      throw new Error(`the relay ended with ${result.receipt.exitCode}: ${result.failure?.message}`)
    return { seen: this.subject.outcome(result.receipt.returnData), result }
  }

  /** A plain transfer, as a relayed call. */
  get transfer(): { readonly method: bigint; readonly params: Uint8Array } {
    return { method: METHOD_SEND, params: new Uint8Array() }
  }

  /** The number that a subject keeps. */
  kept(id: bigint = FIRST): bigint {
    return this.subject.number(this.send({ do: 'get' }, { to: id }).receipt.returnData)
  }

  balance(id: bigint): bigint | undefined {
    return this.network.machine.state.getActor(id)?.balance
  }

  /** State and code of both subjects, which is all of theirs that a message may change. */
  subjects(): string[] {
    return [FIRST, SECOND].map((id) => {
      const actor = this.network.machine.state.getActor(id)
      return actor === undefined ? 'gone' : `${actor.head} ${actor.balance} ${actor.sequence}`
    })
  }

  /** CIDs of the subjects' states. */
  heads(): Cid[] {
    return [FIRST, SECOND].flatMap((id) => this.network.machine.state.getActor(id)?.head ?? [])
  }

  get codeCid(): Cid {
    return cidOf(this.network.crypto, this.subject.codeCodec, this.subject.code)
  }
}

/** The calls of a message as they are the same in every runtime: who called whom by which method, with what, and how it ended. */
export function shapeOf({ roots }: CallTree): unknown {
  const shape = ({ actor, call, calls, outcome }: CallTree['roots'][number]): unknown => {
    const end = outcome?.type === 'return' ? outcome.exitCode : `error ${outcome?.number}`
    return {
      call: `${call.from} to ${actor}, ${call.value} attoFIL${call.readOnly ? ', read-only' : ''}: ${end}`,
      method: call.method,
      calls: calls.map(shape),
    }
  }
  return roots.map(shape)
}
