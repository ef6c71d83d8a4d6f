export { type CodeNetwork, createCodeNetwork, type SendOptions } from './code-network.ts'
export { ESCAPES, EXHAUSTIONS, type JavaScriptAttack, RECURSIONS } from './javascript-attacks.ts'
export { type Script, ScriptedRuntime } from './scripted-runtime.ts'
export { SMALL_SDK } from './small-sdk.ts'
export {
  createTestNetwork,
  idOf,
  type TestActor,
  type TestNetwork,
  type TestNetworkOptions,
} from './test-network.ts'
