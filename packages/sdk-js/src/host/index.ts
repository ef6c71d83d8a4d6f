export { isHostFailure } from './ask-host.ts'
export type {
  EventEntry,
  HostBlock,
  HostFailure,
  HostKernel,
  HostMessage,
  HostNetwork,
  HostSend,
  HostSendResult,
  LogLevel,
} from './host-kernel.ts'
export type { ActorImage, MethodSummary, Preparation } from './image.ts'
