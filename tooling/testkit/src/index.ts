export { ESCAPES, EXHAUSTIONS, type JavaScriptAttack, RECURSIONS } from './javascript-attacks.ts'
export { type Script, ScriptedRuntime } from './scripted-runtime.ts'
export {
  createTestNetwork,
  idOf,
  type TestActor,
  type TestNetwork,
  type TestNetworkOptions,
} from './test-network.ts'
