import { ChargeName, type Machine, type TraceEvent, type TraceListener } from '@troupe/hypervisor'

/** One charge: its name and milligas. */
export type Charge = readonly [name: string, milligas: number | bigint]

/** One invocation of code, and what its own code cost. */
export interface Invocation {
  /** Name of the code, where it has one. */
  readonly actor: string
  readonly method: bigint
  readonly parameterBytes: number
  /** Milligas of execution, the growth of memory counted in. */
  execution: number
  /** Bytes of blocks read or linked, parameters and return values counted in. */
  bytes: number
  exitCode: number | undefined
}

/** What a message was charged. */
export interface ChargeList {
  /** All charges but those for the execution of code. */
  readonly charges: readonly Charge[]
  readonly invocations: readonly Invocation[]
}

const EXECUTION: ReadonlySet<string> = new Set([ChargeName.WASM_EXEC, ChargeName.WASM_MEMORY_GROW])
/** Milligas of reading one byte of a block. */
const READ_PRICE = 400
/** Milligas of linking a block: of any, and of one byte. */
const LINK_PRICES = { base: 506_300_000, byte: 3_352_400 }

/** Sorts the charges of one message. */
export class ChargeRecorder {
  readonly #machine: Machine
  readonly #charges: Charge[] = []
  readonly #invocations: Invocation[] = []
  readonly #calls: { method: bigint; parameterBytes: number; invocation: Invocation | undefined }[] = []

  constructor(machine: Machine) {
    this.#machine = machine
  }

  get listener(): TraceListener {
    return (event) => this.#hear(event)
  }

  /** All that was heard. */
  finish(): ChargeList {
    return { charges: this.#charges, invocations: this.#invocations }
  }

  #hear(event: TraceEvent): void {
    const call = this.#calls.at(-1)
    switch (event.type) {
      case 'call':
        this.#calls.push({
          method: event.method,
          parameterBytes: event.parameters?.data.length ?? 0,
          invocation: undefined,
        })
        break
      case 'invoke':
        if (call !== undefined) call.invocation = this.#invoke(call, event)
        break
      case 'return':
      case 'error':
        if (call?.invocation !== undefined)
          call.invocation.exitCode = event.type === 'return' ? event.exitCode : undefined
        this.#calls.pop()
        break
      case 'gas':
        this.#charge(event.name, event.milligas, call?.invocation)
    }
  }

  #invoke(
    { method, parameterBytes }: { method: bigint; parameterBytes: number },
    { code }: Extract<TraceEvent, { type: 'invoke' }>,
  ): Invocation {
    const actor = this.#machine.manifest.nameOf(code) ?? 'user'
    const invocation = { actor, method, parameterBytes, execution: 0, bytes: 0, exitCode: undefined }
    this.#invocations.push(invocation)
    return invocation
  }

  #charge(name: string, milligas: number | bigint, invocation: Invocation | undefined): void {
    if (!EXECUTION.has(name)) this.#charges.push([name, milligas])
    if (invocation === undefined) return
    if (EXECUTION.has(name)) invocation.execution += Number(milligas)
    else if (name === ChargeName.ON_BLOCK_READ) invocation.bytes += Number(milligas) / READ_PRICE
    else if (name === ChargeName.ON_BLOCK_LINK)
      invocation.bytes += (Number(milligas) - LINK_PRICES.base) / LINK_PRICES.byte
  }
}
