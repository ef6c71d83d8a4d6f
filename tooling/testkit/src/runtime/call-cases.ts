import { CallTree, ExitCode } from '@troupe/hypervisor'
import { describe, expect, test } from 'vitest'
import { bytes, type CaseContext } from './cases.ts'
import { FIRST, FUNDS, OTHER_METHOD, SECOND, SENDER } from './stage.ts'

/** One call: what comes back, what is kept, and what is refused. */
export function callCases({ name, open, subject }: CaseContext): void {
  describe(`${name}: a call`, () => {
    test('returns what the method returned, in a block of its codec', () => {
      const stage = open()
      const tree = new CallTree()
      const { receipt, fidelity } = stage.send(
        { do: 'echo', data: bytes(1, 2, 255) },
        { trace: tree.listener },
      )
      expect(receipt.exitCode).toBe(ExitCode.OK)
      expect(subject.bytes(receipt.returnData)).toEqual(bytes(1, 2, 255))
      expect(tree.roots[0]?.outcome).toMatchObject({
        type: 'return',
        value: { codec: subject.conventions.codec },
      })
      expect(fidelity.level).toBe(subject.conventions.fidelity)
    })

    test('returns as much as a block of some length, and nothing where there is nothing', () => {
      const stage = open()
      const data = Uint8Array.from({ length: 5000 }, (_, index) => index)
      expect(subject.bytes(stage.send({ do: 'echo', data }).receipt.returnData)).toEqual(data)
      expect(subject.bytes(stage.send({ do: 'echo', data: bytes() }).receipt.returnData)).toEqual(bytes())
      const { exitCode, returnData } = stage.send({ do: 'put', n: 3n }).receipt
      expect([exitCode, returnData]).toEqual([ExitCode.OK, subject.conventions.nothing])
    })

    test('changes the state, which the next one finds', () => {
      const stage = open()
      expect(stage.kept()).toBe(0n)
      const before = stage.subjects()
      stage.send({ do: 'put', n: 77n })
      expect(stage.kept()).toBe(77n)
      expect(stage.kept(SECOND)).toBe(0n)
      expect(stage.subjects()[0]).not.toBe(before[0])
      expect(stage.subjects()[1]).toBe(before[1])
    })

    test('knows who calls, and what the actor has', () => {
      const stage = open()
      expect(subject.number(stage.send({ do: 'caller' }).receipt.returnData)).toBe(SENDER)
      expect(subject.number(stage.see({ do: 'caller' }).seen.data)).toBe(FIRST)
      expect(subject.number(stage.send({ do: 'balance' }).receipt.returnData)).toBe(FUNDS)
      expect(subject.number(stage.send({ do: 'balance' }, { value: 5n }).receipt.returnData)).toBe(FUNDS + 5n)
      expect(stage.balance(FIRST)).toBe(FUNDS + 5n)
    })

    test('that fails ends with its exit code, and nothing of it is left', () => {
      const stage = open()
      stage.send({ do: 'put', n: 1n })
      const before = stage.subjects()
      const { receipt, events } = stage.send({ do: 'fail', n: 9n, exitCode: 57 }, { value: 10n })
      expect(receipt.exitCode).toBe(subject.conventions.failure(57))
      expect(events).toEqual([])
      expect(stage.subjects()).toEqual(before)
    })

    test('of a method that nobody knows is refused', () => {
      const stage = open()
      const before = stage.subjects()
      const { receipt } = stage.deliver({ method: OTHER_METHOD, params: bytes() })
      expect(receipt.exitCode).toBe(subject.conventions.unknownMethod)
      expect(stage.subjects()).toEqual(before)
    })

    test('with parameters that nobody can read is refused', () => {
      const stage = open()
      const { method } = subject.encode({ do: 'put', n: 1n })
      for (const params of [bytes(0xff), bytes(0x81), bytes(0x58, 200, 1)])
        expect(stage.deliver({ method, params }).receipt.exitCode, String(params)).toBe(
          subject.conventions.malformed,
        )
      expect(stage.kept()).toBe(0n)
    })

    test('emits events, with the actor as their emitter', () => {
      const stage = open()
      const { events, receipt } = stage.send({ do: 'announce', n: 12n })
      expect(events.map(({ emitter, entries }) => [emitter, subject.announced(entries)])).toEqual([
        [FIRST, 12n],
      ])
      expect(receipt.eventsRoot).toBeTruthy()
    })
  })
}
