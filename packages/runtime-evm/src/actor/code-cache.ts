import { type Cid, cidKey, NodeCache } from '@troupe/ipld'
import { Code } from '../interpreter/code.ts'

const PUSH1 = 0x60
const PUSH32 = 0x7f

/** Code of a contract, with what is known of it. */
export class ContractCode extends Code {
  #instructions: number | undefined

  /** How many instructions it has, what comes after its end and what is never reached among them. */
  get instructions(): number {
    this.#instructions ??= countInstructions(this.bytes)
    return this.#instructions
  }
}

/** Code of contracts that was run lately, with what reading it has told. Owned by a runtime; says nothing that the bytes do not. */
export class CodeCache {
  readonly #codes: NodeCache

  /** @param maximum most codes kept */
  constructor(maximum: number) {
    this.#codes = new NodeCache(maximum)
  }

  /** The code of a CID. @param bytes what is named by it */
  get(cid: Cid, bytes: Uint8Array): ContractCode {
    const key = cidKey(cid)
    const known = this.#codes.get(key)
    if (known !== undefined) return known as ContractCode
    const code = new ContractCode(bytes)
    this.#codes.set(key, code)
    return code
  }
}

function countInstructions(bytes: Uint8Array): number {
  let count = 0
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at] as number
    if (opcode >= PUSH1 && opcode <= PUSH32) at += opcode - PUSH1 + 1
    count++
  }
  return count
}
