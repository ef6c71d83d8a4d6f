import { resolve } from 'node:path'
import { KNOWN_ACTORS } from '@troupe/actors'
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { exitCodeName, formatFil } from '@troupe/hypervisor'
import { evmRuntime } from '@troupe/runtime-evm'
import { nativeRuntime } from '@troupe/runtime-native'
import { createNodeRuntime } from '@troupe/runtime-ses/node'
import { wasmRuntime } from '@troupe/runtime-wasm'
import {
  type Network,
  networkOfWitness,
  type ReplayedMessage,
  readWitnessClaim,
  replayWitness,
  toOutcome,
  type WitnessClaim,
} from 'troupe'
import { createNames, type Names, renderTrace, reportCallTree } from 'troupe/trace'
import { cacheDirectories } from '../cache-directories.ts'
import type { CommandArguments, CommandContext, ExitStatus } from '../command.ts'
import { CliError } from '../errors.ts'
import { readBounded } from '../files.ts'
import { findSourceMaps } from '../find-source-maps.ts'
import { jsonLine } from '../json.ts'
import { paint } from '../render/paint.ts'
import { checkFidelities, requiredFidelity } from '../required-fidelity.ts'

/** Bytes of a witness. */
const MAX_WITNESS_BYTES = 2 ** 28

/** Runs `troupe replay` for the witness of a block: executes the block from it alone. */
export async function runReplayWitness(
  context: CommandContext,
  args: CommandArguments,
  file: string,
): Promise<ExitStatus> {
  const { terminal } = context
  const crypto = await loadNodeCrypto()
  const car = readBounded(file, MAX_WITNESS_BYTES)
  const network = networkOf(readWitnessClaim(car, crypto), crypto, file)
  const runtimes = [
    nativeRuntime({ crypto, actors: KNOWN_ACTORS }),
    evmRuntime(),
    wasmRuntime(),
    await createNodeRuntime({ cache: cacheDirectories(context).images }),
  ]
  const directory = args.values.get('maps')
  const maps =
    directory === undefined ? undefined : await findSourceMaps(resolve(context.directory, directory), crypto)
  const { claim, header, manifest, messages, queued } = replayWitness(car, {
    crypto,
    locate: maps?.locate,
    rules: network,
    runtimes,
    proofs: undefined,
  })
  const check = (): void =>
    checkFidelities(
      [...messages, ...queued].map(({ result }) => result.fidelity),
      requiredFidelity(args),
      file,
    )
  const names = createNames(manifest, crypto, 'testnet')
  if (args.flags.has('json')) {
    const { block, receiptsRoot, stateRoot } = claim
    terminal.print(
      jsonLine({
        ...{ network: claim.network.rules.name, epoch: header.height, block: String(block) },
        ...{ stateRoot: String(stateRoot), receiptsRoot: String(receiptsRoot) },
        messages: messages.map((message) => ({
          ...describe(message, names),
          queued: message.queued.map((each) => ({ number: each.number, ...describe(each, names) })),
        })),
      }),
    )
    check()
    return 0
  }
  const { colours } = terminal
  terminal.print(
    `block ${claim.block}, epoch ${header.height} of ${claim.network.networkName} (${claim.network.rules.name})`,
  )
  for (const replayed of messages) {
    for (const [index, { message, result, trace }] of [replayed, ...replayed.queued].entries()) {
      terminal.print(index === 0 ? '' : paint('dim', 'left to the end of the block:', colours))
      const outcome = toOutcome(message, result, trace)
      for (const line of renderTrace(outcome, { ...names, colours, charges: args.flags.has('trace') }))
        terminal.print(line)
    }
  }
  terminal.print('')
  terminal.print(`state root  ${claim.stateRoot}  ${paint('green', '✓ as the witness says', colours)}`)
  check()
  return 0
}

/** A message as data. */
function describe(
  { message, result, trace }: Omit<ReplayedMessage, 'queued'>,
  names: Names,
): Readonly<Record<string, unknown>> {
  const { exitCode, gasUsed, returnData } = result.receipt
  return {
    ...{
      value: formatFil(message.value),
      method: String(message.method),
      gasLimit: message.gasLimit,
      gasUsed,
    },
    ...{ exitCode, exit: exitCodeName(exitCode), returnData },
    fidelity: result.fidelity,
    trace: reportCallTree(trace, names),
  }
}

/** The network of a witness. @throws {CliError} vector/unsupported-version */
function networkOf(claim: WitnessClaim, crypto: CryptoProvider, where: string): Network {
  try {
    return networkOfWitness(claim, crypto)
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new CliError(
      'vector/unsupported-version',
      `the witness is of a network with the rules ${claim.network.rules.name}, which this command does not have: ${cause.message}`,
      {
        where,
        advice: 'execute it with replayWitness of the package troupe, and the rules of that network',
        cause,
      },
    )
  }
}
