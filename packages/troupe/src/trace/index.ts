export { formatValue, type ValueLimits } from '../text/format-value.ts'
export { type CallOutcome, type CallReport, reportCallTree, type TraceReport } from './call-report.ts'
export { formatEvent, type PartialNames } from './call-text.ts'
export { type CallTreeOptions, renderCallTree } from './call-tree.ts'
export { explainExitCode } from './explain-exit-code.ts'
export { type FlamegraphOptions, renderFlamegraph } from './flamegraph.ts'
export { type CallLabel, type GasNode, gasProfile, plainLabel } from './gas-profile.ts'
export type { FoundSourceMap, GivenSourceMap } from './given-source-map.ts'
export { createInterfaces, createMethodNames, type MethodNames } from './method-names.ts'
export { createNames, type Names } from './names.ts'
export { explainFailure, renderTrace, type TracedOutcome } from './render-trace.ts'
export { CODE_FIELD } from './script-map.ts'
export { SourceMaps } from './source-maps.ts'
export { type SpeedscopeFile, toSpeedscope } from './speedscope.ts'
export {
  formatTraceEvent,
  type ParsedTrace,
  parseTrace,
  TRACE_VERSION,
  traceHeader,
} from './trace-format.ts'
