import {
  Abort,
  type Address,
  CallTree,
  ExitCode,
  type Kernel,
  NO_BLOCK,
  OPERATIONS,
  ProtocolFatal,
} from '@troupe/hypervisor'
import { encodeIpld } from '@troupe/ipld'
import { describe, expect, test } from 'vitest'
import { idOf } from '../test-network.ts'
import { bytes, type CaseContext, RELAY_FAILURE } from './cases.ts'
import { FIRST, FUNDS, OTHER_METHOD, PLENTY, SCRIPTED, SECOND, shapeOf } from './stage.ts'
import { SEEN_ERRORS, type SubjectCall } from './subject.ts'

const CBOR = 0x51
const NO_GAS_LIMIT = 2n ** 64n - 1n
const send = OPERATIONS['send.send'] as (
  kernel: Kernel,
  to: Address,
  ...parameters: readonly (number | bigint)[]
) => { readonly exitCode: ExitCode }

/** Calls that the subject makes: value, limits, failure, and what is told of them. */
export function nestedCallCases({ name, open, subject }: CaseContext): void {
  describe(`${name}: a call within a call`, () => {
    test('gives its caller what it returned', () => {
      const stage = open()
      const { seen } = stage.see({ do: 'echo', data: bytes(7, 8) })
      expect(seen).toMatchObject({ exitCode: ExitCode.OK, errorNumber: 0, kept: 1n })
      expect(subject.bytes(seen.data)).toEqual(bytes(7, 8))
    })

    test('moves value', () => {
      const stage = open()
      const { seen } = stage.see({ do: 'balance' }, { value: 30n })
      expect(subject.number(seen.data)).toBe(FUNDS + 30n)
      expect([FIRST, SECOND].map((id) => stage.balance(id))).toEqual([FUNDS - 30n, FUNDS + 30n])
      expect(stage.see(stage.transfer, { value: 5n }).seen.exitCode).toBe(ExitCode.OK)
      expect(stage.balance(SECOND)).toBe(FUNDS + 35n)
    })

    test('that fails is taken back with all that came of it, and its caller goes on', () => {
      const stage = open()
      const { seen, result } = stage.see({ do: 'fail', n: 9n, exitCode: 57 }, { value: 30n, n: 4n })
      expect(seen).toMatchObject({ exitCode: subject.conventions.failure(57), errorNumber: 0, kept: 4n })
      expect(result.events).toEqual([])
      expect([FIRST, SECOND].map((id) => stage.balance(id))).toEqual([FUNDS, FUNDS])
      expect([stage.kept(), stage.kept(SECOND)]).toEqual([4n, 0n])
    })

    test('is taken back with its caller', () => {
      const stage = open()
      const before = stage.subjects()
      const call = stage.relay({ do: 'announce', n: 9n }, { value: 30n, fails: true })
      const { receipt, events } = stage.send(call)
      expect(receipt.exitCode).toBe(subject.conventions.failure(RELAY_FAILURE))
      expect(events).toEqual([])
      expect(stage.subjects()).toEqual(before)
    })

    test('keeps its order among the events of a message', () => {
      const stage = open()
      const inner = subject.encode(stage.relay({ do: 'announce', n: 3n }, { to: FIRST }))
      const { events } = stage.see(inner, {}).result
      expect(events.map(({ emitter, entries }) => [emitter, subject.announced(entries)])).toEqual([
        [FIRST, 3n],
      ])
    })

    test('cannot change anything where it is read-only, nor can those that it calls', () => {
      const stage = open()
      const { readOnlyPut, readOnlyAnnounce, readOnlyDestroy } = subject.conventions
      expect(stage.see({ do: 'put', n: 9n }, { readOnly: true }).seen.exitCode).toBe(readOnlyPut)
      const { seen, result } = stage.see({ do: 'announce', n: 9n }, { readOnly: true })
      expect([seen.exitCode, result.events]).toEqual([readOnlyAnnounce, []])
      const before = stage.subjects()[1]
      expect(stage.see({ do: 'destroy' }, { readOnly: true }).seen.exitCode).toBe(readOnlyDestroy)
      expect(subject.number(stage.see({ do: 'get' }, { readOnly: true }).seen.data)).toBe(0n)
      expect(stage.subjects()[1]).toBe(before)
      expect(stage.see({ do: 'get' }, { readOnly: true, value: 1n }).seen).toMatchObject({
        ...{ exitCode: 0, errorNumber: SEEN_ERRORS.readOnly },
      })
    })

    test('cannot change anything where whoever made it may not', () => {
      const { method, params } = subject.encode({ do: 'put', n: 9n })
      let exitCode: number | undefined
      const stage = open({
        script: (kernel) => {
          const block = kernel.blocks.put({ codec: CBOR, data: params })
          const sent = send(kernel, idOf(Number(SECOND)), method, block, 0n, 0n, NO_GAS_LIMIT, 0n)
          exitCode = sent.exitCode
          return NO_BLOCK
        },
      })
      stage.see({ method: OTHER_METHOD, params: bytes() }, { to: SCRIPTED, readOnly: true })
      expect(exitCode).toBe(subject.conventions.readOnlyPut)
      stage.see({ method: OTHER_METHOD, params: bytes() }, { to: SCRIPTED })
      expect([exitCode, stage.kept(SECOND)]).toEqual([ExitCode.OK, 9n])
    })

    test('cannot be made without funds, or to nobody, and its caller is told why', () => {
      const stage = open()
      const before = stage.balance(SECOND)
      const poor = stage.see({ do: 'get' }, { value: FUNDS + 1n }).seen
      expect(poor).toMatchObject({ exitCode: 0, errorNumber: SEEN_ERRORS.tooPoor, kept: 1n })
      const nobody = stage.see({ do: 'get' }, { to: 999n }).seen
      expect(nobody).toMatchObject({ exitCode: 0, errorNumber: SEEN_ERRORS.nobody, kept: 1n })
      expect(stage.balance(SECOND)).toBe(before)
    })

    test('can come back to whoever made it, who finds its state changed', () => {
      const stage = open()
      const back = subject.encode(stage.relay({ do: 'put', n: 66n }, { to: FIRST, n: 2n }))
      const { seen } = stage.see(back, { n: 1n })
      expect(seen).toMatchObject({ exitCode: ExitCode.OK, kept: 66n })
      expect([stage.kept(), stage.kept(SECOND)]).toEqual([66n, 2n])
    })

    test('that came back and failed has changed nothing', () => {
      const stage = open()
      const back = subject.encode(stage.relay({ do: 'put', n: 66n }, { to: FIRST, n: 2n, fails: true }))
      const { seen } = stage.see(back, { n: 1n })
      expect(seen).toMatchObject({ exitCode: subject.conventions.failure(RELAY_FAILURE), kept: 1n })
      expect([stage.kept(), stage.kept(SECOND)]).toEqual([1n, 0n])
    })

    test('goes as deep as the rules have it, and no deeper', () => {
      const stage = open({ rules: { ...subject.rules, maximumCallDepth: 3 } })
      const third = subject.encode(stage.relay({ do: 'get' }, { to: SECOND }))
      const second = subject.encode(stage.relay(third, { to: FIRST }))
      const { seen } = stage.see(second)
      const inner = subject.outcome(seen.data)
      const innermost = subject.outcome(inner.data)
      expect([seen, inner].map(({ exitCode, errorNumber }) => [exitCode, errorNumber])).toEqual([
        [0, 0],
        [0, 0],
      ])
      expect(innermost).toMatchObject({ exitCode: 0, errorNumber: SEEN_ERRORS.tooDeep })
    })

    test('stands in the trace as it was made', () => {
      const stage = open()
      const tree = new CallTree()
      const inner = subject.encode(stage.relay({ do: 'fail', n: 1n, exitCode: 57 }, { to: FIRST }))
      stage.see(inner, { value: 3n }, { trace: tree.listener })
      for (const { syscalls } of [tree.roots[0], tree.roots[0]?.calls[0]].filter(
        (frame) => frame !== undefined,
      ))
        expect([syscalls.get('self.set_root'), syscalls.get('send.send')]).toEqual([expect.any(Number), 1])
      const failed = subject.conventions.failure(57)
      const method = (call: SubjectCall): bigint => subject.encode(call).method
      expect(shapeOf(tree)).toEqual([
        {
          call: `100 to 101, 0 attoFIL: 0`,
          method: method(stage.relay(inner)),
          calls: [
            {
              call: `101 to 102, 3 attoFIL: 0`,
              method: inner.method,
              calls: [
                {
                  call: `102 to 101, 0 attoFIL: ${failed}`,
                  method: method({ do: 'fail', n: 1n, exitCode: 57 }),
                  calls: [],
                },
              ],
            },
          ],
        },
      ])
    })

    test('lets no actor catch what ends the message', () => {
      const stage = open({
        script: () => {
          throw new ProtocolFatal('a state that cannot be')
        },
      })
      const before = stage.subjects()
      const call = stage.relay({ method: OTHER_METHOD, params: bytes() }, { to: SCRIPTED })
      const { receipt } = stage.send(call)
      expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_ASSERTION_FAILED, gasUsed: PLENTY })
      expect(stage.subjects()).toEqual(before)
    })

    test('lets a failure of the host through as it is, and the machine is as before', () => {
      const failure = new Error('the disk is gone')
      let isBroken = true
      const stage = open({
        script: () => {
          if (isBroken) throw failure
          return NO_BLOCK
        },
      })
      const before = stage.subjects()
      const call = stage.relay({ method: OTHER_METHOD, params: bytes() }, { to: SCRIPTED })
      expect(() => stage.send(call)).toThrow(failure)
      expect(stage.subjects()).toEqual(before)
      isBroken = false
      expect(stage.send(call).receipt.exitCode).toBe(ExitCode.OK)
    })

    test('gives what a callee returned that failed', () => {
      const data = encodeIpld('a reason')
      const stage = open({
        script: (kernel) => {
          throw new Abort(60, 'with data', kernel.blocks.put({ codec: CBOR, data }))
        },
      })
      const { seen } = stage.see({ method: OTHER_METHOD, params: bytes() }, { to: SCRIPTED })
      expect(seen).toEqual({ exitCode: 60, errorNumber: 0, data, kept: 1n })
    })

    test('gives the callee the parameters as they are', () => {
      const params = encodeIpld([1n, 'two', bytes(3)])
      let found: unknown
      const stage = open({
        script: (kernel, parameters) => {
          const { codec, data } = kernel.blocks.get(parameters)
          const { caller, method, valueReceived: value, readOnly } = kernel.context
          found = { codec, data, caller, method, value, readOnly }
          return NO_BLOCK
        },
      })
      stage.see({ method: OTHER_METHOD, params }, { to: SCRIPTED, value: 4n, readOnly: false })
      expect(found).toEqual({
        ...{ codec: CBOR, data: params, caller: FIRST, method: OTHER_METHOD, value: 4n, readOnly: false },
      })
    })
  })
}
