export { ActorContext } from './actor-context.ts'
export { ActorCrypto, type VerifiedFault } from './actor-crypto.ts'
export {
  ActorError,
  fail,
  failureOfSend,
  isDataError,
  withDefaultExitCode,
  withExitCode,
} from './actor-error.ts'
export { ActorMap, type ActorMapOptions, MAP_BIT_WIDTH } from './actor-map.ts'
export { ActorQueries } from './actor-queries.ts'
export {
  BUILTIN_ACTORS,
  type BuiltinActor,
  builtinActorOfType,
  typeOfBuiltinActor,
} from './builtin-actors.ts'
export {
  arrayCodec,
  bigIntCodec,
  boolCodec,
  bytesCodec,
  type CodecValue,
  cidCodec,
  fixedBytesCodec,
  i64Codec,
  optionalCodec,
  type TupleFields,
  textCodec,
  tupleCodec,
  u32Codec,
  u64Codec,
} from './codecs.ts'
export {
  type ActorEvent,
  type ActorEventEntry,
  type EncodedEvent,
  EventBuilder,
  encodeEvent,
} from './events.ts'
export { type ActorGas, ExecutionGas, type MethodGas } from './execution-gas.ts'
export { MessageInfo, NetworkInfo } from './message-info.ts'
export {
  decodeBlock,
  decodeReturn,
  encodeBlock,
  encodedBlock,
  type MethodOptions,
  method,
  type NativeMethod,
} from './method.ts'
export {
  acceptExportedMethods,
  DESCRIPTOR_TAG,
  defineActor,
  describeActor,
  type Fallback,
  type NativeActor,
  type NativeActorOptions,
  restrictInternalMethods,
} from './native-actor.ts'
export {
  ABSENT_VERSION,
  type StoredManifest,
  storeManifest,
  storeNativeManifest,
} from './native-manifest.ts'
export {
  NativeProgram,
  NativeRuntime,
  type NativeRuntimeOptions,
  nativeCode,
  nativeRuntime,
} from './native-runtime.ts'
export { Panic } from './panic.ts'
export { DomainSeparationTag, Randomness } from './randomness.ts'
export { resolveToId } from './resolve-to-id.ts'
export {
  expectSuccess,
  failureOfError,
  type Send,
  type SendResult,
  Sends,
  type SentBlock,
} from './sends.ts'
export { StateAccess } from './state-access.ts'
export { type KeyHashing, SyscallBlockstore, stateStore } from './syscall-blockstore.ts'
export { type SyscallRows, Syscalls, syscallRows } from './syscalls.ts'
