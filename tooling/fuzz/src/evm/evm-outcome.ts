/** What came of a case on a machine, in a form that can be compared: numbers in hexadecimal, lists in order. */
export interface EvmOutcome {
  readonly isSuccess: boolean
  readonly output: string
  readonly gasUsed: bigint
  readonly refund: bigint
  readonly logs: readonly string[]
  /** Lines `<address> <what> <value>`: balances, nonces and slots. */
  readonly state: readonly string[]
}

/** Bytes in hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** How two outcomes differ; empty where they do not. */
export function differences(ours: EvmOutcome, theirs: EvmOutcome): string[] {
  const keys = ['isSuccess', 'output', 'gasUsed', 'refund'] as const
  const single = keys
    .filter((key) => ours[key] !== theirs[key])
    .map((key) => `${key} is ${ours[key]}, and there ${theirs[key]}`)
  const lists = (['logs', 'state'] as const).flatMap((key) =>
    Array.from({ length: Math.max(ours[key].length, theirs[key].length) }, (_, i) => i)
      .filter((i) => ours[key][i] !== theirs[key][i])
      .map((i) => `${key}: ${ours[key][i]}, and there ${theirs[key][i]}`),
  )
  return [...single, ...lists]
}
