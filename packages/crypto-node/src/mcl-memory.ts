import type { Mcl } from './mcl.ts'

/** The memory of an instance of mcl, where what its calls work on lies. */
export class MclMemory {
  readonly #mcl: Mcl

  constructor(mcl: Mcl) {
    this.#mcl = mcl
  }

  /** Room that is kept for good. @throws where there is none */
  allocate(byteLength: number): number {
    const pointer = this.#mcl._malloc(byteLength)
    if (pointer === 0) throw new Error(`mcl has no memory for ${byteLength} bytes`)
    return pointer
  }

  /** A copy of bytes. */
  read(pointer: number, byteLength: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(pointer, pointer + byteLength)
  }

  write(bytes: Uint8Array, pointer: number): void {
    this.#bytes.set(bytes, pointer)
  }

  copy(from: number, to: number, byteLength: number): void {
    this.#bytes.copyWithin(to, from, from + byteLength)
  }

  /** Makes calls. An exception inside Wasm, such as an exhausted stack of the host, leaves mcl's own stack pointer where it was. */
  withStack<T>(calls: () => T): T {
    const stack = this.#mcl.stackSave()
    try {
      return calls()
    } finally {
      this.#mcl.stackRestore(stack)
    }
  }

  /** As it is now: growing it detaches earlier views. */
  get #bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#mcl.wasmMemory.buffer)
  }
}
