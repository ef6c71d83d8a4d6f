import { beforeAll, describe, expect, it } from 'vitest'
import type { TourCode } from '../src/tour/actors.ts'
import { compileActors } from '../src/tour/compile-actors.ts'
import { drawStep } from '../src/tour/draw-step.ts'
import { runInThread } from '../src/tour/run-in-thread.ts'
import type { MessageReport, Step } from '../src/tour/step.ts'

/** Where nothing is compiled yet, the compiler takes its time. */
const TIMEOUT_MS = 120_000
const FINAL_ROOT = 'bafy2bzacedhkraavotgjgtg3cgf7wv6dx2muoitiuvhcktmy4p2lhak7cnthg'

let code: TourCode
let steps: readonly Step[]
beforeAll(async () => {
  code = await compileActors()
  steps = await collect()
}, TIMEOUT_MS)

async function collect(): Promise<Step[]> {
  const given: Step[] = []
  await runInThread({ code, colours: false }, (step) => given.push(step))
  return given
}

function messages(): MessageReport[] {
  return steps.flatMap((step) => (step.kind === 'messages' ? step.messages : []))
}

describe('the tour', { timeout: TIMEOUT_MS }, () => {
  it('always ends with the same state root', async () => {
    expect(steps.at(-1)).toMatchObject({ kind: 'state', root: FINAL_ROOT })
    expect(await collect()).toEqual(steps)
  })

  it('shows messages that succeed and messages that fail, all of them exact', () => {
    expect(messages().map(({ method, exitName }) => `${method} ${exitName}`)).toEqual([
      'account.Send OK',
      'init.Exec OK',
      'init.Exec OK',
      'relay.Batch OK',
      'relay.Batch USR_ILLEGAL_ARGUMENT',
      'relay.Try OK',
      'relay.Batch SYS_OUT_OF_GAS',
      'relay.Recurse OK',
    ])
    for (const { fidelity } of messages()) expect(fidelity).toEqual({ level: 'exact', reasons: [] })
  })

  it('accounts for all gas, also where it runs out', () => {
    for (const { trace, gasUsed, method } of messages()) {
      const inclusion = Object.values(trace.inclusion).reduce((sum, milligas) => sum + milligas, 0n)
      const total = trace.calls.reduce((sum, call) => sum + call.totalMilligas, inclusion)
      expect((total + 999n) / 1000n, method).toBe(gasUsed)
    }
  })

  it('starts every message from the state that the last one left', () => {
    const all = messages()
    expect(all[0]?.rootBefore).toBe(steps[0]?.kind === 'genesis' && steps[0].root)
    expect(all.slice(1).map(({ rootBefore }) => rootBefore)).toEqual(
      all.slice(0, -1).map(({ rootAfter }) => rootAfter),
    )
    expect(all.at(-1)?.rootAfter).toBe(FINAL_ROOT)
  })

  it('takes back what a failed message did, and says where it failed', () => {
    const step = steps.find(({ title }) => title === 'Bob goes too far')
    if (step?.kind !== 'messages') throw new TypeError('there is no such step')
    const facts = new Map(step.facts.map(({ what, value }) => [what, value]))
    expect(facts.get('count')).toBe('42')
    expect(facts.get('state after')).toBe(facts.get('state before'))
    expect(step.messages[0]?.failure.map(({ call, exitName }) => [call, exitName])).toEqual([
      ['counter.Increment', 'USR_ILLEGAL_ARGUMENT'],
      ['relay.Batch', 'USR_ILLEGAL_ARGUMENT'],
    ])
    expect(step.messages[0]?.events).toEqual([])
  })

  it('fails where its thread does', async () => {
    const broken = { ...code, counter: new Uint8Array() }
    await expect(runInThread({ code: broken, colours: false }, () => {})).rejects.toThrow()
  })
})

describe('a step in lines', () => {
  it('tells messages, why they failed, and how far they can be trusted', () => {
    const step = steps.find(({ title }) => title === 'Bob goes too far')
    if (step?.kind !== 'messages') throw new TypeError('there is no such step')
    const [message] = step.messages as [MessageReport]
    const doubtful = { ...message, fidelity: { level: 'simulated', reasons: ['proofs', 'dice'] } }
    const lines = drawStep(7, { ...step, note: 'A note.', messages: [doubtful], facts: [] }, false)
    expect(lines.slice(0, 3)).toEqual(['7  Bob goes too far', '   A note.', ''])
    expect(lines.slice(3, 3 + message.tree.length)).toEqual(message.tree.map((line) => `   ${line}`))
    expect(lines.slice(3 + message.tree.length)).toEqual([
      '   ✗ USR_ILLEGAL_ARGUMENT (16), 3,378,447 of 20,000,000 gas, simulated (proofs; dice)',
      '     in counter.Increment: 43 + 18446744073709551615 does not fit 64 bits',
      '     in relay.Batch: a call failed',
      `   root …${message.rootBefore.slice(-8)} → …${message.rootAfter.slice(-8)}`,
      '',
      '',
    ])
  })

  it('shows nothing of an actor that could move the cursor', () => {
    const step = steps.find(({ title }) => title === 'Bob goes too far')
    if (step?.kind !== 'messages') throw new TypeError('there is no such step')
    const [message] = step.messages as [MessageReport]
    const failure = [{ call: 'relay.Batch', exitName: 'ACTOR_32', message: 'one\n\u001b[2Jtwo' }]
    const lines = drawStep(1, { ...step, messages: [{ ...message, failure }] }, false)
    expect(lines).toContain('     in relay.Batch: one\\u{a}\\u{1b}[2Jtwo')
  })
})
