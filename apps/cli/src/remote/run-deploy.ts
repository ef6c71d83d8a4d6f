/** @module `troupe deploy`. */
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { type CodeFrame, ExitCode, formatAddress, INIT_ACTOR_ID, idAddress } from '@troupe/hypervisor'
import { type Cid, decodeIpld, encodeIpld } from '@troupe/ipld'
import { createdActor, execRequest, installedCode, installRequest, type MessageRequest } from 'troupe'
import type { CommandArguments, CommandContext, ExitStatus } from '../command.ts'
import { CliError } from '../errors.ts'
import { jsonLine } from '../json.ts'
import { readFil } from '../read-fil.ts'
import { grouped } from '../render/plain.ts'
import { MessageError, messageFailed } from './message-error.ts'
import { readCode } from './read-code.ts'
import { readChain, readGasLimit, readSender, readSources } from './read-options.ts'
import { readParameters } from './read-parameters.ts'
import type { RemoteChain } from './remote-chain.ts'
import { type RemoteMessageOutcome, type RemoteRequest, sendMessage } from './remote-message.ts'

const INSTALLING = 'installing the code'
const CREATING = 'creating the actor'

/** Runs `troupe deploy`. */
export async function runDeploy(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  const { directory, terminal } = context
  const crypto = await loadCrypto()
  const [file = '', ...values] = args.positionals
  // What is wrong with the command itself is said before anyone is asked.
  const params = readParameters(crypto, values, args.values.get('params'))
  const value = readFil('value', args.values.get('value') ?? '0')
  const gasLimit = readGasLimit(args)
  const chain = readChain(context, args)
  const show = (line: string): void => {
    if (!args.flags.has('quiet')) terminal.status?.show(line)
  }
  show(`reading ${file}`)
  const { bytes, cid, maps } = await readCode(crypto, file, directory)
  const other = await readSources(context, crypto, args)
  const sources = {
    created: cid,
    locate: (code: Cid, frames: readonly CodeFrame[]) =>
      (code.equals(cid) || other === undefined ? maps : other).locate(code, frames),
  }
  const from = await readSender(chain, crypto, args)
  show(INSTALLING)
  const installed = await install(chain, crypto, {
    ...{ label: INSTALLING, from, value: 0n, gasLimit: undefined, sources },
    ...toInit(installRequest(bytes, {})),
  })
  show(CREATING)
  const created = await succeed(chain, crypto, {
    ...{ label: CREATING, from, value, gasLimit, sources },
    ...toInit(execRequest(installedCode(decodeIpld(installed.returnData)), { params })),
  })
  terminal.status?.clear()
  print(context, args, { cid, size: bytes.length, from, installed, created, crypto })
  return 0
}

/** An actor that is on the chain now, and what brought it there. */
interface Deployment {
  readonly crypto: CryptoProvider
  readonly cid: Cid
  /** Bytes of the code. */
  readonly size: number
  readonly from: string
  readonly installed: RemoteMessageOutcome
  readonly created: RemoteMessageOutcome
}

function print(
  { terminal }: CommandContext,
  { flags }: CommandArguments,
  { cid, created, crypto, from, installed, size }: Deployment,
): void {
  const { id, robust } = createdActor(decodeIpld(created.returnData))
  const address = formatAddress(id, crypto, 'testnet')
  const names = { address, robust: formatAddress(robust, crypto, 'testnet'), code: String(cid) }
  if (flags.has('json')) {
    const messages = { install: messageJson(installed), create: messageJson(created) }
    terminal.print(jsonLine({ ...names, bytes: size, from, ...messages }))
  } else if (flags.has('quiet')) terminal.print(address)
  else
    for (const line of [
      `address   ${address}  ${names.robust}`,
      `code      ${cid}, ${grouped(size)} bytes`,
      `gas       ${grouped(installed.gas.used)} to install, ${grouped(created.gas.used)} to create`,
      `message   ${created.message}, at epoch ${grouped(created.epoch)}`,
    ])
      terminal.print(line)
}

/** @throws {CliError} deploy/no-user-actors, and what {@link succeed} throws */
async function install(
  chain: RemoteChain,
  crypto: CryptoProvider,
  request: RemoteRequest,
): Promise<RemoteMessageOutcome> {
  try {
    return await succeed(chain, crypto, request)
  } catch (cause) {
    if (!(cause instanceof MessageError) || cause.exitCode !== ExitCode.USR_UNHANDLED_MESSAGE) throw cause
    throw new CliError('deploy/no-user-actors', 'on this network all code is built in', {
      advice:
        'use a chain with local rules and actors, which a new one of `troupe dev` has without --network, --actors and --fork',
      cause,
    })
  }
}

/** @throws {CliError} message/failed, message/funds, chain/… */
async function succeed(
  chain: RemoteChain,
  crypto: CryptoProvider,
  request: RemoteRequest,
): Promise<RemoteMessageOutcome> {
  const outcome = await sendMessage(chain, crypto, request)
  if (outcome.exit.code !== ExitCode.OK) throw messageFailed(outcome, request.label)
  return outcome
}

/** A message to the init actor. */
function toInit({ method, params }: MessageRequest): Pick<RemoteRequest, 'method' | 'params' | 'to'> {
  return {
    to: idAddress(INIT_ACTOR_ID),
    method: BigInt(method ?? 0n),
    params: params === undefined ? new Uint8Array() : encodeIpld(params),
  }
}

function messageJson({ epoch, gas, message }: RemoteMessageOutcome): object {
  return { message, epoch, gas }
}
