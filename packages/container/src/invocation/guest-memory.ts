import { ErrorNumber, SyscallError } from '@troupe/hypervisor'
import type { EngineMemory } from '../engine.ts'
import { ContainerError } from '../errors.ts'

const PAGE_SIZE = 65_536
const NO_BYTES = new Uint8Array(0)
const NO_VIEW = new DataView(NO_BYTES.buffer)

/**
 * The memory of one instance, as the host reads and writes it. Its views are renewed when the memory grows, which it does through
 * {@link GuestMemory.grow} only; a view that is kept across a growth is dead.
 *
 * Until it is shown, syscalls see a memory without bytes: so the reference has it while an instance comes into being. The code itself may grow its
 * memory even then.
 */
export class GuestMemory {
  #memory: EngineMemory | undefined
  #isShown = false
  /** All bytes, unsigned. */
  bytes: Uint8Array = NO_BYTES
  /** The same bytes. */
  view: DataView = NO_VIEW

  /** The memory that the code has, and the syscalls see once {@link GuestMemory.show} is called. */
  attach(memory: EngineMemory): void {
    this.#memory = memory
  }

  /** Lets syscalls see the memory. */
  show(): void {
    const { buffer } = this.#attached()
    this.bytes = new Uint8Array(buffer)
    this.view = new DataView(buffer)
    this.#isShown = true
  }

  /** Hides it again. */
  hide(): void {
    this.bytes = NO_BYTES
    this.view = NO_VIEW
    this.#isShown = false
  }

  /** Bytes of the memory, whether syscalls see it or not; 0 where there is none. */
  get byteLength(): number {
    return this.#memory?.buffer.byteLength ?? 0
  }

  /** Size of the memory, whether syscalls see it or not. */
  get pages(): number {
    return this.#attached().buffer.byteLength / PAGE_SIZE
  }

  /** Grows the memory. @throws where the engine refuses */
  grow(pages: number): void {
    this.#attached().grow(pages)
    if (this.#isShown) this.show()
  }

  get length(): number {
    return this.bytes.length
  }

  /**
   * A view of a range.
   * @param offset unsigned
   * @param length unsigned
   * @throws {SyscallError} IllegalArgument where it is out of bounds
   */
  slice(offset: number, length: number): Uint8Array {
    const end = offset + length
    if (end > this.bytes.length)
      throw new SyscallError(ErrorNumber.IllegalArgument, `buffer ${offset} (length ${length}) out of bounds`)
    return this.bytes.subarray(offset, end)
  }

  #attached(): EngineMemory {
    if (this.#memory === undefined) throw new ContainerError('host/engine', 'an instance without a memory')
    return this.#memory
  }
}
