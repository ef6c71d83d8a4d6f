import { loadNodeCrypto } from '@troupe/crypto-node'
import { createPrecompiles, type PrecompileFork, rowsOfFork } from '@troupe/runtime-evm'
import type { Benchmark } from '../benchmark.ts'
import { timeRepeated } from '../sampling.ts'

/** Gas of a block of Ethereum, as it was for long. */
const BLOCK_GAS = 30_000_000

/** An input of a precompile, in hexadecimal digits, that takes long for its price. */
interface PrecompileInput {
  readonly name: string
  readonly fork: PrecompileFork
  readonly address: number
  readonly input: string
}

function word(value: bigint | number): string {
  return value.toString(16).padStart(64, '0')
}

function modexp(base: string, exponent: string, modulus: string): string {
  return (
    [base, exponent, modulus].map((digits) => word(digits.length / 2)).join('') + base + exponent + modulus
  )
}

/** A modular exponentiation of numbers of so many bytes, whose exponent has all its bits. */
function power(fork: PrecompileFork, length: number, exponentLength: number, last = 'fb'): PrecompileInput {
  const number = 'a7'.repeat(length - 1)
  return {
    name: `MODEXP of ${length} bytes${last === 'fb' ? '' : ', even'}, by ${exponentLength}, ${fork}`,
    fork,
    address: 0x05,
    input: modexp(`${number}35`, 'ff'.repeat(exponentLength), `${number}${last}`),
  }
}

const BN254_G1 = word(1) + word(2)
const BN254_G2 =
  '198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c21800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed' +
  '090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa'
const padding = '0'.repeat(32)
const BLS12_G1 = [
  '17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb',
  '08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1',
]
  .map((element) => padding + element)
  .join('')
const BLS12_G2 = [
  '024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8',
  '13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e',
  '0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801',
  '0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be',
]
  .map((element) => padding + element)
  .join('')
/** No scalar has more bits that are set, or nearly so. */
const SCALAR = `6f${'f7'.repeat(31)}`
/** A valid signature over P-256, of EIP-7951's table; and one of which a key can be recovered, of go-ethereum's table `ecRecover`. */
const P256 =
  'bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca6050232ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e184cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd762927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e'
const SIGNED = `18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c${word(28)}73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75feeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549`

const osaka = (name: string, address: number, input: string): PrecompileInput => ({
  name,
  fork: 'osaka',
  address,
  input,
})

const INPUTS: readonly PrecompileInput[] = [
  osaka('ECRECOVER', 0x01, SIGNED),
  osaka('SHA256 of 1 KiB', 0x02, '00'.repeat(1024)),
  power('cancun', 1, 1),
  power('cancun', 8, 32),
  power('cancun', 8, 1024),
  power('cancun', 8, 32, '00'),
  power('cancun', 32, 32),
  power('cancun', 256, 32),
  power('cancun', 1024, 32),
  power('osaka', 32, 32),
  power('osaka', 1024, 32),
  osaka('BN254_ADD', 0x06, BN254_G1 + BN254_G1),
  osaka('BN254_MUL', 0x07, BN254_G1 + SCALAR),
  osaka('BN254_PAIRING of 16', 0x08, (BN254_G1 + BN254_G2).repeat(16)),
  osaka('BLAKE2F of 100,000 rounds', 0x09, `000186a0${'5a'.repeat(208)}01`),
  osaka('BLS12_G1ADD', 0x0b, BLS12_G1 + BLS12_G1),
  osaka('BLS12_G1MSM of 1', 0x0c, BLS12_G1 + SCALAR),
  osaka('BLS12_G1MSM of 128', 0x0c, (BLS12_G1 + SCALAR).repeat(128)),
  osaka('BLS12_G2MSM of 1', 0x0e, BLS12_G2 + SCALAR),
  osaka('BLS12_G2MSM of 128', 0x0e, (BLS12_G2 + SCALAR).repeat(128)),
  osaka('BLS12_PAIRING_CHECK of 16', 0x0f, (BLS12_G1 + BLS12_G2).repeat(16)),
  osaka('BLS12_MAP_FP_TO_G1', 0x10, BLS12_G1.slice(0, 128)),
  osaka('BLS12_MAP_FP2_TO_G2', 0x11, BLS12_G2.slice(0, 256)),
  osaka('P256VERIFY', 0x0100, P256),
]

/** How long Ethereum's precompiles take for their price. */
export const precompiles: Benchmark = {
  name: 'precompiles',
  about:
    'Seconds for 30 million gas of calls of one precompile of Ethereum, with inputs that take long for their price.',
  async run({ sampling }) {
    const crypto = await loadNodeCrypto()
    const measurements = INPUTS.map(({ name, fork, address, input }) => {
      const precompile = createPrecompiles(rowsOfFork(fork), crypto).get(address)
      if (precompile === undefined) throw new RangeError(`${fork} has no precompile at ${address}`)
      const bytes = Uint8Array.from(Buffer.from(input, 'hex'))
      const gas = precompile.gas(bytes)
      // As many calls as a few thousand gas pay for, so that the clock can tell.
      const calls = Math.max(1, Math.ceil(20_000 / gas))
      const run = (): void => {
        for (let i = 0; i < calls; i++) {
          if (typeof precompile.run(bytes) === 'string') throw new RangeError(`${name} fails`)
        }
      }
      const samples = timeRepeated(run, sampling).map((ms) => (ms / 1000) * (BLOCK_GAS / (gas * calls)))
      return { name, unit: 's', samples }
    })
    return { measurements }
  },
}
