import type { CryptoProvider } from '@troupe/crypto'
import { ses } from '@troupe/runtime-ses'
import { type LmdbStore, openLmdbStore } from '@troupe/store-lmdb'
import { type ActorHandle, createTroupe, type Troupe } from 'troupe'
import { ANSWERER, ASKER } from './actors.ts'

const GAS_LIMIT = 2_000_000_000n
/** The first actors of users on a chain of one account. */
const [ASKER_ID, ANSWERER_ID] = [102n, 103n]

/** What the asker's state says. */
export interface AskingReport {
  readonly asked: bigint
  /** Answers that were not the square of what was asked. */
  readonly wrong: bigint
  /** Numbers whose answers are not collected. */
  readonly waiting: readonly bigint[]
  /** How often each number was answered. */
  readonly answered: readonly (readonly [number: bigint, times: bigint])[]
  /** How often somebody was asked, as they have it. */
  readonly answers: bigint
}

/** A chain on disk with the two actors. */
export class AskingChain implements AsyncDisposable {
  readonly #vm: Troupe
  readonly #store: LmdbStore
  readonly #asker: ActorHandle
  readonly #answerer: ActorHandle

  private constructor(vm: Troupe, store: LmdbStore) {
    this.#vm = vm
    this.#store = store
    this.#asker = vm.actor(ASKER_ID)
    this.#answerer = vm.actor(ANSWERER_ID)
  }

  /** Opens what is in a directory, and makes what is not there yet: a process may have been killed at any time. */
  static async open(directory: string, crypto: CryptoProvider): Promise<AskingChain> {
    const store = await openLmdbStore(directory, crypto)
    const vm = await createTroupe({ store, crypto, runtimes: [ses()], accounts: { count: 1 } })
    for (const [id, code] of [
      [ASKER_ID, ASKER],
      [ANSWERER_ID, ANSWERER],
    ] as const)
      if ((await vm.getActor(id)) === undefined) await vm.deploy(code)
    return new AskingChain(vm, store)
  }

  /** Asks with the next number, in a block. */
  async ask(): Promise<void> {
    await this.#asker.send('Ask', [ANSWERER_ID], { gasLimit: GAS_LIMIT })
  }

  /** Collects the answer of a number, in a block. */
  async collect(number: bigint): Promise<void> {
    await this.#asker.send('Collect', [number], { gasLimit: GAS_LIMIT })
  }

  async report(): Promise<AskingReport> {
    const { value } = await this.#asker.view('Report')
    const [asked, wrong, waiting, answered] = value as unknown as [
      bigint,
      bigint,
      bigint[],
      [bigint, bigint][],
    ]
    const answers = (await this.#answerer.view('Answers')).value as bigint
    return { asked, wrong, waiting, answered, answers }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#vm.close()
    await this.#store.close()
  }
}
