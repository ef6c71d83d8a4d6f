import { type CallFrame, ExitCode, type StampedEvent } from '@troupe/hypervisor'

/** An event, with the call that emitted it. */
export interface FrameEvent {
  readonly frame: CallFrame
  readonly event: StampedEvent
  /** How many calls of the frame came before. */
  readonly position: number
}

/**
 * Which call has emitted which event, in their order. A trace says when an event was emitted, and a receipt what it says; of calls that failed, or that stand in one that did, the
 * receipt has none.
 */
export function eventsOfFrames(roots: readonly CallFrame[], events: readonly StampedEvent[]): FrameEvent[] {
  const found: FrameEvent[] = []
  const visit = (frame: CallFrame): void => {
    if (frame.outcome?.type !== 'return' || frame.outcome.exitCode !== ExitCode.OK) return
    let called = 0
    const callUntil = (position: number): void => {
      while (called < position) visit(frame.calls[called++] as CallFrame)
    }
    for (const position of frame.events) {
      callUntil(position)
      const event = events[found.length]
      if (event !== undefined) found.push({ frame, event, position })
    }
    callUntil(frame.calls.length)
  }
  roots.forEach(visit)
  return found
}
