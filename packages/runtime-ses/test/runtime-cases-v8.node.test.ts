import { createV8Runtime } from '@troupe/runtime-ses/node'
import { runtimeCases } from '@troupe/testkit/runtimes'
import { subjectOf } from './support/subject.ts'

/** Longer than code that ends takes on a busy machine. */
const TIMEOUT_MS = 60_000

const subject = await subjectOf(() => createV8Runtime({ timeoutMs: TIMEOUT_MS }), {
  isMetered: false,
  fidelity: 'simulated',
})
await runtimeCases('an actor in hardened JavaScript, in V8', subject)
