import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  Code,
  Frame,
  type FrameOptions,
  type GasSchedule,
  type InstructionSet,
  Interpreter,
  OSAKA_INSTRUCTIONS,
  type Result,
  type StepListener,
} from '@troupe/runtime-evm'
import { LonelyHost } from './lonely-host.ts'

export const crypto: CryptoProvider = await loadCrypto()

/** Every instruction costs 1; memory as in Ethereum; nothing else costs anything. */
export const SIMPLE_SCHEDULE: GasSchedule<LonelyHost> = {
  name: 'simple',
  base: new Float64Array(256).fill(1),
  memory: { linear: 3, quadraticDivisor: 512 },
  memoryLimit: 0x10_0000,
  keccakWord: 0,
  copyWord: 0,
  expByte: 0,
  logByte: 0,
  initCodeWord: 0,
  initCodeLimit: Infinity,
  callStipend: 0,
}

/** What a run of code may have besides the code. */
export interface RunOptions extends Partial<Omit<FrameOptions<LonelyHost>, 'code' | 'gas'>> {
  readonly gas?: number
  readonly schedule?: Partial<GasSchedule<LonelyHost>>
  readonly instructions?: InstructionSet
  readonly listener?: StepListener<LonelyHost>
}

/** What came of a run of code. */
export interface Run extends Result {
  readonly frame: Frame<LonelyHost>
  readonly host: LonelyHost
  /** What is left of the gas. */
  readonly left: number
}

/** Runs code in a world of its own. */
export function runCode(code: Uint8Array | readonly number[], options: RunOptions = {}): Run {
  const host = options.host ?? new LonelyHost()
  const frame = new Frame<LonelyHost>({
    code: new Code(Uint8Array.from(code)),
    input: options.input ?? new Uint8Array(0),
    address: options.address ?? 0xaddn,
    caller: options.caller ?? 0xca11n,
    value: options.value ?? 0n,
    isStatic: options.isStatic ?? false,
    depth: options.depth ?? 0,
    gas: { left: options.gas ?? 1_000_000 },
    host,
  })
  const interpreter = new Interpreter<LonelyHost>({
    instructions: options.instructions ?? OSAKA_INSTRUCTIONS,
    schedule: { ...SIMPLE_SCHEDULE, ...options.schedule },
    crypto,
    listener: options.listener,
  })
  const result = interpreter.run(frame)
  return { ...result, frame, host, left: frame.gas.left }
}

/** PUSH32 of a word. */
export function push(word: bigint): number[] {
  const bytes = BigInt.asUintN(256, word).toString(16).padStart(64, '0').match(/../g) ?? []
  return [0x7f, ...bytes.map((byte) => Number.parseInt(byte, 16))]
}

/** Runs an instruction on words, of which the first is the top of the stack, and gives the word that it leaves there. */
export function runInstruction(
  opcode: number,
  operands: readonly bigint[],
  options: RunOptions = {},
): bigint {
  const code = [...operands.toReversed().flatMap(push), opcode, ...[0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]]
  return toBigint(runCode(code, options).output)
}

/** Bytes as an unsigned number. */
export function toBigint(bytes: Uint8Array): bigint {
  return [...bytes].reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}
