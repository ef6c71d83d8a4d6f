import { codeBlocks } from '@troupe/docs'
import { rulesOf } from '@troupe/hypervisor'
import { encodeCar } from '@troupe/ipld/car'
import { createTestNetwork } from '@troupe/testkit'

/** What the example of embedding prints: exit code, gas, fidelity, state root. */
export const EXAMPLE_OUTPUT: RegExp = /^0 \d+n exact bafy2bza\w+\n$/

/** The example of embedding in a README, in TypeScript. */
export function embeddingExample(readme: string): string {
  const example = codeBlocks(readme, 'ts').find((code) => code.includes('Machine.create'))
  if (example === undefined) throw new Error('README.md has no example in TypeScript')
  return example
}

/** The CAR with the state tree that the example reads. */
export async function exampleState(): Promise<Uint8Array> {
  const { machine, blocks } = await createTestNetwork({
    rules: rulesOf(20),
    actors: { 100: { code: 'account', balance: 10n ** 18n }, 101: { code: 'account' } },
  })
  const root = machine.flush()
  return encodeCar([root], blocks.entries())
}
