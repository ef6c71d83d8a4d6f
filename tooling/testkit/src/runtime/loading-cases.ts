import { GasTracker, ProtocolFatal } from '@troupe/hypervisor'
import { cidOf, RAW } from '@troupe/ipld'
import { describe, expect, test } from 'vitest'
import { type CaseContext, MILLIGAS } from './cases.ts'
import { PLENTY } from './stage.ts'

/** What the runtime says of codes. */
export function loadingCases({ name, open, subject, runtime }: CaseContext): void {
  describe(`${name}: the runtime`, () => {
    const none = (): undefined => undefined

    test('has no program of codes that are none of its own, and lets nobody install them', () => {
      const { network } = open()
      const code = new TextEncoder().encode('neither fish nor fowl')
      const cid = cidOf(network.crypto, RAW, code)
      expect(runtime.load(cid, () => code, subject.rules, none)).toBeUndefined()
      expect(runtime.validate?.(cid, code, subject.rules, none)).toBeUndefined()
    })

    test('asks for the block of a code no more than once', async () => {
      const stage = open()
      const fresh = await subject.createRuntime()
      let asked = 0
      const code = (): Uint8Array => {
        asked++
        return subject.code
      }
      const load = () => fresh.load(stage.codeCid, code, subject.rules, none)?.fidelity.level
      expect([load(), load()]).toEqual([subject.conventions.fidelity, subject.conventions.fidelity])
      expect(asked).toBeLessThan(2)
    })

    test('takes the code that it runs, where it takes code of users, and refuses other code with its reason', () => {
      const { network, codeCid } = open()
      if (subject.refused === undefined) return void expect(runtime.validate).toBeUndefined()
      const validate = (code: Uint8Array, cid = cidOf(network.crypto, RAW, code)): unknown =>
        runtime.validate?.(cid, code, subject.rules, none, new GasTracker(PLENTY * MILLIGAS))
      expect(validate(subject.code, codeCid)).toBe('accepted')
      for (const { what, code, refusal } of subject.refused) {
        expect(validate(code), what).toMatchObject({ code: refusal, reason: expect.any(String) })
        const cid = cidOf(network.crypto, RAW, code)
        expect(() => runtime.load(cid, () => code, subject.rules, none), what).toThrow(ProtocolFatal)
      }
    })

    test('says which rules it has no programs for', () => {
      const { codeCid } = open()
      const { unsupported } = subject
      const load = () => runtime.load(codeCid, () => subject.code, unsupported?.rules ?? subject.rules, none)
      if (unsupported === undefined) expect(load()).toBeDefined()
      else expect(load).toThrow(expect.objectContaining({ code: unsupported.code }))
    })
  })
}
