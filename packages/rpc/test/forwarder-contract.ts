/**
 * A contract that calls another: the address is the first word of what it is given, and the rest is what it passes on, with the value. It logs without topics, and ends as the call did, with what that returned.
 */
export const FORWARDER_CODE: `0x${string}` = `0x${[
  '60203603602060003760006000602036036000346000355af1', // CALL(address, value, rest)
  '60006000a0', // LOG0
  '3d600060003e602b573d6000fd5b3d6000f3', // the same end
].join('')}`

/** Data by which it passes something on. */
export function forwarded(to: string, data: string): `0x${string}` {
  return `0x${to.slice(2).toLowerCase().padStart(64, '0')}${data.slice(2)}`
}
