import { CANCUN_INSTRUCTIONS, FILECOIN_INSTRUCTIONS } from '@troupe/runtime-evm'

const OPCODES: ReadonlyMap<string, number> = new Map(
  [...CANCUN_INSTRUCTIONS.instructions, ...FILECOIN_INSTRUCTIONS.instructions].flatMap((instruction) =>
    instruction === undefined ? [] : [[instruction.name, instruction.opcode] as const],
  ),
)
const PUSH0 = 0x5f
/** Bytes of a label's address. */
const LABEL_SIZE = 2

/** Puts code of the EVM together. */
export class Assembler {
  readonly #bytes: number[] = []
  readonly #labels = new Map<string, number>()
  readonly #uses: { readonly at: number; readonly label: string }[] = []

  /** Instructions by name. */
  op(...names: readonly string[]): this {
    for (const name of names) {
      const opcode = OPCODES.get(name)
      if (opcode === undefined) throw new TypeError(`there is no instruction ${name}`)
      this.#bytes.push(opcode)
    }
    return this
  }

  /** Pushes numbers, the last of them on top, each as short as it can be. */
  push(...values: readonly (bigint | number)[]): this {
    for (const value of values) {
      const bytes: number[] = []
      for (let rest = BigInt(value); rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn))
      this.#bytes.push(PUSH0 + bytes.length, ...bytes)
    }
    return this
  }

  /** Pushes where a label is. */
  pushLabel(label: string): this {
    this.#bytes.push(PUSH0 + LABEL_SIZE)
    this.#uses.push({ at: this.#bytes.length, label })
    this.#bytes.push(...new Array<number>(LABEL_SIZE).fill(0))
    return this
  }

  /** A place to jump to. */
  label(name: string): this {
    this.#labels.set(name, this.#bytes.length)
    return this.op('JUMPDEST')
  }

  /** Bytes as they are. */
  raw(bytes: Iterable<number>): this {
    this.#bytes.push(...bytes)
    return this
  }

  /** The code. */
  finish(): Uint8Array {
    const code = Uint8Array.from(this.#bytes)
    for (const { at, label } of this.#uses) {
      const target = this.#labels.get(label)
      if (target === undefined) throw new TypeError(`there is no label ${label}`)
      code[at] = target >> 8
      code[at + 1] = target & 0xff
    }
    return code
  }
}

/** Code that makes a contract of `runtime`. */
export function deployCode(runtime: Uint8Array): Uint8Array {
  const size = runtime.length
  // 13 bytes: PUSH2 size, DUP1, PUSH1 13, PUSH0, CODECOPY, PUSH0, RETURN, and one to spare.
  const head = [0x61, size >> 8, size & 0xff, 0x80, 0x60, 11, 0x5f, 0x39, 0x5f, 0xf3, 0x00]
  return Uint8Array.from([...head, ...runtime])
}
