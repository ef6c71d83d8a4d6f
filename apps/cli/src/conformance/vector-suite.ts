/** @module The suites of vectors that there are: where they are found, and how they are told of. */

/** A suite of vectors. */
export interface VectorSuite {
  readonly name: 'fvm' | 'evm' | 'evm-precompiles'
  /** The folder in which vectors are looked for. */
  readonly home: string
  /** The repository that it is from. */
  readonly repository: string
  /** The folder of a checkout with the vectors. */
  readonly folder: string
  /** What vectors are told of by. */
  readonly family: string
  /** Which of those a vector belongs to, by its path. */
  readonly familyOf: (name: string) => string
}

/** Messages of Filecoin, filed as `.../<actor>/<method>/<exit>/<file>`. */
export const FVM_SUITE: VectorSuite = {
  name: 'fvm',
  home: 'fvm',
  repository: 'filecoin-project/fvm-test-vectors',
  folder: 'corpus',
  family: 'actor',
  familyOf: (name) => name.split('/').at(-4) ?? '-',
}

/** Transactions of Ethereum, filed by what they test. */
export const EVM_SUITE: VectorSuite = {
  name: 'evm',
  home: 'evm',
  repository: 'ethereum/tests',
  folder: 'GeneralStateTests',
  family: 'folder',
  familyOf: (name) => name.split('/').at(-2) ?? '-',
}

/** Inputs of Ethereum's precompiles, a file for each. */
export const EVM_PRECOMPILES_SUITE: VectorSuite = {
  name: 'evm-precompiles',
  home: 'evm/precompiles',
  repository: 'ethereum/go-ethereum',
  folder: 'core/vm/testdata/precompiles',
  family: 'table',
  familyOf: (name) =>
    name
      .split('/')
      .at(-1)
      ?.replace(/\.json$/u, '') ?? '-',
}
