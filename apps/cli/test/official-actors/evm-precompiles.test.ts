/** Our precompiles of Filecoin's EVM actor against the official actor, on the same inputs: output and failure. */
import { homedir } from 'node:os'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import { loadCrypto } from '@troupe/crypto'
import { decodeIpld, encodeIpld } from '@troupe/ipld'
import { createFilecoinPrecompiles } from '@troupe/runtime-evm'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { bundle, createTroupe, type Troupe } from 'troupe'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'

const EAM = 10n
const CREATE_EXTERNAL = 4n
const INVOKE_CONTRACT = 3_844_450_837n
/** As much as a block has. */
const GAS_LIMIT = 10n ** 10n

/**
 * Calls the address in the first word of its input with the rest of it, and returns the success of that as a word and, after the gas that it took, what it returned:
 * PUSH1 20 CALLDATASIZE SUB DUP1 PUSH1 20 PUSH0 CALLDATACOPY GAS PUSH0 PUSH0 DUP4 PUSH0 PUSH0 CALLDATALOAD GAS STATICCALL GAS SWAP1 PUSH0 MSTORE SWAP1
 * SUB PUSH1 20 MSTORE RETURNDATASIZE PUSH0 PUSH1 40 RETURNDATACOPY RETURNDATASIZE PUSH1 40 ADD PUSH0 RETURN.
 */
const FORWARDER = '602036038060205f375a5f5f835f5f355afa5a905f5290036020523d5f60403e3d6040015ff3'
/** Returns the code behind it, which has 38 bytes: PUSH1 26 DUP1 PUSH1 9 PUSH0 CODECOPY PUSH0 RETURN. */
const CONSTRUCTOR = `60268060095f395ff3${FORWARDER}`

const crypto = await loadCrypto()
const precompiles = createFilecoinPrecompiles(18, crypto)
const hasBundle = openBundleCache(defaultCacheDirectory(process.env, process.platform, homedir()), crypto)
  .list()
  .some(({ name }) => name === 'v18/mainnet')

/** Inputs by address: what is well formed and what is not, at each of its limits. */
const word = (value: bigint): string => value.toString(16).padStart(64, '0')
const fp = (value: bigint): string => value.toString(16).padStart(128, '0')
const lengths = (base: bigint, exponent: bigint, modulus: bigint): string =>
  word(base) + word(exponent) + word(modulus)
const BN_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const BLS_FIELD =
  0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn
/** The second case of go-ethereum's table `ecRecover`, its v aside. */
const SIGNED = [
  '18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c',
  '73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75feeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549',
] as const
/** A valid signature of EIP-7951's table. */
const P256 =
  'bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca6050232ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e184cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd762927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e'
const BLS_OUTSIDE =
  fp(4n) +
  fp(0x0a989badd40d6212b33cffc3f3763e9bc760f988c9926b26da9dd85e928483446346b8ed00e1de5d5ea93e354abe706cn)
const BLAKE2 = '48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5'.repeat(2).padEnd(416, '7')

const INPUTS: readonly (readonly [number, readonly string[]])[] = [
  [
    0x01,
    [
      '',
      ...[26n, 27n, 28n, 29n, 256n + 27n].map((v) => SIGNED[0] + word(v) + SIGNED[1]),
      SIGNED[0] + word(28n) + word(0n),
    ],
  ],
  [0x02, ['', '616263', '00'.repeat(200)]],
  [0x03, ['', '616263', '00'.repeat(200)]],
  [0x04, ['', '616263']],
  [
    0x05,
    [
      '',
      lengths(0n, 2n ** 32n - 1n, 0n),
      lengths(0n, 2n ** 32n, 0n),
      lengths(2n ** 200n, 0n, 1n),
      lengths(1n, 0n, 0n),
      lengths(0n, 0n, 100n),
      `${lengths(1n, 1n, 2n)}03020700`,
      `${lengths(1n, 1n, 2n)}030207`,
      `${lengths(1n, 1n, 2n)}03020001ff`,
      `${lengths(3n, 2n, 5n)}ffffff01030000010001`,
      `${lengths(1n, 2n ** 29n - 1n, 1n)}03`,
      `${lengths(1n, 2n ** 29n, 1n)}03`,
      `${lengths(1n, 2n ** 29n, 1n)}0300`,
      lengths(2n ** 29n, 0n, 0n),
      `${lengths(2n ** 20n, 0n, 1n)}01`,
    ],
  ],
  [
    0x06,
    [
      '',
      word(1n) + word(2n) + word(1n) + word(2n),
      word(1n) + word(1n),
      word(BN_FIELD) + word(0n),
      word(1n) + word(0n),
      `${(word(1n) + word(2n)).repeat(2)}ff`,
      word(1n) + word(2n) + word(1n) + word(BN_FIELD - 2n),
    ],
  ],
  [
    0x07,
    [
      '',
      word(1n) + word(2n) + word(2n ** 256n - 1n),
      word(1n) + word(2n),
      word(0n) + word(2n),
      word(1n) + word(BN_FIELD + 2n) + word(1n),
    ],
  ],
  [
    0x08,
    [
      '',
      '00',
      '00'.repeat(192),
      word(1n) + word(2n) + '00'.repeat(128),
      word(1n).repeat(6),
      '00'.repeat(191),
    ],
  ],
  [0x09, ['', `00000005${BLAKE2}01`, `00000000${BLAKE2}00`, `00000005${BLAKE2}02`, `00000005${BLAKE2}0100`]],
  [0x0a, ['', '01']],
  [
    0x0b,
    [
      '',
      '00'.repeat(256),
      fp(0n).repeat(2) + BLS_OUTSIDE,
      BLS_OUTSIDE + BLS_OUTSIDE,
      fp(BLS_FIELD) + '00'.repeat(192),
      '00'.repeat(255),
      `01${'00'.repeat(255)}`,
    ],
  ],
  [0x0c, ['', '00'.repeat(160), BLS_OUTSIDE + word(0n), '00'.repeat(161)]],
  [0x0d, ['', '00'.repeat(512), fp(1n) + '00'.repeat(448)]],
  [0x0e, ['', '00'.repeat(288), fp(1n) + '00'.repeat(224)]],
  [0x0f, ['', '00'.repeat(384), BLS_OUTSIDE + '00'.repeat(256), '00'.repeat(383)]],
  [0x10, ['', fp(0n), fp(5n), fp(BLS_FIELD - 1n), fp(BLS_FIELD), '00'.repeat(65)]],
  [0x11, ['', fp(0n) + fp(0n), fp(5n) + fp(6n), fp(5n) + fp(BLS_FIELD)]],
  [0x12, ['01']],
  [0x0100, ['', P256, P256.slice(2), `${P256}00`, word(1n).repeat(5)]],
]

/** An outcome in a word: `exit 24`, `failed`, or the output. */
function ours(address: number, input: string): string {
  const precompile = precompiles.get(address)
  if (precompile === undefined) return ''
  const result = precompile.run(Uint8Array.from(Buffer.from(input, 'hex')))
  if (result === 'actor-panic') return 'exit 24'
  if (result === 'actor-memory') return 'exit 4'
  return typeof result === 'string' ? 'failed' : Buffer.from(result).toString('hex')
}

async function theirs(vm: Troupe, contract: bigint, address: number, input: string): Promise<string> {
  const calldata = Uint8Array.from(Buffer.from(word(BigInt(address)) + input, 'hex'))
  const { exit, returnData } = await vm.tryView({
    to: contract,
    method: INVOKE_CONTRACT,
    params: encodeIpld(calldata),
    gasLimit: GAS_LIMIT,
  })
  if (exit.code !== 0) return `exit ${exit.code}`
  const output = Buffer.from(decodeIpld(returnData) as Uint8Array).toString('hex')
  return BigInt(`0x${output.slice(0, 64)}`) === 0n ? 'failed' : output.slice(128)
}

describe('the official EVM actor', () => {
  let vm: Troupe
  let contract: bigint

  beforeEach(({ skip }) =>
    skip(!hasBundle, 'the official actors are not in the cache: troupe bundle add v18.tar.zst'),
  )

  beforeAll(async () => {
    if (!hasBundle) return
    vm = await createTroupe({
      actors: await bundle('v18'),
      runtimes: [wasmRuntime()],
      accounts: { count: 1 },
    })
    const { value } = await vm.send({
      from: vm.accounts[0]?.ethereum ?? '',
      to: EAM,
      method: CREATE_EXTERNAL,
      params: encodeIpld(Uint8Array.from(Buffer.from(CONSTRUCTOR, 'hex'))),
    })
    contract = BigInt((value as readonly [bigint | number])[0])
  })

  it.each(INPUTS)('gives what our precompile gives, at %d', async (address, inputs) => {
    for (const input of inputs)
      expect(ours(address, input), input.slice(0, 400)).toBe(await theirs(vm, contract, address, input))
  })
})
