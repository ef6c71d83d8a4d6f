/** The part of a signal that is used by name; every host has it, and TypeScript declares it only inside its DOM libraries. */
interface AbortSignal {
  readonly aborted: boolean
  throwIfAborted(): void
}
