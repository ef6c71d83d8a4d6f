import { EVM_PRECOMPILES_SUITE, EVM_SUITE, FVM_SUITE } from '@troupe/cli/src/conformance/vector-suite.ts'
import { SOURCE as ENDO, runEndo } from './endo/run-endo.ts'
import { SOURCE as ERTP, runErtp } from './ertp/run-ertp.ts'
import { runSolidity } from './solidity/run-solidity.ts'
import { runEthereumTests, SOURCE } from './state-tests/ethereum-tests.ts'
import { runOnChain } from './state-tests/run-on-chain.ts'
import { runSteps } from './state-tests/run-steps.ts'
import type { Suite } from './suite.ts'
import { runTest262, SOURCE as TEST262 } from './test262/run-test262.ts'
import { runTests } from './tests.ts'
import { byFile, runVectors } from './vectors.ts'

/** A suite whose cases are tests of this repository. */
interface TestSuite extends Suite {
  /** By path from the root of the repository. */
  readonly files: readonly string[]
}

function tests(name: string, about: string, ...files: readonly string[]): TestSuite {
  return { name, about, files, run: (options) => runTests(files, options) }
}

/** The same, where they have more to do than `npm test` has time for. */
function exhaustiveTests(name: string, about: string, ...files: readonly string[]): TestSuite {
  return { name, about, files, run: (options) => runTests(files, options, true) }
}

/** The suites that are made of tests. */
export const TEST_SUITES: readonly TestSuite[] = [
  tests(
    'generation-4',
    'what the test actors and tests of ref-fvm state of network versions 21 and 28: see reference-tests.md',
    'packages/hypervisor/test/reference/actors.test.ts',
    'packages/hypervisor/test/reference/kernel.test.ts',
    'packages/hypervisor/test/reference/messages.test.ts',
    'packages/container/test/reference/code.test.ts',
    'packages/container/test/reference/syscalls.test.ts',
  ),
  tests(
    'official-actors',
    'a scenario of messages to the official actors of the releases v12 to v18, at network versions 21 to 28: gas and state root as taken down once',
    'apps/cli/test/official-actors/official-actors.test.ts',
  ),
  exhaustiveTests(
    'evm-actor',
    "what builtin-actors' own tests expect of the EVM actor, of Troupe's and of the official one of v18: see reference-tests.md",
    'tooling/conformance/test/evm-actor/call-actor.test.ts',
    'tooling/conformance/test/evm-actor/calls.test.ts',
    'tooling/conformance/test/evm-actor/creation.test.ts',
    'tooling/conformance/test/evm-actor/environment.test.ts',
    'tooling/conformance/test/evm-actor/events.test.ts',
    'tooling/conformance/test/evm-actor/foreign-code.test.ts',
    'tooling/conformance/test/evm-actor/found-contracts.test.ts',
    'tooling/conformance/test/evm-actor/precompiles.test.ts',
    'tooling/conformance/test/evm-actor/state.test.ts',
  ),
  tests(
    'wasm',
    'function bodies with the verdicts of wasmparser; the official modules, valid and metered as by fvm-wasm-instrument',
    'packages/container/test/validate/golden.test.ts',
    'packages/container/test/validate/official-modules.node.test.ts',
    'packages/container/test/transform/fingerprints.node.test.ts',
  ),
  tests(
    'structures',
    'runs of the HAMT, AMT, KAMT and bitfield of ref-fvm, taken down with their roots; AMTs and bitfields of the main network',
    'packages/ipld/test/amt-reference.test.ts',
    'packages/ipld/test/bitfield-reference.test.ts',
    'packages/ipld/test/hamt-reference.test.ts',
    'packages/ipld/test/kamt-reference.test.ts',
    'packages/ipld/test/amt-mainnet.node.test.ts',
  ),
]

/** All suites. */
export const SUITES: readonly Suite[] = [
  {
    name: 'fvm',
    about:
      'filecoin-project/fvm-test-vectors: messages of the main network at network versions 17 and 18, with exit code, return data, gas and state root',
    run: (options) => runVectors(FVM_SUITE, options),
  },
  {
    name: EVM_SUITE.name,
    about:
      'the state tests of ethereum/tests, by file: root of the state, by which gas is compared too, and hash of the logs of all cases from Istanbul on',
    run: async (options) => byFile(await runVectors(EVM_SUITE, options)),
  },
  {
    name: 'evm-all',
    about:
      'all state tests of ethereum/tests, by file, in the same way: 20,969 cases for Cancun, 341 for other forks from Istanbul on',
    source: SOURCE,
    run: runEthereumTests,
  },
  {
    name: 'evm-steps',
    about:
      'a sample of the state tests, step for step as the original @ethereumjs/vm does them: place, instruction, gas, memory and stack before each (as gas, how many steps)',
    source: SOURCE,
    run: runSteps,
  },
  {
    name: 'evm-chain',
    about:
      "the state tests for Cancun, by file, as transactions on a chain with Ethereum's gas: success, gas, output and logs as Ethereum has them, in the chain's environment",
    source: SOURCE,
    run: runOnChain,
  },
  {
    name: EVM_PRECOMPILES_SUITE.name,
    about:
      "tables of Ethereum's precompiles as go-ethereum and builtin-actors have them: output, failure and gas, and the same as Filecoin's EVM actor has them",
    run: (options) => runVectors(EVM_PRECOMPILES_SUITE, options),
  },
  ...TEST_SUITES,
  {
    name: 'solidity',
    about:
      "ethereum/solidity: the semantic tests of Solidity that Filecoin's EVM can pass, by both pipelines of the compiler",
    run: (options) => runSolidity('native', options),
  },
  {
    name: 'solidity-official',
    about: 'the same, on the official actors of v18: that the exceptions are those of Filecoin',
    run: (options) => runSolidity('official', options),
  },
  {
    name: 'js',
    about:
      'tc39/test262: the language and what is built into it, less Intl, Temporal and shared memory, in the engine that actors in hardened JavaScript run in, before it is locked down',
    source: TEST262,
    run: runTest262,
  },
  {
    name: 'endo',
    about:
      'endojs/endo: its own tests of ses, pass-style, marshal, patterns and exo, in the same engine; each locks down as it wants',
    source: ENDO,
    run: runEndo,
  },
  {
    name: 'ertp',
    about:
      'Agoric/agoric-sdk: its own tests of ERTP, and of the vat-data, store, zone and base-zone that it stands on, each in a message to an actor of its own',
    source: ERTP,
    run: runErtp,
  },
]
