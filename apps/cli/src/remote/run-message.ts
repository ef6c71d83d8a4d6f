/** @module `troupe send` and `troupe call`. */
import { loadCrypto } from '@troupe/crypto'
import { formatAddress } from '@troupe/hypervisor'
import type { CommandArguments, CommandContext, ExitStatus } from '../command.ts'
import { jsonLine } from '../json.ts'
import { readFil } from '../read-fil.ts'
import { drawOutcome, drawReturned, outcomeJson } from './draw-outcome.ts'
import { messageFailed } from './message-error.ts'
import { readChain, readGasLimit, readSender, readSources } from './read-options.ts'
import { readParameters } from './read-parameters.ts'
import { readAddress, readMethod } from './read-word.ts'
import { callActor, type RemoteOutcome, sendMessage } from './remote-message.ts'

/** Sends a message, and waits for its block. */
export function runSend(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  return runMessage(context, args, sendMessage)
}

/** Asks an actor, without a message. */
export function runCall(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  return runMessage(context, args, callActor)
}

async function runMessage(
  context: CommandContext,
  args: CommandArguments,
  perform: (...call: Parameters<typeof sendMessage>) => Promise<RemoteOutcome>,
): Promise<ExitStatus> {
  const { terminal } = context
  const crypto = await loadCrypto()
  const [to = '', method, ...values] = args.positionals
  // What is wrong with the command itself is said before anyone is asked.
  const [receiver, named] = [readAddress(crypto, to), readMethod(crypto, method)]
  const call = {
    label: `${formatAddress(receiver, crypto, 'testnet')} ${named.text}`,
    to: receiver,
    method: named.number,
    params: readParameters(crypto, values, args.values.get('params')),
    value: readFil('value', args.values.get('value') ?? '0'),
    gasLimit: readGasLimit(args),
  }
  const chain = readChain(context, args)
  if (!args.flags.has('quiet')) terminal.status?.show(`waiting for ${call.label}`)
  const from = await readSender(chain, crypto, args)
  const request = { ...call, from, sources: await readSources(context, crypto, args) }
  const outcome = await perform(chain, crypto, request)
  terminal.status?.clear()
  if (args.flags.has('json')) terminal.print(jsonLine(outcomeJson(outcome)))
  else if (args.flags.has('quiet')) terminal.print(drawReturned(outcome))
  else for (const line of drawOutcome(outcome, terminal.colours)) terminal.print(line)
  if (outcome.exit.code !== 0) throw messageFailed(outcome, request.label)
  return 0
}
