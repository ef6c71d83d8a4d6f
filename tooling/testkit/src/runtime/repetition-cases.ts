import { CallTree } from '@troupe/hypervisor'
import { describe, expect, test } from 'vitest'
import { bytes, type CaseContext, ENDLESS_GAS, lastingOf } from './cases.ts'
import { OTHER_METHOD, SECOND, type StageOptions, type SubjectStage } from './stage.ts'
import type { SubjectCall } from './subject.ts'

/** The same messages give the same, whatever came before. */
export function repetitionCases({ name, open, subject }: CaseContext): void {
  describe(`${name}: the same messages`, () => {
    const messages = (stage: SubjectStage): [SubjectCall, StageOptions?][] => [
      [{ do: 'echo', data: bytes(1, 2, 3) }],
      [{ do: 'put', n: 5n }],
      [stage.relay({ do: 'announce', n: 6n }, { value: 7n })],
      [stage.relay({ do: 'fail', n: 6n, exitCode: 57 }, { value: 7n })],
      [{ do: 'fail', n: 6n, exitCode: 57 }],
      [{ do: 'announce', n: 8n }, { gasLimit: 2_000_000n }],
      [{ do: 'get' }, { to: SECOND }],
      [{ do: 'put', n: 2n ** 53n }, { to: SECOND }],
      [{ do: 'echo', data: bytes(1, 2, 3) }],
    ]
    const play = (stage: SubjectStage): unknown => {
      const results = messages(stage).map(([call, options]) => lastingOf(stage.send(call, options)))
      return { results, root: stage.network.machine.flush().toString() }
    }

    test('give the same gas, events and roots, in a new runtime and in one that has run them before', async () => {
      const first = play(open({ runtime: await subject.createRuntime() }))
      const used = await subject.createRuntime()
      play(open({ runtime: used }))
      expect(play(open({ runtime: used }))).toEqual(first)
      expect(play(open())).toEqual(first)
    })

    test('give the same whether somebody traces them', () => {
      const [plain, traced] = [open(), open()]
      const call = plain.relay({ do: 'announce', n: 6n }, { value: 7n })
      const tree = new CallTree()
      expect(lastingOf(traced.send(call, { trace: tree.listener }))).toEqual(lastingOf(plain.send(call)))
      expect(traced.network.machine.flush()).toEqual(plain.network.machine.flush())
    })

    test('give the same after others that failed in every way', () => {
      const [plain, troubled] = [open(), open()]
      const echo: SubjectCall = { do: 'echo', data: bytes(9) }
      troubled.send({ do: 'fail', n: 6n, exitCode: 57 })
      troubled.send(echo, { gasLimit: 1_500_000n })
      troubled.deliver({ method: OTHER_METHOD, params: bytes(0xff) })
      if (subject.conventions.isMetered) troubled.send({ do: 'spin' }, { gasLimit: ENDLESS_GAS })
      expect(lastingOf(troubled.send(echo))).toEqual(lastingOf(plain.send(echo)))
    })
  })
}
