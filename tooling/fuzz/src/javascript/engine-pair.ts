import type { CryptoProvider } from '@troupe/crypto'
import {
  Executor,
  ExitCode,
  LocalExterns,
  Machine,
  METHOD_CONSTRUCTOR,
  type MessageResult,
  methodNumber,
  NV28,
  type RuleSet,
  type Runtime,
  withReentrancyLocks,
  withUserActors,
} from '@troupe/hypervisor'
import { type Cid, cidOf, encodeIpld, type MemoryBlockstore, RAW } from '@troupe/ipld'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { createNodeRuntime, createV8Runtime } from '@troupe/runtime-ses/node'
import { createCodeNetwork, idOf } from '@troupe/testkit'
import { claim } from '../target.ts'

/** Networks where users install code. */
const RULES: RuleSet = withReentrancyLocks(withUserActors(NV28))
const ACTORS = [101, 102]
/** Of a call, and of what code takes to be ready. V8 counts none: what needs more is no matter of comparison. */
const GAS = 3_000_000_000n
const TIMEOUT_MS = 20_000

/** A call of actor 101. */
export interface JavaScriptCall {
  readonly method: string
  readonly params: Uint8Array
  readonly value: bigint
}

/** What a call came to, as far as both engines have to agree. */
export interface CallOutcome {
  readonly exitCode: number
  readonly returnData: Uint8Array
  readonly events: readonly unknown[]
  readonly root: string
  readonly message: string | undefined
}

/** One engine, and a state whose actors run in it. */
interface Side {
  readonly runtimes: readonly [hardened: Runtime, others: Runtime]
  readonly blocks: MemoryBlockstore
  readonly root: Cid
  readonly context: Machine['context']
}

/** The same actors in the engine in Wasm and in V8, and every call in the same state. */
export class EnginePair {
  readonly #crypto: CryptoProvider
  readonly #sides: readonly [wasm: Side, v8: Side]

  private constructor(crypto: CryptoProvider, sides: readonly [Side, Side]) {
    this.#crypto = crypto
    this.#sides = sides
  }

  /** Boots both engines. @param script of the actors 101 and 102 */
  static async open(script: string, crypto: CryptoProvider): Promise<EnginePair> {
    const runtimes = [await createNodeRuntime({}), await createV8Runtime({ timeoutMs: TIMEOUT_MS })] as const
    const [wasm, v8] = await Promise.all(runtimes.map((runtime) => sideOf(runtime, script)))
    claim(wasm !== undefined && v8 !== undefined, 'there are two engines')
    return new EnginePair(crypto, [wasm, v8])
  }

  /** What calls come to in either, one after the other, up to the first that takes more than the gas that there is. */
  call(calls: readonly JavaScriptCall[]): readonly (readonly [wasm: CallOutcome, v8: CallOutcome])[] {
    const machines = this.#sides.map((side) => this.#machine(side)) as [Machine, Machine]
    const [wasm, v8] = machines
    const outcomes: [CallOutcome, CallOutcome][] = []
    for (const call of calls) {
      const first = this.#run(wasm, call)
      // In V8 it would go on until somebody ends it.
      if (first.exitCode === ExitCode.SYS_OUT_OF_GAS) break
      outcomes.push([first, this.#run(v8, call)])
    }
    return outcomes
  }

  /** Whether either takes a script for code, and the reason where not: its code, without its text. */
  validate(code: Uint8Array): readonly [wasm: string, v8: string] {
    const cid = cidOf(this.#crypto, RAW, code)
    const [wasm, v8] = this.#sides.map(({ runtimes: [runtime] }) => {
      const verdict = runtime.validate?.(cid, code, RULES, () => undefined)
      return typeof verdict === 'object' ? verdict.code : String(verdict)
    })
    return [wasm as string, v8 as string]
  }

  #machine({ blocks, context, root, runtimes }: Side): Machine {
    const crypto = this.#crypto
    const externs = new LocalExterns(crypto, new Uint8Array(32))
    return Machine.create({ rules: RULES, context, blocks, root, crypto, runtimes, externs })
  }

  #run(machine: Machine, { method, params, value }: JavaScriptCall): CallOutcome {
    const { receipt, events, failure } = execute(machine, methodNumber(this.#crypto, method), {
      params,
      value,
    })
    claim(receipt.gasUsed <= GAS, 'a call uses at most its gas limit')
    return {
      exitCode: receipt.exitCode,
      returnData: receipt.returnData,
      events: events.map(({ emitter, entries }) => ({ emitter, entries })),
      root: ACTORS.map((id) => machine.state.getActor(BigInt(id))?.head).join(' '),
      message: failure?.message,
    }
  }
}

async function sideOf(runtime: Runtime, script: string): Promise<Side> {
  const code = new TextEncoder().encode(CODE_HEADER + script)
  const { network } = await createCodeNetwork([code, code], { rules: RULES, runtimes: [runtime] })
  const { machine, blocks } = network
  for (const id of ACTORS) {
    const { receipt, failure } = new Executor(machine).execute(
      { ...ENVELOPE, from: idOf(1), to: idOf(id), value: 0n, method: METHOD_CONSTRUCTOR, params: NOTHING },
      { length: 0, kind: 'implicit' },
    )
    claim(receipt.exitCode === 0, `the actors that are played with can be made: ${failure?.message}`)
  }
  return { runtimes: [runtime, network.runtime], blocks, root: machine.flush(), context: machine.context }
}

const NOTHING = encodeIpld([])
const ENVELOPE = { version: 0n, sequence: 0n, gasLimit: GAS, gasFeeCap: 0n, gasPremium: 0n }

function execute(
  machine: Machine,
  method: bigint,
  { params, value }: Pick<JavaScriptCall, 'params' | 'value'>,
): MessageResult {
  const message = { ...ENVELOPE, from: idOf(100), to: idOf(101), method, params, value }
  return new Executor(machine).execute(message, { length: 0, kind: 'implicit' })
}
