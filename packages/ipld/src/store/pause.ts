// Every host has it, and TypeScript declares it only inside its DOM libraries.
declare function setTimeout(run: () => void, delayMs: number): unknown

/** Lets the host do whatever else waits. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}
