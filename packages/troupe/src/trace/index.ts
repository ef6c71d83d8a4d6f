export { formatValue, type ValueLimits } from '../text/format-value.ts'
export { type FlamegraphOptions, renderFlamegraph } from './flamegraph.ts'
export { type CallLabel, type GasNode, gasProfile, plainLabel } from './gas-profile.ts'
export { type SpeedscopeFile, toSpeedscope } from './speedscope.ts'
export {
  formatTraceEvent,
  type ParsedTrace,
  parseTrace,
  TRACE_VERSION,
  traceHeader,
} from './trace-format.ts'
