/** The bytes of an f0 address. */
export function idAddress(id: bigint): Uint8Array {
  const address = [0]
  let rest = id
  for (; rest > 0x7fn; rest >>= 7n) address.push(Number(rest & 0x7fn) | 0x80)
  address.push(Number(rest))
  return Uint8Array.from(address)
}
