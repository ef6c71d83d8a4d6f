import { beforeAll, describe, expect, it } from 'vitest'
import type { TourCode } from '../src/tour/actors.ts'
import { compileActors } from '../src/tour/compile-actors.ts'
import { drawStep } from '../src/tour/draw-step.ts'
import { runInThread } from '../src/tour/run-in-thread.ts'
import type { MessageReport, Step } from '../src/tour/step.ts'

/** Where nothing is compiled yet, the compiler takes its time. */
const TIMEOUT_MS = 120_000
const FINAL_ROOT = 'bafy2bzaceavlufgy2yqxykfuyrfsuvqs4wxdjr2ltg7de67pc54yxmhc6hpri'

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

function factsOf(wanted: string): Map<string, string> {
  const step = steps.find(({ title }) => title === wanted)
  if (step?.kind !== 'messages') throw new TypeError(`there is no step "${wanted}"`)
  return new Map(step.facts.map(({ what, value }) => [what, value]))
}

describe('the tour', { timeout: TIMEOUT_MS }, () => {
  it('always ends with the same state root', async () => {
    expect(steps.find(({ kind }) => kind === 'state')).toMatchObject({ root: FINAL_ROOT })
    expect(factsOf('The chain, opened again').get('state root')).toBe(FINAL_ROOT)
    expect(await collect()).toEqual(steps)
  })

  it('shows messages that succeed and messages that fail, and says which are exact', () => {
    expect(messages().map(({ method, exitName }) => `${method} ${exitName}`)).toEqual([
      'account.Send OK',
      'init.InstallCode OK',
      'init.InstallCode OK',
      'init.Exec OK',
      'init.Exec OK',
      'init.Exec OK',
      'relay.Batch OK',
      'relay.Batch USR_ILLEGAL_ARGUMENT',
      'relay.Try OK',
      'relay.Batch SYS_OUT_OF_GAS',
      'relay.Recurse OK',
      'counter.Increment OK',
    ])
    // What native actors take part in has gas that is a model.
    for (const { fidelity, method } of messages())
      expect(fidelity.level, method).toBe(/^(init|account)/.test(method) ? 'calibrated' : 'exact')
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
    // The last one is taken back.
    expect(all.at(-1)?.rootBefore).toBe(FINAL_ROOT)
  })

  it('takes back what a failed message did, and says where it failed', () => {
    const facts = factsOf('Bob goes too far')
    expect(facts.get('count')).toBe('42')
    expect(facts.get('state after')).toBe(facts.get('state before'))
    const [message] = messages().filter(({ exitName }) => exitName === 'USR_ILLEGAL_ARGUMENT')
    expect(message?.failure.map(({ call, exitName }) => [call, exitName])).toEqual([
      ['counter.Increment', 'USR_ILLEGAL_ARGUMENT'],
      ['relay.Batch', 'USR_ILLEGAL_ARGUMENT'],
    ])
    expect(message?.events).toEqual([])
  })

  it('returns to a snapshot, and forks from it', () => {
    const facts = factsOf('Bob counts on, and takes it back')
    expect(facts.get('snapshot')).toBe(FINAL_ROOT)
    expect(facts.get('count')).toBe('42, then 100, then 42 again')
    expect(facts.get('fork')).toBe('begins with the same root')
  })

  it('executes a block from its witness alone, and refuses one that was changed', () => {
    const facts = factsOf('The last block, on a machine that has nothing else')
    expect(facts.get('root')).toBe(`the same, ${FINAL_ROOT}`)
    expect(facts.get('one bit changed')).toBe('refused: blockstore/hash-mismatch')
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
      '   ✗ USR_ILLEGAL_ARGUMENT (16), 3,291,136 of 50,000,000 gas, simulated',
      '     proofs; dice',
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
