import { ErrorNumber, EVENT_ENTRY } from '@troupe/hypervisor'
import { UTF8 } from '../host/host-rows.ts'
import type { HostRow, ParameterForm } from '../host/parameter-forms.ts'
import type { Scratch } from './scratch.ts'

/** What a context's own function asks for, besides rows: to have the text that was asked for last put into bytes. */
const FILL = -2
/** What it is told once the invocation has ended: whatever it catches, it is told again. */
const ENDED = 0x1_0000_0000

/**
 * The function by which the code of a context calls the host, made there: nothing of the host's realm gets through it but numbers, and bytes that it fills. It is given the host's own, which
 * throws nothing.
 */
export const V8_HOST_SCRIPT: string = `(function (raw) {
  'use strict';
  return (row, ...values) => {
    const answer = raw(row, values);
    if (answer === ${ENDED}) throw harden({ ended: true });
    if (row !== ${UTF8}) return answer;
    const bytes = new Uint8Array(answer);
    raw(${FILL}, [bytes]);
    return bytes;
  };
})`

/** Makes the syscalls of one invocation, as the host script asks for them. */
export class V8Host {
  readonly #scratch: Scratch
  readonly #rows: readonly (HostRow | undefined)[]
  #text = new Uint8Array()
  #ended: { readonly cause: unknown } | undefined

  constructor(scratch: Scratch, rows: readonly (HostRow | undefined)[]) {
    this.#scratch = scratch
    this.#rows = rows
  }

  /** What is handed to a context: see {@link V8_HOST_SCRIPT}. */
  readonly raw = (row: number, values: readonly unknown[]): number => {
    if (this.#ended !== undefined) return ENDED
    try {
      return this.#answer(row, values)
    } catch (cause) {
      this.#ended = { cause }
      return ENDED
    }
  }

  /** @throws what has ended the invocation, whatever its code did with that */
  expectGoing(): void {
    if (this.#ended !== undefined) throw this.#ended.cause
  }

  #answer(row: number, values: readonly unknown[]): number {
    if (row === UTF8) {
      this.#text = new TextEncoder().encode(values[0] as string)
      return this.#text.length
    }
    if (row === FILL) {
      ;(values[0] as Uint8Array).set(this.#text)
      return 0
    }
    const found = this.#rows[row]
    return found === undefined ? ErrorNumber.IllegalOperation : this.#makeSyscall(found, values)
  }

  #makeSyscall({ forms, syscall }: HostRow, values: readonly unknown[]): number {
    const scratch = this.#scratch
    scratch.clear()
    const placed: [number, Uint8Array][] = []
    const wasm = forms.flatMap((form, i) => place(scratch, placed, form, values[i]))
    const answer = scratch.instance.syscall(syscall)(...wasm)
    for (const [offset, bytes] of placed) scratch.takeBack(offset, bytes)
    return answer
  }
}

/** What Wasm code would give in the place of a value. */
function place(
  scratch: Scratch,
  placed: [number, Uint8Array][],
  form: ParameterForm,
  value: unknown,
): readonly (number | bigint)[] {
  if (form === 'int') return [(value as number) | 0]
  if (form === 'bits') return [BigInt.asIntN(64, value as bigint)]
  const bytes = value as Uint8Array
  const offset = scratch.put(bytes)
  placed.push([offset, bytes])
  if (form === 'offset') return [offset]
  return [offset, form === 'range' ? bytes.length : bytes.length / EVENT_ENTRY.size]
}
