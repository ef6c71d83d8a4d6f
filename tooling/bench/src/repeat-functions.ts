const HEADER_LENGTH = 8
/** Sections that are a count and then one entry for each function. */
const FUNCTION_SECTIONS: readonly number[] = [3, 10]

/** A valid module with every function of a valid one so many times. Nothing calls the copies: they are there to be read. */
export function repeatFunctions(module: Uint8Array, times: number): Uint8Array<ArrayBuffer> {
  const out = [...module.subarray(0, HEADER_LENGTH)]
  for (let at = HEADER_LENGTH; at < module.length; ) {
    const id = module[at] as number
    const size = readLength(module, at + 1)
    const content = module.subarray(size.end, size.end + size.value)
    at = size.end + size.value
    const repeated = FUNCTION_SECTIONS.includes(id) ? repeatEntries(content, times) : [...content]
    out.push(id, ...lengthBytes(repeated.length))
    // One by one: there are more than a call may have arguments.
    for (const byte of repeated) out.push(byte)
  }
  return Uint8Array.from(out)
}

function repeatEntries(content: Uint8Array, times: number): number[] {
  const count = readLength(content, 0)
  const entries = [...content.subarray(count.end)]
  return [...lengthBytes(count.value * times), ...Array.from({ length: times }, () => entries).flat()]
}

/** A number in LEB128, and where it ends. */
function readLength(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0
  for (let at = start, factor = 1; ; at++, factor *= 128) {
    const byte = bytes[at] as number
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return { value, end: at + 1 }
  }
}

function lengthBytes(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...lengthBytes(value >>> 7)]
}
