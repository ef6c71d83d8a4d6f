/**
 * @module Signatures as the reference's test actor holds them, in hex.
 *
 * Source: ref-fvm master testing/test_actors/actors/fil-syscall-actor/src/actor.rs.
 */

/** A secp256k1 signature, with the key and the message. */
export const SECP256K1 = {
  signature:
    '50d247f8dbe2558e8feba49bef44c117bfd723461922cb0e7486d6035b16c4ac699a8680e4ac0c19fba63300d22d175b0c12e42bcc9de95145032c79a71fa83400',
  publicKey:
    '04df264eeefe793a3f786d6cb3694cd3fcdfe20114dcd44d17bee08a3e671b303c9697e91ed98997d018d475205e2c767d28191f439a6a616e20d13ec2921b1072',
  message: '03010401050902060503',
} as const

/** A BLS signature, with the key and the message; another signature and another key, which are points of their groups too. */
export const BLS = {
  signature:
    'b1d1c0aed5c7e709f7c9fac10efa8afc9b1b424e0ecca563c09a608ab33c3bbf3ab2e5e02bfd2bfec82575f7cb2d6fc305bc0e79283b29309d5859c6b15318d2feb94e9fe6691d25a96df7436fc1111f3311f160e0fe6f65811210f2b13d8f40',
  publicKey:
    'ad9a91bc725565fa81e103cd803da1b9d2129354a00fe972b271738e04dd51d7bc970b57046e17db7d8f7ab0cf7b4292',
  message: '00010203040506070809',
  otherSignature:
    '9248ef98583b45197718362569dc86832eba62232ea058e1c332872718b20bf12ea6d6c643c83db7336c4573b8967c2015c0ccaefd97316ff63c34935a855a3509094ebb7f1acf2ff0f86d2d6853632d234e12db0d32911a17066720f8bceb6f',
  otherKey:
    '9246913a19eb5ed4299d1bc690b29dbfda551751c60254ab08d4fb3e8f2ef13df816a98a101327b3728443822d600184',
} as const

/** An aggregate of three signatures, with the keys in order. The messages are the bytes 0 to 9, 10 to 19 and 20 to 29. */
export const AGGREGATE = {
  signature:
    'a427e0d4b8c1b0810a7f6024653f8505df94fd228b6df4e5f2f75354066009a357fcea34693057269a309622a5352a6c076ae15d930b9c6d6ce21b7ed5c794034d66f8ef296cb19f0e3299312f16fa71fcaadf963361b413e2abf6c5325c2fb6',
  publicKeys: [
    'ad9a91bc725565fa81e103cd803da1b9d2129354a00fe972b271738e04dd51d7bc970b57046e17db7d8f7ab0cf7b4292',
    'a6bcfdba8c10c12edaa1031c4670c0fdc3b3a7b5c58213d833bc56b35828a1d774bd9d1d1b3d906fc3dd64576bef19bd',
    'a7f12d4899acc00a7690df78266a8c300e39680043ae94b1cc8a23c95c6cd03c6de209a902a81b498add4d4a67ba75e1',
  ],
} as const
