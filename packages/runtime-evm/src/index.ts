export type { ContractFork } from './actor/ethereum-engine.ts'
export { EvmError, type EvmErrorCode, type EvmErrorDetails } from './errors.ts'
export { evm } from './evm.ts'
export { EvmRuntime, type EvmRuntimeOptions, evmRuntime } from './evm-runtime.ts'
export { Code, type CodeAnalysis } from './interpreter/code.ts'
export {
  Frame,
  type FrameOptions,
  type GasCounter,
  type HaltKind,
  type Result,
  type StepListener,
} from './interpreter/frame.ts'
export type { GasSchedule } from './interpreter/gas-schedule.ts'
export type {
  CallKind,
  CallOutcome,
  CallRequest,
  CreateOutcome,
  CreateRequest,
  Host,
} from './interpreter/host.ts'
export {
  CANCUN_INSTRUCTIONS,
  deriveInstructionSet,
  FILECOIN_INSTRUCTIONS,
  type Instruction,
  type InstructionSet,
  ISTANBUL_INSTRUCTIONS,
  LONDON_INSTRUCTIONS,
  OSAKA_INSTRUCTIONS,
  SHANGHAI_INSTRUCTIONS,
} from './interpreter/instructions.ts'
export { Interpreter, type InterpreterOptions } from './interpreter/interpreter.ts'
export { Memory } from './interpreter/memory.ts'
export { fromWord, toWord, type Word } from './interpreter/word.ts'
export {
  createPrecompiles,
  ETHEREUM_PRECOMPILES,
  PRECOMPILE_FORKS,
  type PrecompileFork,
  type PrecompileRow,
  RIP_7212_P256VERIFY,
  rowsOfFork,
} from './precompiles/ethereum.ts'
export { createFilecoinPrecompiles, isReservedForPrecompiles } from './precompiles/filecoin.ts'
export { type PrecompilePrice, priceOf } from './precompiles/gas.ts'
export type { ModexpPricing } from './precompiles/modexp-gas.ts'
export type {
  Precompile,
  PrecompileCrypto,
  PrecompileFailure,
  PrecompileFunction,
  PrecompileResult,
  Precompiles,
} from './precompiles/precompile.ts'
