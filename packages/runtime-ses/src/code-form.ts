import { decodeUtf8 } from '@troupe/ipld'

/** The first line of every hardened actor's code, by which it is known; what follows is one script. */
export const CODE_HEADER = '// troupe hardened-javascript actor 1\n'

/** Whether a code block says of itself that it is a hardened actor's. */
export function isHardenedCode(code: Uint8Array): boolean {
  for (let i = 0; i < CODE_HEADER.length; i++) if (code[i] !== CODE_HEADER.charCodeAt(i)) return false
  return true
}

/** Whether the code is UTF-8, without the zero that would end it in the engine. */
export function isText(code: Uint8Array): boolean {
  return decodeUtf8(code) !== undefined && !code.includes(0)
}
