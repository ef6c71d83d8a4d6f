/** @module Tests that cannot give what they expect under Filecoin's EVM, each with its reason. One that gives it all the same is a failure. */
import type { SemanticTest } from './test-file.ts'

/** Versions of the EVM, oldest first. */
const EVM_VERSIONS: readonly string[] = [
  'homestead',
  'tangerineWhistle',
  'spuriousDragon',
  'byzantium',
  'constantinople',
  'petersburg',
  'istanbul',
  'berlin',
  'london',
  'paris',
  'shanghai',
  'cancun',
]

/** The version that everything is compiled for: the newest whose instructions Filecoin has. */
export const EVM_VERSION = 'cancun'

/** Why a test is not run at all: it is of another compiler, or of another EVM. */
export function inapplicable({ settings }: SemanticTest): string | undefined {
  const wanted = settings.get('EVMVersion')
  if (wanted !== undefined && !satisfies(EVM_VERSION, wanted)) return `it is for the EVM ${wanted}`
  if (settings.get('ABIEncoderV1Only') === 'true')
    return 'it is for a compiler whose default is the first ABI coder'
  const format = settings.get('bytecodeFormat')
  if (format !== undefined && !format.includes('legacy'))
    return 'it is for the EVM object format, which no network has'
  return undefined
}

function satisfies(version: string, condition: string): boolean {
  const [, relation, other] = /^(>=|<=|>|<|=)(\w+)$/.exec(condition) ?? []
  if (relation === undefined || other === undefined) throw new SyntaxError(`${condition} is no EVM version`)
  const order = EVM_VERSIONS.indexOf(version) - EVM_VERSIONS.indexOf(other)
  if (relation === '=') return order === 0
  if (relation.startsWith('>')) return relation === '>' ? order > 0 : order >= 0
  return relation === '<' ? order < 0 : order <= 0
}

const GAS = "gas is Filecoin's: the call has too little of it here, or enough where it should run out"
const BLOBS = 'Filecoin has no blobs: BLOBHASH and BLOBBASEFEE are undefined'
const RANDOMNESS = 'PREVRANDAO is drawn from the beacon, with a tag of its own'
const SELFDESTRUCT =
  'a contract that destructs itself is gone, whenever it was made: Filecoin does not have EIP-6780'
const RUNNER = 'it tests the runner of the tests'

/** By path, or by path and pipeline. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'array/array_storage_push_empty.sol': GAS,
  'array/array_storage_push_pop.sol (legacy)': GAS,
  'builtinFunctions/blobhash.sol': BLOBS,
  'experimental/stub.sol': 'the compiler from npm does not have the experimental language',
  'experimental/type_class.sol': 'the compiler from npm does not have the experimental language',
  'functionCall/call_options_overload.sol': GAS,
  'inlineAssembly/blobhash.sol': BLOBS,
  'inlineAssembly/blobhash_index_exceeding_blob_count.sol': BLOBS,
  'inlineAssembly/prevrandao.sol': RANDOMNESS,
  'isoltestTesting/account.sol': 'an account without funds does not exist, and sends no messages',
  'isoltestTesting/builtins.sol': RUNNER,
  'isoltestTesting/effects.sol': RUNNER,
  'operators/userDefined/all_possible_user_defined_value_types_with_operators.sol (yul)':
    'without the optimizer its code has 36,053 bytes, and a contract has at most 24,576',
  'state/blobhash.sol': BLOBS,
  'state/block_blobbasefee.sol': BLOBS,
  'state/block_coinbase.sol': 'COINBASE is 0 in Filecoin',
  'state/block_difficulty_post_paris.sol': RANDOMNESS,
  'state/block_gaslimit.sol': 'GASLIMIT is the constant 10^10 in Filecoin',
  'state/block_prevrandao.sol': RANDOMNESS,
  'state/tx_origin.sol': 'the origin of a message is its sender; the tests expect another',
  'state/uncalled_blobhash.sol': BLOBS,
  'tryCatch/assert.sol': GAS,
  'tryCatch/create.sol':
    'a creation that fails counts, as on Ethereum; the host of the tests forgets it, and expects another address',
  'tryCatch/trivial.sol': GAS,
  'various/codebalance_assembly.sol': 'the address 0x01 has no wei here',
  'various/selfdestruct_post_cancun.sol': SELFDESTRUCT,
  'various/selfdestruct_post_cancun_multiple_beneficiaries.sol': SELFDESTRUCT,
  'various/selfdestruct_post_cancun_redeploy.sol': SELFDESTRUCT,
  'various/value_complex.sol': GAS,
  'various/value_insane.sol': GAS,
}
