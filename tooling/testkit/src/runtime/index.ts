export { runtimeCases } from './runtime-cases.ts'
export {
  argumentsOf,
  cborSubject,
  type EncodedCall,
  type RefusedCode,
  type RelayedCall,
  type RuntimeConventions,
  type RuntimeSubject,
  type SeenOutcome,
  type SubjectCall,
  type SubjectEncoding,
  signedOutcome,
} from './subject.ts'
