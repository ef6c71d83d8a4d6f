import type { Head } from './head.ts'
import type { MessageOutcome } from './outcome.ts'

/** Those who are told of blocks and of messages, right when there are any. */
export class Listeners {
  readonly #heads = new Map<(head: Head) => void, { readonly edits: boolean }>()
  readonly #outcomes = new Set<(outcome: MessageOutcome) => void>()

  /** Begins to tell of heads. @param edits whether also of those whose state was edited. @returns what ends that */
  onHead(listener: (head: Head) => void, edits: boolean): () => void {
    this.#heads.set(listener, { edits })
    return () => this.#heads.delete(listener)
  }

  /** Begins to tell of messages of blocks. @returns what ends that */
  onOutcome(listener: (outcome: MessageOutcome) => void): () => void {
    this.#outcomes.add(listener)
    return () => this.#outcomes.delete(listener)
  }

  /** Tells of a head, which is made only where somebody wants it. @param isEdit whether nothing but its state is new */
  tellHead(headOf: () => Head, isEdit = false): void {
    if (this.#heads.size === 0) return
    const head = headOf()
    for (const [listener, { edits }] of this.#heads) if (edits || !isEdit) listener(head)
  }

  /** Tells of a message; each is given an outcome of its own. */
  tellOutcome(outcomeOf: () => MessageOutcome): void {
    for (const listener of this.#outcomes) listener(outcomeOf())
  }
}
