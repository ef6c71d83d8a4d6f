import { fileURLToPath } from 'node:url'
import type { CallReport } from 'troupe/trace'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TourCode } from '../src/tour/actors.ts'
import { buildActors } from '../src/tour/build-actors.ts'
import { drawStep } from '../src/tour/draw-step.ts'
import { STEPS } from '../src/tour/play-tour.ts'
import type { MessageReport, MessagesStep, Step } from '../src/tour/step.ts'
import { TourThread } from '../src/tour/tour-thread.ts'

/** Where nothing is compiled yet, the compiler takes its time. */
const TIMEOUT_MS = 120_000
/** What boots once takes a second: it is kept for the next process. */
const IMAGES = fileURLToPath(new URL('../../../node_modules/.cache/troupe/images', import.meta.url))

let code: TourCode
let steps: readonly Step[]
beforeAll(async () => {
  code = await buildActors()
  steps = await collect()
}, TIMEOUT_MS)

async function collect(): Promise<Step[]> {
  const given: Step[] = []
  const thread = new TourThread({ colours: false, columns: 100, images: IMAGES })
  await thread.play(code, (step) => given.push(step))
  return given
}

function messages(): MessageReport[] {
  return steps.flatMap((step) => (step.kind === 'messages' ? step.messages : []))
}

function stepOf(wanted: string): MessagesStep {
  const step = steps.find(({ title }) => title === wanted)
  if (step?.kind !== 'messages') throw new TypeError(`there is no step "${wanted}"`)
  return step
}

function factsOf(wanted: string): Map<string, string> {
  return new Map(stepOf(wanted).facts.map(({ what, value }) => [what, value]))
}

/** The root of the state in the end. It depends on what the SDK of the sources costs, and so is no constant. */
function finalRoot(): string {
  const step = steps.find(({ kind }) => kind === 'state')
  if (step?.kind !== 'state') throw new TypeError('there is no state')
  return step.root
}

/** `evm BoxOffice.sell`, and below it what that has called; ✗ behind those that failed. */
function callsOf(calls: readonly CallReport[]): unknown[] {
  return calls.map(({ actor, callName, calls: inner, methodName, outcome, runtime }) => {
    const hasFailed = outcome === undefined || 'error' in outcome || outcome.exitCode !== 0
    return [`${runtime} ${callName ?? `${actor}.${methodName}`}${hasFailed ? ' ✗' : ''}`, ...callsOf(inner)]
  })
}

describe('the tour', { timeout: TIMEOUT_MS }, () => {
  it('always ends with the same state root', async () => {
    expect(steps).toHaveLength(STEPS)
    expect(factsOf('The chain, opened again').get('state root')).toBe(finalRoot())
    expect(await collect()).toEqual(steps)
  })

  it('shows messages that succeed and messages that fail, and says which are exact', () => {
    expect(messages().map(({ method, exitName }) => `${method} ${exitName}`)).toEqual([
      'account.Send OK',
      'init.InstallCode OK',
      'init.Exec OK',
      'init.Exec OK',
      'init.InstallCode OK',
      'init.Exec OK',
      'relay.Batch OK',
      'relay.Batch USR_ILLEGAL_ARGUMENT',
      'relay.Try OK',
      'relay.Batch SYS_OUT_OF_GAS',
      'relay.Recurse OK',
      'init.InstallCode OK',
      'init.Exec OK',
      'eam.CreateExternal OK',
      'BoxOffice.sell OK',
      'BoxOffice.sell ACTOR_33',
      'BoxOffice.offer OK',
      'counter.Increment OK',
    ])
    // What native actors and contracts take part in has gas that is a model.
    for (const { fidelity, method } of messages())
      expect(fidelity.level, method).toBe(
        /^(account|BoxOffice|eam|init)\./.test(method) ? 'calibrated' : 'exact',
      )
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
    expect(all.at(-1)?.rootBefore).toBe(finalRoot())
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
    expect(facts.get('snapshot')).toBe(finalRoot())
    expect(facts.get('count')).toBe('48, then 106, then 48 again')
    expect(facts.get('fork')).toBe('begins with the same root')
  })

  it('executes a block from its witness alone, and refuses one that was changed', () => {
    const facts = factsOf('The last block, on a machine that has nothing else')
    expect(facts.get('root')).toBe(`the same, ${finalRoot()}`)
    expect(facts.get('changed')).toBe('by one bit, it is refused: blockstore/hash-mismatch')
  })

  it('runs Solidity, JavaScript and Wasm in one message, under one meter', () => {
    const { messages, facts } = stepOf('Solidity calls JavaScript, which calls Wasm')
    expect(callsOf(messages[0]?.trace.calls ?? [])).toEqual([
      ['evm BoxOffice.sell', ['ses Hall.seat', ['wasm counter.Increment'], ['wasm counter.Increment']]],
    ])
    expect(facts.map(({ value }) => value.replace(/;.*,/, ','))).toEqual([
      'asked 1, sold 2, new',
      'parties 2, new',
      'count 48, new',
    ])
  })

  it('takes back what all three did where the innermost fails, and names the line of the source', () => {
    const step = stepOf('It fails three calls down, and all three go back')
    const [message] = step.messages as [MessageReport]
    expect(callsOf(message.trace.calls)).toEqual([
      ['evm BoxOffice.sell ✗', ['ses Hall.seat ✗', ['wasm counter.Increment'], ['wasm counter.Increment ✗']]],
    ])
    expect(message.failure.map(({ call }) => call)).toEqual([
      'counter.Increment',
      'Hall.seat',
      'BoxOffice.sell',
    ])
    const [, hall] = message.failure
    expect(hall?.line?.text).toBe('return call(door as Ref<Door>).increment(party)')
    expect(hall?.stack[0]).toMatch(new RegExp(`^at letIn \\(hall\\.ts:${hall?.line?.line}:\\d+\\)$`))
    expect(message.tree.filter((line) => line.endsWith(hall?.stack[0] ?? ''))).toHaveLength(1)
    const facts = factsOf(step.title)
    expect(facts.get('state root')).toMatch(/ gives …\w{8}, the same$/)
    for (const name of ['BoxOffice', 'Hall', 'counter'])
      expect(facts.get(name)).toMatch(/; state (…\w{8}) → \1, the same$/)
  })

  it('keeps what a contract did that has caught the failure of those below', () => {
    const step = stepOf('Solidity catches it, and goes on')
    expect(step.messages[0]).toMatchObject({ exitName: 'OK', failure: [] })
    expect(callsOf(step.messages[0]?.trace.calls ?? [])).toEqual([
      ['evm BoxOffice.offer', ['ses Hall.seat ✗', ['wasm counter.Increment'], ['wasm counter.Increment ✗']]],
    ])
    const facts = factsOf(step.title)
    expect(facts.get('BoxOffice')).toMatch(/^asked 2, sold 2; .*, new$/)
    expect(facts.get('Hall')).toMatch(/^parties 2; .*, the same$/)
    expect(facts.get('counter')).toMatch(/^count 48; .*, the same$/)
  })

  it('fails where its thread does', async () => {
    const broken = { ...code, counter: new Uint8Array() }
    const thread = new TourThread({ colours: false, columns: 80, images: IMAGES })
    await expect(thread.play(broken, () => {})).rejects.toThrow()
    await expect(thread.booted()).resolves.toBeUndefined()
  })

  it('does not wait for an engine whose thread was ended', async () => {
    const thread = new TourThread({ colours: false, columns: 80, images: IMAGES })
    await Promise.all([
      expect(thread.booted()).rejects.toMatchObject({ code: 'tour/worker-died' }),
      thread.stop(),
    ])
  })
})

describe('a step in lines', () => {
  const STYLE = { colours: false, columns: 80 }

  it('tells messages, why they failed, and how far they can be trusted', () => {
    const step = steps.find(({ title }) => title === 'Bob goes too far')
    if (step?.kind !== 'messages') throw new TypeError('there is no such step')
    const [message] = step.messages as [MessageReport]
    const doubtful = { ...message, fidelity: { level: 'simulated', reasons: ['proofs', 'dice'] } }
    const lines = drawStep(7, { ...step, note: 'A note.', messages: [doubtful], facts: [] }, STYLE)
    expect(lines.slice(0, 3)).toEqual(['7  Bob goes too far', '   A note.', ''])
    expect(lines.slice(3, 3 + message.tree.length)).toEqual(message.tree.map((line) => `   ${line}`))
    expect(lines.slice(3 + message.tree.length)).toEqual([
      '   ✗ USR_ILLEGAL_ARGUMENT (16), 3,288,568 of 4,109,085 gas, simulated',
      '     proofs; dice',
      '     in counter.Increment: 43 + 18446744073709551615 does not fit 64 bits',
      '     in relay.Batch: a call failed',
      `   root …${message.rootBefore.slice(-8)} → …${message.rootAfter.slice(-8)}`,
      '',
      '',
    ])
  })

  it('gives a reason once, and breaks facts where the screen ends', () => {
    const [message] = stepOf('Alice sends 25 FIL to Carol').messages as [MessageReport]
    const facts = [{ what: 'fact', value: 'word '.repeat(20).trim() }]
    const step = { kind: 'messages', title: '', note: '', messages: [message, message], facts } as const
    const lines = drawStep(1, step, { colours: false, columns: 40 })
    expect(lines.filter((line) => line.includes('a native one'))).toHaveLength(1)
    expect(lines.slice(-5)).toEqual([
      '   fact  word word word word word word',
      '         word word word word word word',
      '         word word word word word word',
      '         word word',
      '',
    ])
  })

  it('shows nothing of an actor that could move the cursor', () => {
    const step = steps.find(({ title }) => title === 'Bob goes too far')
    if (step?.kind !== 'messages') throw new TypeError('there is no such step')
    const [message] = step.messages as [MessageReport]
    const line = { line: 7, text: 'f()\u001b[2J' }
    const failure = [
      { call: 'relay.Batch', exitName: 'ACTOR_32', message: 'one\n\u001b[2Jtwo', stack: [], line },
    ]
    const lines = drawStep(1, { ...step, messages: [{ ...message, failure }] }, STYLE)
    expect(lines).toContain('     in relay.Batch: one\\u{a}\\u{1b}[2Jtwo')
    expect(lines).toContain('       7 │ f()\\u{1b}[2J')
  })
})
