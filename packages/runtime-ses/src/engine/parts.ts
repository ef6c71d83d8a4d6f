/** @module What an image is made of: the engine, the library of hardened JavaScript, and the SDK. The first two are pinned. */
import type { CryptoProvider } from '@troupe/crypto'
import { SesError } from '../errors.ts'

/** QuickJS-ng as `quickjs-wasi` 3.6.2 compiles it: `quickjs.wasm` of the package. */
export const ENGINE_SHA256 = 'd4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9'
/** `dist/ses.umd.min.js` of `ses` 2.3.0. */
export const LOCKDOWN_SHA256 = '2ac48b2cda4e2e466a49a4acc7aab0288567e0c10ce96c0970ef1cadd0cec566'

/** Where the parts come from. Each is asked for when it is needed: what is in a cache needs none. */
export interface EngineParts {
  /** The engine, a Wasm module. */
  readonly engine: () => Uint8Array
  /** The script that defines `lockdown` and `Compartment`, in UTF-8. */
  readonly lockdown: () => Uint8Array
  /** The script of the SDK: its completion value is an `ActorImage`. */
  readonly sdk: () => string
}

/** @throws {SesError} ses/other-part where the bytes are not those that are pinned */
export function checkPart(
  crypto: Pick<CryptoProvider, 'sha256'>,
  part: string,
  bytes: Uint8Array,
  sha256: string,
): Uint8Array {
  const found = digestOf(crypto, bytes)
  if (found !== sha256)
    throw new SesError('ses/other-part', `${part} has the SHA-256 ${found}, and not ${sha256}`, { part })
  return bytes
}

/** SHA-256, in hexadecimal. */
export function digestOf(crypto: Pick<CryptoProvider, 'sha256'>, bytes: Uint8Array): string {
  return [...crypto.sha256(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
