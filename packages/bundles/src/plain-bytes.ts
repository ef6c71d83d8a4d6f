/**
 * The same memory as a plain array. Node's files give `Buffer`s, whose `slice` shares memory where that of an array copies: nothing that leaves
 * this package may behave so.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return Object.getPrototypeOf(bytes) === Uint8Array.prototype
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
