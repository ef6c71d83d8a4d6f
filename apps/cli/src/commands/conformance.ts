import type { Command, LeafCommand } from '../command.ts'
import { EVM_PRECOMPILES_SUITE, EVM_SUITE, FVM_SUITE } from '../conformance/vector-suite.ts'

const fvm: LeafCommand = {
  summary: 'run official test vectors of the Filecoin Virtual Machine',
  usage: '[--vectors DIR] [--filter TEXT] [--jobs N] [--snapshot FILE [--update]] [--json]',
  details: `DIR is a checkout of filecoin-project/fvm-test-vectors, or any folder of vectors. By default it is fvm/ below
TROUPE_VECTORS. The code of the actors comes from the cache: see troupe bundle add.

Compared are exit code, return data, gas used and the root of the state after. Proofs of storage are not
verified but taken for right; everything else is real.

With --snapshot it is no failure that a vector fails which failed in the snapshot, but that one fails which
passed.`,
  positionals: { min: 0, max: 0 },
  options: {
    vectors: { type: 'string', value: 'DIR', help: 'where the vectors are' },
    filter: { type: 'string', value: 'TEXT', help: 'run only those with this in their path' },
    jobs: {
      type: 'string',
      value: 'N',
      help: 'run as many at once; by default as many as there are processors',
    },
    snapshot: { type: 'string', value: 'FILE', help: 'compare with these results' },
    update: { type: 'boolean', help: 'write the results to the snapshot' },
  },
  run: async (...call) => (await import('./run-conformance.ts')).runVectorSuite(FVM_SUITE, ...call),
}

const evm: LeafCommand = {
  summary: 'run state tests of Ethereum',
  usage: fvm.usage,
  details: `DIR is a checkout of ethereum/tests, or any folder of state tests. By default it is evm/ below TROUPE_VECTORS.

Compared are the root of the state after and the hash of the logs, by which gas is compared too. Forks before
Istanbul have no rules here; their cases are skipped.

With --snapshot it is no failure that a case fails which failed in the snapshot, but that one fails which
passed.`,
  positionals: fvm.positionals,
  options: fvm.options,
  run: async (...call) => (await import('./run-conformance.ts')).runVectorSuite(EVM_SUITE, ...call),
}

const evmPrecompiles: LeafCommand = {
  summary: "run tables of Ethereum's precompiles",
  usage: fvm.usage,
  details: `DIR is a checkout of ethereum/go-ethereum, or any folder of such tables; those of EIP-2537 are known too. By
default it is evm/precompiles/ below TROUPE_VECTORS.

Compared are output, failure and, where a table says it, gas; output and failure also as Filecoin's EVM actor has
them.

With --snapshot it is no failure that a case fails which failed in the snapshot, but that one fails which
passed.`,
  positionals: fvm.positionals,
  options: fvm.options,
  run: async (...call) =>
    (await import('./run-conformance.ts')).runVectorSuite(EVM_PRECOMPILES_SUITE, ...call),
}

/** `troupe conformance`. */
export const command: Command = {
  summary: 'run conformance suites',
  commands: { fvm, evm, 'evm-precompiles': evmPrecompiles },
}
