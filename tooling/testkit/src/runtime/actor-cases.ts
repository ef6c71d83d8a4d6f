import { ExitCode } from '@troupe/hypervisor'
import { type Blockstore, type Cid, cidEquals, IpldError } from '@troupe/ipld'
import { describe, expect, test } from 'vitest'
import { bytes, type CaseContext, RELAY_FAILURE } from './cases.ts'
import { FIRST, PLENTY, SECOND } from './stage.ts'

/** How subjects come to be, and cease. */
export function actorCases({ name, open, subject }: CaseContext): void {
  describe(`${name}: an actor`, () => {
    test('is made by its constructor once', () => {
      const stage = open()
      const before = stage.subjects()
      expect(stage.construct(FIRST, subject.construct).receipt.exitCode).toBeGreaterThan(0)
      expect(stage.subjects()).toEqual(before)
    })

    test('is made by nobody but the init actor', () => {
      const stage = open()
      stage.place(103n)
      const call = { method: 1n, params: subject.construct }
      expect(stage.deliver(call, { to: 103n }).receipt.exitCode).toBe(ExitCode.USR_FORBIDDEN)
    })

    test('is not made by a constructor that fails', () => {
      const stage = open()
      stage.place(103n)
      const { params, exitCode } = subject.misconstruct
      expect(stage.construct(103n, params).receipt.exitCode).toBe(exitCode)
      expect(stage.network.machine.state.getActor(103n)?.head).toEqual(stage.network.machine.emptyTuple)
      expect(stage.construct(103n, subject.construct).receipt.exitCode).toBe(ExitCode.OK)
    })

    test('deletes itself, and nothing that it had stays with it', () => {
      const stage = open()
      expect(stage.send({ do: 'destroy' }, { to: SECOND }).receipt.exitCode).toBe(ExitCode.OK)
      expect(stage.balance(SECOND) ?? 0n).toBe(0n)
      expect(stage.send({ do: 'get' }, { to: SECOND }).receipt.exitCode).toBe(subject.conventions.destroyed)
    })

    test('that deleted itself in a call that failed is there', () => {
      const stage = open()
      const before = stage.subjects()
      const { exitCode } = stage.send(stage.relay({ do: 'destroy' }, { fails: true })).receipt
      expect(exitCode).toBe(subject.conventions.failure(RELAY_FAILURE))
      expect(stage.subjects()).toEqual(before)
      expect(stage.kept(SECOND)).toBe(0n)
    })

    test('whose state cannot be had now leaves no receipt, and is as before when it can', () => {
      const unavailable = new IpldError('blockstore/unavailable', 'not now')
      let isThere = true
      const stage = open({ blocks: (store) => lacking(store, () => isThere, unavailable) })
      const messages = [stage.relay({ do: 'get' }), stage.relay({ do: 'echo', data: bytes(1) })]
      const before = stage.subjects()
      isThere = false
      // Not every language reads the state for a method that does not need it.
      expect(() => stage.send(messages[0] ?? expect.fail())).toThrow(unavailable)
      expect(stage.subjects()).toEqual(before)
      isThere = true
      for (const message of messages) expect(stage.send(message).receipt.exitCode).toBe(ExitCode.OK)
    })

    test('whose state is nowhere ends the message, and all of its gas', () => {
      const stage = open({ blocks: (store) => lacking(store, () => false, undefined) })
      const { receipt } = stage.send({ do: 'get' })
      expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_ASSERTION_FAILED, gasUsed: PLENTY })
    })
  })

  /** A store that lacks the state of the subjects; what else there is, the machine has read. */
  function lacking(store: Blockstore, isThere: () => boolean, error: IpldError | undefined): Blockstore {
    const heads = open().heads()
    const isLost = (cid: Cid): boolean => !isThere() && heads.some((head) => cidEquals(head, cid))
    const ask = <T>(cid: Cid, answer: () => T, none: T): T => {
      if (!isLost(cid)) return answer()
      if (error !== undefined) throw error
      return none
    }
    return {
      get: (cid) => ask(cid, () => store.get(cid), undefined),
      has: (cid) => ask(cid, () => store.has(cid), false),
      put: (cid, block) => store.put(cid, block),
    }
  }
}
