import {
  block,
  branch,
  branchIf,
  type Code,
  i32,
  i64,
  instantiateKernel,
  type Kernel,
  local,
  loop,
} from './wasm-code.ts'

/** Where the 16 words of the state and those of the message are in the kernel's memory, little-endian. */
export const STATE = 0
export const MESSAGE = 128

/** The order in which a round takes the words of the message; round 10 begins anew. RFC 7693, section 2.7. */
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
]

/** Which words of the state a round mixes: its columns, then its diagonals. */
const MIXED = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const

/** The parameter, and the first local of the state. */
const COUNT = 0
const FIRST_WORD = 1

/**
 * Compiles the rounds of BLAKE2b: the function `mix` does as many as its parameter says, as an unsigned number, to the state in memory. Ten rounds
 * are written out, with the state in locals.
 */
export function loadBlake2bKernel(): Kernel {
  const words = Array.from({ length: 16 }, (_, i) => i)
  const zero = i32.constant(0)
  const rounds = SIGMA.flatMap((order) => [
    ...branchIf(1, i32.eqz(local.get(COUNT))),
    ...local.set(COUNT, i32.sub(local.get(COUNT), i32.constant(1))),
    ...MIXED.flatMap(([a, b, c, d], i) =>
      mix(word(a), word(b), word(c), word(d), order[2 * i] as number, order[2 * i + 1] as number),
    ),
  ])
  const body = [
    ...words.flatMap((i) => local.set(word(i), i64.load(zero, STATE + 8 * i))),
    ...block(loop(rounds, branch(0))),
    ...words.flatMap((i) => i64.store(zero, STATE + 8 * i, local.get(word(i)))),
  ]
  return instantiateKernel([{ name: 'mix', parameterCount: 1, locals: { i32: 0, i64: 16 }, body }])
}

function word(index: number): number {
  return FIRST_WORD + index
}

/** The mixing function G on four locals and two words of the message. RFC 7693, section 3.1. */
function mix(a: number, b: number, c: number, d: number, x: number, y: number): Code {
  const half = (message: number, rotateD: number, rotateB: number): Code => {
    const m = i64.load(i32.constant(0), MESSAGE + 8 * message)
    return [
      ...local.set(a, i64.add(i64.add(local.get(a), local.get(b)), m)),
      ...local.set(d, i64.rotr(i64.xor(local.get(d), local.get(a)), rotateD)),
      ...local.set(c, i64.add(local.get(c), local.get(d))),
      ...local.set(b, i64.rotr(i64.xor(local.get(b), local.get(c)), rotateB)),
    ]
  }
  return [...half(x, 32, 24), ...half(y, 16, 63)]
}
