/** @module mcl, a pairing library in Wasm: an instance of it, for one curve. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compileFunction } from 'node:vm'

/** The part of mcl's C interface (mcl/include/mcl/bn.h) that is used. Arguments are addresses; comparisons give 1 for true. */
export interface Mcl {
  readonly wasmMemory: { readonly buffer: ArrayBuffer }
  stackSave(): number
  stackRestore(pointer: number): void
  _malloc(byteLength: number): number
  _mclBn_init(curve: number, compiledSizes: number): number
  _mclBn_setETHserialization(on: number): void
  _mclBn_setMapToMode(mode: number): number
  _mclBn_verifyOrderG1(on: number): void
  _mclBn_verifyOrderG2(on: number): void
  _mclBn_millerLoopVec(gt: number, g1s: number, g2s: number, count: number): void
  _mclBn_finalExp(out: number, gt: number): void
  _mclBnG1_deserialize(g1: number, bytes: number, byteLength: number): number
  _mclBnG1_neg(out: number, g1: number): void
  _mclBnG1_mul(out: number, g1: number, fr: number): void
  _mclBnG1_normalize(out: number, g1: number): void
  _mclBnG1_clear(g1: number): void
  _mclBnG1_add(out: number, left: number, right: number): void
  _mclBnG1_mulVec(out: number, g1s: number, frs: number, count: number): void
  _mclBnG1_isValidOrder(g1: number): number
  _mclBnG2_isValidOrder(g2: number): number
  _mclBnG2_mulVec(out: number, g2s: number, frs: number, count: number): void
  _mclBnG2_normalize(out: number, g2: number): void
  _mclBnFp_mapToG1(g1: number, fp: number): number
  _mclBnFr_setBigEndianMod(fr: number, bytes: number, byteLength: number): number
  _mclBnFp_serialize(bytes: number, byteLength: number, fp: number): number
  _mclBnG2_clear(g2: number): void
  _mclBnG2_deserialize(g2: number, bytes: number, byteLength: number): number
  _mclBnG2_serialize(bytes: number, byteLength: number, g2: number): number
  _mclBnFp_setBigEndianMod(fp: number, bytes: number, byteLength: number): number
  _mclBnFp2_mapToG2(g2: number, fp2: number): number
  _mclBnG2_add(out: number, left: number, right: number): void
  _mclBnGT_setInt(gt: number, value: number): void
  _mclBnGT_mul(out: number, left: number, right: number): void
  _mclBnGT_isOne(gt: number): number
}

/**
 * Compiles the script that holds mcl's Wasm and makes an instance of it. (The package's entry point keeps one for the whole process, whose settings
 * any other user of it may change.)
 *
 * The script gives its instance in a promise, and a provider may be asked for the first signature in the middle of a message. All it ever waits for
 * is `WebAssembly.instantiate`, so it gets one that answers at once; and it decodes its base64 character by character, which takes longer than all the
 * rest, so that is done for it.
 */
export function instantiateMcl(): { readonly mcl: Mcl; readonly version: string } {
  const require = createRequire(import.meta.url)
  const { version } = require('mcl-wasm/package.json') as { version: string }
  const file = require.resolve('mcl-wasm/dist/mcl_c.js')
  let code: Uint8Array<ArrayBuffer> | undefined
  const atob = (base64: string): string => {
    code = Buffer.from(base64, 'base64')
    return ''
  }
  const instantiate = (_: unknown, imports: WebAssembly.Imports): unknown => {
    if (code === undefined) throw new Error('mcl has no code')
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), imports)
    // biome-ignore lint/suspicious/noThenProperty: in the place of a promise
    return { then: (use: (result: unknown) => unknown) => use({ instance }) }
  }
  const script: { exports?: (options: object) => Mcl } = {}
  const wasm = { Memory: (WebAssembly as unknown as { readonly Memory: unknown }).Memory, instantiate }
  compileFunction(readFileSync(file, 'utf8'), ['module', 'WebAssembly', 'atob'], { filename: file })(
    script,
    wasm,
    atob,
  )
  if (script.exports === undefined) throw new Error('mcl is not the script that it was')
  const mcl = script.exports({
    cryptoGetRandomValues(): never {
      throw new Error('verification has no use for random numbers')
    },
  })
  return { mcl, version }
}
