import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { CryptoProvider } from '@troupe/crypto'

/** Verifies an Ed25519 signature; the method of a {@link CryptoProvider}, but for the rules that it follows. */
export type VerifyEd25519 = CryptoProvider['ed25519Verify']

const KEY_LENGTH = 32
const SIGNATURE_LENGTH = 64
/** DER of a SubjectPublicKeyInfo, up to the 32 bytes of the key (RFC 8410). */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00)

/**
 * OpenSSL's verification, or `undefined` where this build of Node does not have it.
 *
 * It is stricter than ZIP 215: R has to be written as OpenSSL writes it, and the equation holds without the cofactor. What holds without the cofactor holds with
 * it, so what OpenSSL accepts, ZIP 215 does; what OpenSSL refuses says nothing, and is for the portable code to decide.
 */
export function findOpensslEd25519(): VerifyEd25519 | undefined {
  // RFC 8032, section 7.1, test 1.
  const key = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex')
  const signature = Buffer.from(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    'hex',
  )
  return opensslVerify(new Uint8Array(0), signature, key) ? opensslVerify : undefined
}

function opensslVerify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LENGTH || publicKey.length !== KEY_LENGTH) return false
  const key = keyObject(publicKey)
  return key !== undefined && verify(null, message, key, signature)
}

/** `undefined` for what OpenSSL does not take for a key. */
function keyObject(bytes: Uint8Array): KeyObject | undefined {
  const der = Buffer.alloc(SPKI_PREFIX.length + KEY_LENGTH)
  der.set(SPKI_PREFIX)
  der.set(bytes, SPKI_PREFIX.length)
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}
