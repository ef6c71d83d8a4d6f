import type { Cid } from '@troupe/ipld'
import { printAs } from '../print-as.ts'
import type { CacheUse } from './cache-use.ts'
import type { CodeStack, SourceLookup } from './code-stack.ts'
import type { TraceEvent, TraceListener } from './events.ts'

/** One call with what happened in it. Gas is in milligas. */
export interface CallFrame {
  readonly call: Extract<TraceEvent, { type: 'call' }>
  actor: bigint | undefined
  code: Cid | undefined
  outcome: Extract<TraceEvent, { type: 'return' | 'error' }> | undefined
  /** The frame's own gas by charge. */
  readonly gas: Map<string, bigint>
  readonly syscalls: Map<string, number>
  readonly logs: string[]
  /** For each event that the frame has emitted, how many of its calls came before. */
  readonly events: number[]
  /** Where in the actor's code the call failed, as far as its runtime tells. */
  stack: CodeStack | undefined
  readonly calls: CallFrame[]
}

/** Events that are kept as they are; a simple transfer has some ten. */
const MAX_PENDING = 64

/**
 * Collects a stream of events into a tree of calls. What is charged outside of any call (the message's inclusion) stands in `inclusion`.
 *
 * Few trees are looked at, and every message of a chain has one: the tree is made of a short stream only when somebody asks for it. Its maps and sums would take
 * a tenth of a transfer's time.
 */
export class CallTree {
  /** Where places of code were written, as whoever made the tree has it. */
  readonly locate: SourceLookup | undefined
  readonly #inclusion = new Map<string, bigint>()
  readonly #roots: CallFrame[] = []
  #caches: CacheUse | undefined
  /** What has come so far; nothing once it is in the tree, where all that follows goes at once. */
  #pending: TraceEvent[] | undefined = []
  readonly #open: CallFrame[] = []
  /** What each of the open frames was charged since its gas was summed up last, and before them the inclusion. Milligas; sums of numbers take a fraction of the time. */
  readonly #charged: Map<string, number>[] = [new Map()]

  /** @param locate looks up where places of code were written; default: nobody knows */
  constructor(locate?: SourceLookup) {
    this.locate = locate
  }

  static {
    printAs(CallTree.prototype, ({ roots }) => `CallTree(${countOf(roots)} calls)`)
  }

  /** Hand this to the executor. */
  readonly listener: TraceListener = (event) => {
    if (this.#pending !== undefined && this.#pending.length < MAX_PENDING) this.#pending.push(event)
    else {
      this.#settle()
      this.#take(event)
    }
  }

  /** Gas that was charged outside of any call, by charge. */
  get inclusion(): Map<string, bigint> {
    this.#settle()
    this.#sum()
    return this.#inclusion
  }

  /** The calls that no other contains. */
  get roots(): CallFrame[] {
    this.#settle()
    this.#sum()
    return this.#roots
  }

  /** How the message has used the machine's read caches; `undefined` where it was not executed. */
  get caches(): CacheUse | undefined {
    this.#settle()
    return this.#caches
  }

  set caches(caches: CacheUse | undefined) {
    this.#settle()
    this.#caches = caches
  }

  #settle(): void {
    const pending = this.#pending
    this.#pending = undefined
    if (pending !== undefined) for (const event of pending) this.#take(event)
  }

  /** Sums up what was charged so far. */
  #sum(): void {
    this.#charged.forEach((charged, depth) => {
      sumUp(charged, this.#open[depth - 1]?.gas ?? this.#inclusion)
    })
  }

  #charge({ milligas, name }: Extract<TraceEvent, { type: 'gas' }>, gas: Map<string, bigint>): void {
    const charged = this.#charged.at(-1) as Map<string, number>
    const sum = (charged.get(name) ?? 0) + Number(milligas)
    if (Number.isSafeInteger(sum)) charged.set(name, sum)
    else gas.set(name, (gas.get(name) ?? 0n) + BigInt(milligas))
  }

  #take(event: TraceEvent): void {
    const frame = this.#open.at(-1)
    switch (event.type) {
      case 'call': {
        const opened = newFrame(event)
        if (frame === undefined) this.#roots.push(opened)
        else frame.calls.push(opened)
        this.#open.push(opened)
        this.#charged.push(new Map())
        return
      }
      case 'invoke':
        if (frame !== undefined) {
          frame.actor = event.actor
          frame.code = event.code
        }
        return
      case 'return':
      case 'error':
        if (frame === undefined) return
        frame.outcome = event
        this.#open.pop()
        sumUp(this.#charged.pop() as Map<string, number>, frame.gas)
        return
      case 'gas':
        this.#charge(event, frame?.gas ?? this.#inclusion)
        return
      case 'syscall': {
        const name = `${event.module}.${event.name}`
        frame?.syscalls.set(name, (frame.syscalls.get(name) ?? 0) + 1)
        return
      }
      case 'log':
        frame?.logs.push(event.message)
        return
      case 'stack':
        if (frame !== undefined)
          frame.stack = this.locate?.(event.code, event.frames) ?? { frames: event.frames }
        return
      case 'caches': {
        const { blocks, code, nodes } = event
        this.#caches = { blocks, nodes, code }
        return
      }
      case 'event':
        frame?.events.push(frame.calls.length)
        return
    }
  }
}

/** Adds what was charged to the gas of a frame, and forgets it. */
function sumUp(charged: Map<string, number>, gas: Map<string, bigint>): void {
  for (const [name, milligas] of charged) gas.set(name, (gas.get(name) ?? 0n) + BigInt(milligas))
  charged.clear()
}

/** Gas of a frame without the calls below it, in milligas. */
export function ownGas(frame: CallFrame): bigint {
  let sum = 0n
  for (const milligas of frame.gas.values()) sum += milligas
  return sum
}

/** Gas of a frame with the calls below it, in milligas. */
export function totalGas(frame: CallFrame): bigint {
  return frame.calls.reduce((sum, call) => sum + totalGas(call), ownGas(frame))
}

function newFrame(call: CallFrame['call']): CallFrame {
  return {
    call,
    actor: undefined,
    code: undefined,
    outcome: undefined,
    gas: new Map(),
    syscalls: new Map(),
    logs: [],
    events: [],
    stack: undefined,
    calls: [],
  }
}

function countOf(frames: readonly CallFrame[]): number {
  return frames.reduce((sum, { calls }) => sum + 1 + countOf(calls), 0)
}
