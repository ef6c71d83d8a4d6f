import { loadCrypto } from '@troupe/crypto'
import { runtimeCases } from '@troupe/testkit/runtimes'
import { nativeSubject } from './support/subject.ts'

await runtimeCases('an actor in TypeScript', nativeSubject(await loadCrypto()))
