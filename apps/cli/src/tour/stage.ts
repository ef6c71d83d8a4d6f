import type { ActorId, Address, Runtime } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { type Account, deriveAccounts, type MessageOutcome, type Troupe } from 'troupe'
import type { Names } from 'troupe/trace'
import type { TourCode } from './actors.ts'
import type { ChainParts } from './open-chain.ts'
import { type ReportOptions, reportMessage } from './report-message.ts'
import type { Fact, MessageReport, MessagesStep } from './step.ts'
import { createTourNames } from './tour-names.ts'

/** What the tour is given with. */
export interface TourOptions extends ChainParts {
  readonly code: TourCode
  /** Whether trees are coloured. */
  readonly colours: boolean
  /** How long lines of trees should be at most. */
  readonly columns: number
}

/** What acts are played on: a chain, people, code; and somebody who writes down every message. */
export class Stage {
  readonly vm: Troupe
  readonly code: TourCode
  readonly runtimes: readonly Runtime[]
  readonly names: Names
  /** Has funds. */
  readonly alice: Account
  /** Has funds. */
  readonly bob: Account
  /** Is nobody yet. */
  readonly carol: Account
  #messages: MessageReport[] = []
  #rootBefore: Cid
  #root: Cid

  constructor(vm: Troupe, { code, colours, columns, runtimes }: TourOptions) {
    const [alice, bob, carol] = deriveAccounts(vm.crypto, { count: 3 }) as [Account, Account, Account]
    this.vm = vm
    this.code = code
    this.runtimes = runtimes
    this.alice = alice
    this.bob = bob
    this.carol = carol
    this.names = createTourNames(vm, code)
    this.#root = vm.root
    this.#rootBefore = vm.root
    vm.onBlock(({ root }) => {
      this.#rootBefore = this.#root
      this.#root = root
    })
    vm.onMessage((outcome) =>
      this.#messages.push(
        this.#report(outcome, { colours, columns, names: this.names, source: code.hall.source }),
      ),
    )
  }

  /** A step: what has been sent since the last one, and what there is to say of it. */
  step(title: string, note: string, facts: readonly Fact[]): MessagesStep {
    const messages = this.#messages
    this.#messages = []
    return { kind: 'messages', title, note, messages, facts }
  }

  /** The number of an actor that there is. */
  idOf({ address }: { readonly address: Address }): ActorId {
    const id = this.vm.chain.machineAfter().state.lookupId(address)
    if (id === undefined)
      throw new RangeError(`there is no actor ${this.vm.format(address)} on the chain of the tour`)
    return id
  }

  /** The root of an actor's state. */
  async headOf(actor: { readonly address: Address }): Promise<Cid> {
    const record = await this.vm.getActor(actor.address)
    if (record === undefined)
      throw new RangeError(`there is no actor ${this.vm.format(actor.address)} on the chain of the tour`)
    return record.head
  }

  #report(outcome: MessageOutcome, options: ReportOptions): MessageReport {
    const roots = { rootBefore: this.#rootBefore, rootAfter: this.#root }
    return reportMessage(this.vm.chain, outcome, roots, options)
  }
}
