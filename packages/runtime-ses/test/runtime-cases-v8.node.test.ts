import { createV8Runtime } from '@troupe/runtime-ses/node'
import { runtimeCases } from '@troupe/testkit/runtimes'
import { subjectOf } from './support/subject.ts'

/** As long as a machine that is busy may take for code that ends. */
const TIMEOUT_MS = 3000

const subject = await subjectOf(() => createV8Runtime({ timeoutMs: TIMEOUT_MS }), {
  endless: { code: 'ses/timeout' },
  fidelity: 'simulated',
})
await runtimeCases('an actor in hardened JavaScript, in V8', subject)
