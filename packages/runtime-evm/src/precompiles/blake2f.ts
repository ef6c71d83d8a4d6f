import { loadBlake2bKernel, MESSAGE, STATE } from './blake2b-kernel.ts'
import type { PrecompileFunction } from './precompile.ts'
import type { Kernel } from './wasm-code.ts'

const INPUT_LENGTH = 213
const OUTPUT_LENGTH = 64

/** A multiple of ten. Engines put better code in place of their first, slow one between two calls, and not in the middle of one. */
const ROUNDS_PER_CALL = 500

/** Where the parts of an input are. */
const INPUT_STATE = 4
const INPUT_MESSAGE = 68
const INPUT_OFFSET = 196

/** The initial state, each word as its lower and its upper half: in the bytes in which it stands in memory. RFC 7693, section 2.6. */
const IV = littleEndian([
  0xf3bc_c908, 0x6a09_e667, 0x84ca_a73b, 0xbb67_ae85, 0xfe94_f82b, 0x3c6e_f372, 0x5f1d_36f1, 0xa54f_f53a,
  0xade6_82d1, 0x510e_527f, 0x2b3e_6c1f, 0x9b05_688c, 0xfb41_bd6b, 0x1f83_d9ab, 0x137e_2179, 0x5be0_cd19,
])
/** Where that is in the state, where the words are that the offset changes, and the one that the last block does. */
const STATE_IV = STATE + 64
const STATE_OFFSET = STATE + 96
const STATE_FINAL = STATE + 112

/**
 * BLAKE2F at 0x09: the compression function of BLAKE2b with any number of rounds (EIP-152).
 *
 * Shape: rounds (4, big-endian) ‖ state (8 words of 8, little-endian) ‖ message (16 words) ‖ offset (2 words) ‖ final, 0 or 1; the output is the state
 * after.
 *
 * Cost: about 25 ns a round. The kernel is compiled by the first call.
 */
export function createBlake2f(): PrecompileFunction {
  let kernel: Kernel | undefined
  return (input) => {
    if (input.length !== INPUT_LENGTH) return 'input-length'
    const isFinal = input[INPUT_LENGTH - 1] as number
    if (isFinal > 1) return 'final-flag'
    kernel ??= loadBlake2bKernel()
    const { memory, functions } = kernel
    memory.set(input.subarray(INPUT_STATE, INPUT_MESSAGE), STATE)
    memory.set(input.subarray(INPUT_MESSAGE, INPUT_OFFSET), MESSAGE)
    memory.set(IV, STATE_IV)
    for (let i = 0; i < 16; i++) {
      memory[STATE_OFFSET + i] = (memory[STATE_OFFSET + i] as number) ^ (input[INPUT_OFFSET + i] as number)
    }
    if (isFinal === 1) {
      for (let i = STATE_FINAL; i < STATE_FINAL + 8; i++) memory[i] = ~(memory[i] as number)
    }
    let rounds = new DataView(input.buffer, input.byteOffset).getUint32(0)
    for (; rounds > ROUNDS_PER_CALL; rounds -= ROUNDS_PER_CALL) functions['mix']?.(ROUNDS_PER_CALL)
    functions['mix']?.(rounds)
    const output = new Uint8Array(OUTPUT_LENGTH)
    for (let i = 0; i < OUTPUT_LENGTH; i++) {
      const after = (memory[STATE + i] as number) ^ (memory[STATE_IV + i] as number)
      output[i] = (input[INPUT_STATE + i] as number) ^ after
    }
    return output
  }
}

function littleEndian(halves: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * halves.length))
  for (const [i, half] of halves.entries()) view.setUint32(4 * i, half, true)
  return new Uint8Array(view.buffer)
}
