/**
 * @module The keys that everyone develops with, on every local chain of every tool. They are public: nothing of value may ever belong to them.
 */

/** The mnemonic that they come from. */
export const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk'
/** The BIP-32 path above their indexes. */
export const DEVELOPMENT_PATH = "m/44'/60'/0'/0"

/** A secp256k1 key pair, in hexadecimal. */
export interface KeyPairText {
  readonly secretKey: string
  /** 65 bytes, uncompressed. */
  readonly publicKey: string
}

/**
 * The first ten of them. They stand here because deriving them takes longer than making a chain: the mnemonic alone is hashed 2,048 times.
 */
export const DEVELOPMENT_KEYS: readonly KeyPairText[] = [
  {
    secretKey: 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    publicKey:
      '048318535b54105d4a7aae60c08fc45f9687181b4fdfc625bd1a753fa7397fed753547f11ca8696646f2f3acb08e31016afac23e630c5d11f59f61fef57b0d2aa5',
  },
  {
    secretKey: '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
    publicKey:
      '04ba5734d8f7091719471e7f7ed6b9df170dc70cc661ca05e688601ad984f068b0d67351e5f06073092499336ab0839ef8a521afd334e53807205fa2f08eec74f4',
  },
  {
    secretKey: '5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
    publicKey:
      '049d9031e97dd78ff8c15aa86939de9b1e791066a0224e331bc962a2099a7b1f0464b8bbafe1535f2301c72c2cb3535b172da30b02686ab0393d348614f157fbdb',
  },
  {
    secretKey: '7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6',
    publicKey:
      '0420b871f3ced029e14472ec4ebc3c0448164942b123aa6af91a3386c1c403e0ebd3b4a5752a2b6c49e574619e6aa0549eb9ccd036b9bbc507e1f7f9712a236092',
  },
  {
    secretKey: '47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
    publicKey:
      '04bf6ee64a8d2fdc551ec8bb9ef862ef6b4bcb1805cdc520c3aa5866c0575fd3b514c5562c3caae7aec5cd6f144b57135c75b6f6cea059c3d08d1f39a9c227219d',
  },
  {
    secretKey: '8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba',
    publicKey:
      '0437b84de6947b243626cc8b977bb1f1632610614842468dfa8f35dcbbc55a515e47f6fe259cffc671a719eaef444a0d689b16a90051985a13661840cf5e221503',
  },
  {
    secretKey: '92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e',
    publicKey:
      '049a4ab212cb92775d227af4237c20b81f4221e9361d29007dfc16c79186b577cb6ba3f1b582ad0b5572c93f47e7506d66df7f2af05fa1828de0e511aac7b97828',
  },
  {
    secretKey: '4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356',
    publicKey:
      '0401f2bf1fa920e77a43c7aec2587d0b3814093420cc59a9b3ad66dd5734dda7be6f8b7de790eac3a720fd8e4bcb9eae9434f843d3cec111d9e07adeddeae090f2',
  },
  {
    secretKey: 'dbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97',
    publicKey:
      '04931e7fda8da226f799f791eefc9afebcd7ae2b1b19a03c5eaa8d72122d9fe74d887a3962ff861190b531ab31ee82f0d7f255dfe3ab73ca627bd70ab3d1cbb417',
  },
  {
    secretKey: '2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6',
    publicKey:
      '043255458e24278e31d5940f304b16300fdff3f6efd3e2a030b5818310ac67af45e28d057e6a332d07e0c5ab09d6947fd4eed1a646edbf224e2d2fec6f49f90abc',
  },
]
