/** @module What a contract's code did, instruction by instruction, in the shape of go-ethereum's `structLogs`. */
import type { ExecutionStep, StepListener } from '@troupe/hypervisor'
import type { Json } from '../protocol/json.ts'
import { toHex, toQuantity, toWord } from '../text/hex.ts'
import type { TraceBudget } from './format-trace.ts'

/** What of each step is wanted. */
export interface StructLogOptions {
  readonly hasStack: boolean
  readonly hasMemory: boolean
  readonly hasStorage: boolean
  readonly hasReturnData: boolean
  /** Steps that are told at most; all where none is given. */
  readonly limit: number | undefined
}

interface StructLog {
  readonly step: { readonly [field: string]: Json }
  readonly run: object
  readonly gasLeft: number
  gasCost: number
  /** Words of the contract's storage that were seen so far; a word that the step itself reads is known with the next step of the run. */
  readonly storage: Map<string, string> | undefined
}

const WORD = 32
const MILLIGAS = 1000
const SLOAD = 0x54
const SSTORE = 0x55
/** About what a step is in JSON without its data, and what a word takes. */
const STEP_BYTES = 100
const WORD_BYTES = 70

/** Collects steps. A refund is none: Filecoin's EVM has no refunds of gas. */
export class StructLogger {
  readonly #options: StructLogOptions
  readonly #budget: TraceBudget
  readonly #logs: StructLog[] = []
  /** The last step of each run, until it is known what it has cost. */
  readonly #unpaid = new Map<object, StructLog>()
  /** Runs of code in each other, the outermost first. */
  readonly #runs: object[] = []
  /** What storage of a contract was seen: by contract, and then by key. */
  readonly #storage = new Map<bigint, Map<string, string>>()
  /** The key that a run has just asked for, and the step that did: its value is on the stack with the next step. */
  #loading: { readonly run: object; readonly key: bigint; log: StructLog | undefined } | undefined
  #count = 0

  constructor(options: StructLogOptions, budget: TraceBudget) {
    this.#options = options
    this.#budget = budget
  }

  /** How many steps there were, told or not. */
  get count(): number {
    return this.#count
  }

  /** Hand this to whoever executes. */
  readonly listener: StepListener = (step) => this.#take(step)

  /** The steps that were told. */
  get logs(): Json[] {
    return this.#logs.map(({ gasCost, step, storage }) => ({
      ...{ ...step, gasCost },
      ...(storage === undefined ? {} : { storage: Object.fromEntries(storage) }),
    }))
  }

  #take(step: ExecutionStep): void {
    this.#count++
    const depth = this.#depthOf(step.run)
    this.#payLast(step)
    const stack = step.stack()
    const storage = this.#options.hasStorage ? this.#seenStorage(step, stack) : undefined
    if (this.#options.limit !== undefined && this.#logs.length >= this.#options.limit) return
    const memory = this.#options.hasMemory ? step.memory() : undefined
    const returnData = this.#options.hasReturnData ? step.returnData() : undefined
    const words =
      (this.#options.hasStack ? stack.length : 0) + (memory?.length ?? 0) / WORD + 2 * (storage?.size ?? 0)
    this.#budget.take(STEP_BYTES + WORD_BYTES * words + 2 * (returnData?.length ?? 0))
    const log: StructLog = {
      ...{ run: step.run, gasLeft: step.gasLeft, gasCost: 0, storage: storage && new Map(storage) },
      step: {
        ...{ pc: step.offset, op: step.name, gas: Math.floor(step.gasLeft / MILLIGAS), depth, refund: 0 },
        ...(this.#options.hasStack ? { stack: stack.map(toQuantity) } : {}),
        ...(memory === undefined ? {} : { memory: wordsOf(memory) }),
        ...(returnData === undefined ? {} : { returnData: toHex(returnData) }),
      },
    }
    this.#logs.push(log)
    this.#unpaid.set(step.run, log)
    if (this.#loading?.run === step.run) this.#loading.log = log
  }

  /** Levels of runs, from 1 on: a run that is not known is one in the last. */
  #depthOf(run: object): number {
    const known = this.#runs.lastIndexOf(run)
    if (known < 0) this.#runs.push(run)
    else this.#runs.length = known + 1
    return this.#runs.length
  }

  /** What the last step of the same run has cost is known now, with all that happened in it. */
  #payLast({ gasLeft, run }: ExecutionStep): void {
    const last = this.#unpaid.get(run)
    if (last === undefined) return
    last.gasCost = Math.max(0, Math.floor((last.gasLeft - gasLeft) / MILLIGAS))
    this.#unpaid.delete(run)
  }

  /** The words of the contract's storage that its code has had to do with so far; told where the step is about one. */
  #seenStorage(
    { actor, opcode, run }: ExecutionStep,
    stack: readonly bigint[],
  ): ReadonlyMap<string, string> | undefined {
    const seen = this.#storage.get(actor) ?? new Map<string, string>()
    this.#storage.set(actor, seen)
    if (this.#loading?.run === run) {
      const [key, value] = [toWord(this.#loading.key), toWord(stack.at(-1) ?? 0n)]
      seen.set(key, value)
      this.#loading.log?.storage?.set(key, value)
      this.#loading = undefined
    }
    const [key, value] = [stack.at(-1), stack.at(-2)]
    if (opcode === SLOAD && key !== undefined) this.#loading = { run, key, log: undefined }
    if (opcode === SSTORE && key !== undefined && value !== undefined) seen.set(toWord(key), toWord(value))
    return opcode === SLOAD || opcode === SSTORE ? seen : undefined
  }
}

function wordsOf(memory: Uint8Array): string[] {
  return Array.from({ length: memory.length / WORD }, (_, index) =>
    toHex(memory.subarray(index * WORD, (index + 1) * WORD)),
  )
}
