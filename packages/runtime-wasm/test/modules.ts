import loadWabt from 'wabt'

const wabt: Awaited<ReturnType<typeof loadWabt>> = await loadWabt()

/** The module that a text stands for; `check` says whether the text has to be valid. */
export function assemble(
  text: string,
  features: NonNullable<Parameters<typeof wabt.parseWat>[2]> = {},
  check = true,
): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat('test.wat', text, features)
  try {
    if (check) module.validate()
    return Uint8Array.from(module.toBinary({}).buffer)
  } finally {
    module.destroy()
  }
}

/** Creates a block of the text `hello`, and returns it. */
export const RETURNS_ITS_BLOCK: Uint8Array<ArrayBuffer> = assemble(`(module
  (import "ipld" "block_create" (func $create (param i32 i64 i32 i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 100) "hello")
  (func (export "invoke") (param i32) (result i32)
    (drop (call $create (i32.const 8) (i64.const 0x71) (i32.const 100) (i32.const 5)))
    (i32.load (i32.const 8))))`)

/** Calls itself (actor 101). Ends with exit code 100 and the error number where that fails, otherwise with one more than the callee's. */
function recursive(send: string, more: string, exit: string, last: string): Uint8Array<ArrayBuffer> {
  return assemble(`(module
    (import "send" "send" (func $send ${send}))
    (import "vm" ${exit})
    (memory (export "memory") 1) (data (i32.const 0) "\\00\\65")
    (func (export "invoke") (param i32) (result i32) (local $error i32)
      (local.set $error (call $send (i32.const 8) (i32.const 0) (i32.const 2) (i64.const 2) (i32.const 0) (i64.const 0) (i64.const 0) ${more}))
      (drop (call $end (select (i32.add (i32.const 100) (local.get $error)) (i32.add (i32.const 1) (i32.load (i32.const 8))) (local.get $error)) ${last}))
      (unreachable)))`)
}

export const RECURSIVE_3: Uint8Array<ArrayBuffer> = recursive(
  '(param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)',
  '(i64.const -1) (i64.const 0)',
  '"exit" (func $end (param i32 i32 i32 i32) (result i32))',
  '(i32.const 0) (i32.const 0) (i32.const 0)',
)

export const RECURSIVE_2: Uint8Array<ArrayBuffer> = recursive(
  '(param i32 i32 i32 i64 i32 i64 i64) (result i32)',
  '',
  '"abort" (func $end (param i32 i32 i32) (result i32))',
  '(i32.const 0) (i32.const 0)',
)

/** Like {@link RECURSIVE_3}, but before it calls itself it uses much of the stack that code may use: `frames` calls within itself. */
export function greedy(frames: number): Uint8Array<ArrayBuffer> {
  return assemble(`(module
    (import "send" "send" (func $send (param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)))
    (memory (export "memory") 1) (data (i32.const 0) "\\00\\65")
    (func $deeper (param $frames i32) (result i32)
      (if (result i32) (local.get $frames)
        (then (i32.add (call $deeper (i32.sub (local.get $frames) (i32.const 1))) (i32.const 1)))
        (else (call $send (i32.const 8) (i32.const 0) (i32.const 2) (i64.const 2) (i32.const 0) (i64.const 0) (i64.const 0) (i64.const -1) (i64.const 0)))))
    (func (export "invoke") (param i32) (result i32)
      (drop (call $deeper (i32.const ${frames})))
      (i32.const 0)))`)
}
