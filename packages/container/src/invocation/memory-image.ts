import type { EngineMemory } from '../engine.ts'

/** Bytes that are looked at together. */
const CHUNK = 4096
const WORD = 8

/** What a memory held at one moment, without the parts that were all zeros. */
export class MemoryImage {
  readonly #parts: readonly (readonly [offset: number, bytes: Uint8Array])[]

  constructor({ buffer }: EngineMemory) {
    const parts: [number, Uint8Array][] = []
    for (let offset = 0; offset < buffer.byteLength; offset += CHUNK)
      if (new BigUint64Array(buffer, offset, CHUNK / WORD).some((word) => word !== 0n))
        parts.push([offset, new Uint8Array(buffer.slice(offset, offset + CHUNK))])
    this.#parts = parts
  }

  /** Makes a memory hold it again, which is of the same size as it was. 2 µs a page. */
  restore({ buffer }: EngineMemory): void {
    const bytes = new Uint8Array(buffer)
    bytes.fill(0)
    for (const [offset, part] of this.#parts) bytes.set(part, offset)
  }
}
