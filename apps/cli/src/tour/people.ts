/**
 * @module Who takes part in the tour.
 *
 * The keys are the first three of the well-known mnemonic `test test test test test test test test test test test junk`
 * (m/44'/60'/0'/0/0 to 2): everybody has them, so nobody should keep anything at their addresses.
 */
import type { CryptoProvider } from '@troupe/crypto'
import { type Address, secp256k1Address } from '@troupe/hypervisor'

/** Names of those who take part. */
export type PersonName = 'alice' | 'bob' | 'carol'

/** Public keys, uncompressed. */
const KEYS: Readonly<Record<PersonName, string>> = {
  alice:
    '048318535b54105d4a7aae60c08fc45f9687181b4fdfc625bd1a753fa7397fed753547f11ca8696646f2f3acb08e31016afac23e630c5d11f59f61fef57b0d2aa5',
  bob: '04ba5734d8f7091719471e7f7ed6b9df170dc70cc661ca05e688601ad984f068b0d67351e5f06073092499336ab0839ef8a521afd334e53807205fa2f08eec74f4',
  carol:
    '049d9031e97dd78ff8c15aa86939de9b1e791066a0224e331bc962a2099a7b1f0464b8bbafe1535f2301c72c2cb3535b172da30b02686ab0393d348614f157fbdb',
}

/** The f1 address of each. */
export function createPeople(crypto: CryptoProvider): Readonly<Record<PersonName, Address>> {
  const addressOf = (name: PersonName): Address =>
    secp256k1Address(crypto, Uint8Array.from(Buffer.from(KEYS[name], 'hex')))
  return { alice: addressOf('alice'), bob: addressOf('bob'), carol: addressOf('carol') }
}
