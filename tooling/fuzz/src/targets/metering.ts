import { compileKernel, KERNEL_NAMES } from '@troupe/bench'
import { dialectOf, parseModule, type TransformRules } from '@troupe/container'
import {
  type Observation,
  type Runner,
  referenceRunner,
  transformedRunner,
} from '@troupe/container/test/support/run-instrumented.ts'
import { NV20 } from '@troupe/hypervisor'
import fc from 'fast-check'
import { claim, openTarget, type Target } from '../target.ts'

/** Stack limits: the real one, and one so low that the recursive kernels hit it. */
const STACK_LIMITS = [NV20.wasm.stackLimit, 24]
const PLENTY = 2n ** 60n
/** Parts that the gas a run takes is cut into; a limit is a number of them, up to a little more than all. */
const PARTS = 1_000_000
const MOST_PARTS = 1_050_000

/** A kernel in both forms, under one stack limit. */
interface Subject {
  readonly name: string
  readonly reference: Runner
  readonly transformed: Runner
  /** What a whole run takes, in milligas. */
  readonly cost: bigint
}

/**
 * Gas limits: each kernel of the benchmarks, transformed, ends as the same kernel does that is metered block by block, in the reference's own shape:
 * return, trap or out of gas, with the same gas left and the same memory. One case runs all kernels.
 */
export const metering: Target = {
  name: 'metering',
  open: async () => {
    const kernels = await Promise.all(
      KERNEL_NAMES.map(async (name) => [name, await compileKernel(name)] as const),
    )
    const subjects = STACK_LIMITS.map((stackLimit) => {
      const rules = { wasm: { ...NV20.wasm, stackLimit }, prices: NV20.prices.wasm }
      return kernels.map(([name, code]) => subjectOf(name, code, rules))
    })
    const inputs = fc.record({ limit: fc.nat(STACK_LIMITS.length - 1), parts: fc.nat(MOST_PARTS) })
    return openTarget(inputs, ({ limit, parts }) => {
      for (const { name, reference, transformed, cost } of subjects[limit] as Subject[]) {
        const milligas = (cost * BigInt(parts)) / BigInt(PARTS)
        const [ours, expected] = [transformed(milligas, 1), reference(milligas, 1)].map(textOf)
        claim(ours === expected, `${name} with ${milligas} milligas ends so: ${expected}, but so: ${ours}`)
      }
    })
  },
}

function subjectOf(name: string, code: Uint8Array, rules: TransformRules): Subject {
  const module = parseModule(code, dialectOf(rules.wasm))
  const reference = referenceRunner(module, rules)
  const { gas = 0n } = reference(PLENTY, 1)
  return { name, reference, transformed: transformedRunner(module, rules), cost: PLENTY - gas }
}

function textOf({ end, result, gas, memory }: Observation): string {
  return `${end}, result ${result}, ${gas} milligas left, memory ${memory}`
}
