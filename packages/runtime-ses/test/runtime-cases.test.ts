import { runtimeCases } from '@troupe/testkit/runtimes'
import { sesSubject } from './support/subject.ts'

await runtimeCases('an actor in hardened JavaScript', await sesSubject())
