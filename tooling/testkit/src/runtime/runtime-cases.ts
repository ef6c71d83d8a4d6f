import { actorCases } from './actor-cases.ts'
import { callCases } from './call-cases.ts'
import { gasCases } from './gas-cases.ts'
import { loadingCases } from './loading-cases.ts'
import { nestedCallCases } from './nested-call-cases.ts'
import { repetitionCases } from './repetition-cases.ts'
import { SubjectTheatre } from './stage.ts'
import type { RuntimeSubject } from './subject.ts'

/**
 * What every runtime must do, whatever its actors are written in: calls, gas, state, value, failure and traces, as the kernel has them. Call it at the top
 * level of a test file, and wait for it.
 *
 * @param name of the runtime's actors
 * @param subject the runtime, with the same small actor as all others in its language
 */
export async function runtimeCases(name: string, subject: RuntimeSubject): Promise<void> {
  const runtime = await subject.createRuntime()
  const theatre = await SubjectTheatre.create(subject, runtime)
  const context = { name, subject, runtime, open: theatre.open.bind(theatre) }
  callCases(context)
  gasCases(context)
  nestedCallCases(context)
  actorCases(context)
  repetitionCases(context)
  loadingCases(context)
}
