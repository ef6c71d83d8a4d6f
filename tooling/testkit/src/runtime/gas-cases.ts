import { CallTree, ExitCode, NO_BLOCK, totalGas } from '@troupe/hypervisor'
import { describe, expect, test } from 'vitest'
import { bytes, type CaseContext, ENDLESS_GAS, MILLIGAS, TOO_LITTLE } from './cases.ts'
import { OTHER_METHOD, PLENTY, SCRIPTED, SECOND } from './stage.ts'

/** What is charged, and what happens where it is used up. */
export function gasCases({ name, open, subject }: CaseContext): void {
  describe(`${name}: gas`, () => {
    test('is all in the trace', () => {
      const stage = open()
      const tree = new CallTree()
      const { receipt } = stage.see({ do: 'put', n: 5n }, {}, { trace: tree.listener }).result
      const included = [...tree.inclusion.values()].reduce((sum, milligas) => sum + milligas, 0n)
      const [root = expect.fail()] = tree.roots
      const total = included + totalGas(root)
      expect(receipt.gasUsed).toBe((total + MILLIGAS - 1n) / MILLIGAS)
      expect(totalGas(root.calls[0] ?? expect.fail())).toBeGreaterThan(0n)
    })

    test('does for a message to the unit, and one less does not', () => {
      const stage = open()
      const { gasUsed } = open().send({ do: 'announce', n: 5n }).receipt
      const before = stage.subjects()
      const short = stage.send({ do: 'announce', n: 5n }, { gasLimit: gasUsed - 1n })
      expect(short.receipt).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, gasUsed: gasUsed - 1n })
      expect(short.receipt.returnData).toEqual(bytes())
      expect(short.events).toEqual([])
      expect(stage.subjects()).toEqual(before)
      expect(stage.send({ do: 'announce', n: 5n }, { gasLimit: gasUsed }).receipt).toMatchObject({
        exitCode: ExitCode.OK,
        gasUsed,
      })
    })

    test('ends what never ends', ({ skip }) => {
      if (!subject.conventions.isMetered) skip('there is no gas for code')
      const stage = open()
      const before = stage.subjects()
      const { receipt } = stage.send({ do: 'spin' }, { gasLimit: ENDLESS_GAS })
      expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, gasUsed: ENDLESS_GAS })
      expect(stage.subjects()).toEqual(before)
    })

    test('is what a callee is given of it, and its caller goes on with the rest', () => {
      const stage = open()
      const { seen } = stage.see({ do: 'put', n: 5n }, { gasLimit: TOO_LITTLE })
      expect(seen).toEqual({ exitCode: ExitCode.SYS_OUT_OF_GAS, errorNumber: 0, data: bytes(), kept: 1n })
      expect(stage.kept(SECOND)).toBe(0n)
    })

    test('of a callee that never ends is charged, up to its limit', ({ skip }) => {
      if (!subject.conventions.isMetered) skip('there is no gas for code')
      const stage = open()
      const little = stage.see({ do: 'echo', data: bytes() }).result.receipt.gasUsed
      const { seen, result } = stage.see({ do: 'spin' }, { gasLimit: ENDLESS_GAS })
      expect(seen.exitCode).toBe(ExitCode.SYS_OUT_OF_GAS)
      expect(result.receipt.gasUsed).toBeGreaterThan(ENDLESS_GAS)
      expect(result.receipt.gasUsed).toBeLessThan(ENDLESS_GAS + 2n * little)
    })

    test('that is used up within a call is gone, but for what the runtime keeps back', () => {
      const stage = open({
        script: (kernel) => {
          kernel.calls.gas.charge('spent', Number(kernel.calls.gas.available) + 1)
          return NO_BLOCK
        },
      })
      const before = stage.subjects()
      const call = stage.relay({ method: OTHER_METHOD, params: bytes() }, { to: SCRIPTED })
      const { receipt } = stage.send(call)
      if (subject.conventions.keepsGasBack) {
        expect(subject.outcome(receipt.returnData).exitCode).toBe(ExitCode.SYS_OUT_OF_GAS)
        return
      }
      expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, gasUsed: PLENTY })
      expect(stage.subjects()).toEqual(before)
    })
  })
}
