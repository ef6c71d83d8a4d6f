/**
 * Digests that others computed. Inputs are text, or the first bytes of the pattern 3, 10, 17, ... (7 i + 3 mod 256).
 *
 * @module
 */

/** Sources: RFC 7693 appendix A (64 bytes of `abc`); CPython 3 hashlib (libb2) for the rest. */
export const BLAKE2B: readonly {
  input: string | number
  digests: Readonly<Record<4 | 20 | 32 | 64, string>>
}[] = [
  {
    input: '',
    digests: {
      4: '1271cf25',
      20: '3345524abf6bbe1809449224b5972c41790b6cf2',
      32: '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8',
      64: '786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce',
    },
  },
  {
    input: 'abc',
    digests: {
      4: '63906248',
      20: '384264f676f39536840523f284921cdc68b6846b',
      32: 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
      64: 'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    },
  },
  {
    input: 64,
    digests: {
      4: '9b18f31e',
      20: '34386cfe08e1c1cbcb709da08e878e52317511fe',
      32: '586c0dd87616ec042093edc5f87f880d37ca73618e99b03d5850ce9be478721f',
      64: '3db7bb5c40745f0c975ac6bb8578f590e2cd2cc1fc6d13533ef725325c9fddff5cca24e7a591a0f6032a24fad0e09f6df873c4ff314628391f78df7f09cb7ed7',
    },
  },
  {
    input: 127,
    digests: {
      4: '68c18574',
      20: '23ff7f1d4b5e5568040f01adbe04a6b997899d25',
      32: 'c9ae3859964b35f04c54b36d33cf299d7290ee621005d28e51598a943560aaaa',
      64: '71546bbf9110ad184cc60f2eb120fcfd9b4dbbca7a7f1270045b8a23a6a4f4330f65c1f030dd2f5fabc6c57617242c37cf427bd90407fac5b9deffd3ae888c39',
    },
  },
  {
    input: 128,
    digests: {
      4: 'ac990d8e',
      20: '79ae684511c83fdee5f040c77bb7c9a317d3f2de',
      32: 'f0501d06597880592bc49234eef100ec1ff349058d0e9d9b753504e24af86dd6',
      64: '2d9e329f42afa3601d646692b81c13e87fcaff5bf15972e9813d7373cb6d181f9599f4d513d4af4fd6ebd37497aceb29aba5ee23ed764d8510b552bd088814fb',
    },
  },
  {
    input: 129,
    digests: {
      4: 'a9eaab1d',
      20: 'b195dc7be88c88574f88d235228691bf35e409ec',
      32: 'a34a4e1e03c541dfbf3099c4b6c143c022ced65c28bd7e8a10e0a098461aecf0',
      64: '47889df9eb4d717afc5019df5c6a83df00a0b8677395e078cd5778ace0f338a618e68b7d9afb065d9e6a01ccd31d109447e7fae771c3ee3e105709194122ba2b',
    },
  },
  {
    input: 256,
    digests: {
      4: 'cdb2f8a6',
      20: '4514db2f29d22e32d1a142894c7285e546dbf121',
      32: 'd93ebb9c802f5630ab22516fd82b6c21bc8bd551d531349b715f046ed11ed871',
      64: '91019c558584980249ca43eceed27e19f1c3c24161b93eed1eee2a6a774f60bf8a81b43750870bee1698feac9c5336ae4d5c842e7ead159bf3916387e8ded9ae',
    },
  },
  {
    input: 1024,
    digests: {
      4: '8ab855c0',
      20: '521666e1defadb02ae4c3f0e753213c285443b44',
      32: '69690d5736283a6379bc55ddd89b01dfff8db87eff8208c9177baa695b639b50',
      64: 'eddc3f3af9392eff065b359ce5f2b28f71e9f3a3a50e60ec27787b9fa623094d17b046c1dfce89bc5cdfc951b95a9a9c05fb8cc2361c905db01dd237fe56efb3',
    },
  },
  {
    input: 20000,
    digests: {
      4: '62e9273d',
      20: '1e4d012b8d22de19785ac0b9840bfa99e7e288ff',
      32: '520c002c9888c217a21499e1d01602fc01b97aefd6ccdd2e9975024c3c14d8aa',
      64: 'aca0fb2f72eef00e7638760330267204c389540b5629e4a1fc8aab19be47779d86423e6f900d9c71daf2f401913a03d3c44093a72da213f7c8aafb3891cfadf5',
    },
  },
]

/** Source: NIST, examples of FIPS 180-4 (the last is a million times the letter a). */
export const SHA256: readonly { input: string; digest: string }[] = [
  { input: '', digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  { input: 'abc', digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
  {
    input: 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    digest: '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  },
  {
    input:
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    digest: 'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  },
  {
    input: 'a'.repeat(1_000_000),
    digest: 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  },
]

/** Source: the Keccak team's original submission (padding byte 0x01), as Ethereum uses it. */
export const KECCAK256: readonly { input: string; digest: string }[] = [
  { input: '', digest: 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470' },
  { input: 'abc', digest: '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45' },
  {
    input: 'The quick brown fox jumps over the lazy dog',
    digest: '4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15',
  },
]

/** Source: Dobbertin, Bosselaers, Preneel, "RIPEMD-160: A Strengthened Version of RIPEMD", appendix B. */
export const RIPEMD160: readonly { input: string; digest: string }[] = [
  { input: '', digest: '9c1185a5c5e9fc54612808977ee8f548b2258d31' },
  { input: 'a', digest: '0bdc9d2d256b3ee9daae347be6f4dc835a467ffe' },
  { input: 'abc', digest: '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc' },
  { input: 'message digest', digest: '5d0689ef49d2fae572b881b123a85ffa21595f36' },
  { input: 'abcdefghijklmnopqrstuvwxyz', digest: 'f71c27109c692c1b56bbdceb5b9d2865b3708dbc' },
  {
    input: 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    digest: '12a053384a9c0c88e405a06c27dcf49ada62eb2b',
  },
  {
    input: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
    digest: 'b0e20b6e3116640286ed3a87a5713079b21f5189',
  },
  { input: '1234567890'.repeat(8), digest: '9b752e45573d4b39f4dbd3323cab82bf63326bfb' },
  { input: 'a'.repeat(1_000_000), digest: '52783243c1697bdbe16d37f97f68f08325dc1528' },
]
