import { runtimeCases } from '@troupe/testkit/runtimes'
import { sesSubject } from './support/subject.ts'

await runtimeCases('an actor in hardened JavaScript', await sesSubject('wasm'))
await runtimeCases('an actor in hardened JavaScript, in V8', await sesSubject('v8'))
