import { cacheDirectories } from '../cache-directories.ts'
import type { CommandArguments, CommandContext, ExitStatus } from '../command.ts'
import { CliError } from '../errors.ts'
import { jsonLine } from '../json.ts'
import { packageVersion } from '../version.ts'
import type { DevAccount } from './chain-setup.ts'
import { readDevOptions } from './dev-options.ts'
import { drawDev } from './draw-dev.ts'
import { startChain } from './start-chain.ts'
import { writeActorLog, writeLog } from './write-log.ts'

/**
 * Runs `troupe dev`: until it is asked to end, and then until what runs is finished. Asked twice, it ends at once.
 * @throws {CliError} usage/bad-option, dev/…
 * @throws {ServerError} server/…
 */
export async function runDev(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  const { terminal } = context
  const options = readDevOptions(context, args)
  const log = writeLog(options.log, terminal)
  const asked = askedToEnd(context)
  const version = packageVersion()
  // Hardhat's network helpers look for a network to develop on by the beginning of its name, and this one has all that they ask for.
  const clientVersion = `hardhat-compatible/Troupe/${version}`
  const setup = { ...options, caches: cacheDirectories(context), clientVersion }
  const starting = startChain(
    setup,
    (error) => log({ level: 'error', event: 'failure', error }),
    writeActorLog(options.log, terminal),
  )
  // Both take time, and neither waits for the other.
  const [chain, { startServer }] = await Promise.all([starting, import('@troupe/server')])
  try {
    const { host, origins, port, token } = options
    const server = await startServer({ endpoint: chain.endpoint, host, origins, port, token, log })
    const ready = {
      ...{ url: server.url, version, milliseconds: performance.now() },
      ...{ directory: options.directory, hasToken: token !== undefined },
    }
    const { report } = chain
    if (args.flags.has('json'))
      terminal.print(
        jsonLine({
          ...{ url: server.url, chainId: report.settings.chainId, network: report.settings.network },
          ...{
            actors: report.settings.actors,
            gas: report.settings.gas,
            directory: options.directory,
            epoch: report.epoch,
          },
          ...{ root: report.root, accounts: report.accounts.map(accountJson) },
        }),
      )
    else if (args.flags.has('quiet')) terminal.print(server.url)
    else for (const line of drawDev(report, ready, terminal.colours)) terminal.print(line)

    const died = chain.ended.then((cause) => ({ cause }))
    const death = await Promise.race([asked.once.then(() => undefined), died])
    const closing = server.close().then(() => chain.close())
    await Promise.race([closing, asked.twice])
    if (!asked.isTwice) {
      if (death === undefined) return 0
      throw new CliError('dev/thread-died', 'the thread of the chain has ended', death)
    }
    await Promise.all([server.kill(), chain.kill()])
    return 1
  } finally {
    asked.stop()
    await chain.close()
  }
}

/** Signals that come so soon after the first are the same: npm passes on what the terminal has sent to all of its programs already. */
const SAME_MS = 300

/** What a process is asked from now on. */
function askedToEnd({ onSignal }: CommandContext): {
  readonly once: Promise<void>
  readonly twice: Promise<void>
  readonly isTwice: boolean
  stop(): void
} {
  const [once, twice] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let askedAt: number | undefined
  let isTwice = false
  const stop = onSignal(() => {
    const now = performance.now()
    askedAt ??= now
    once.resolve()
    if (now - askedAt <= SAME_MS) return
    isTwice = true
    twice.resolve()
  })
  return {
    once: once.promise,
    twice: twice.promise,
    get isTwice() {
      return isTwice
    },
    stop,
  }
}

function accountJson({ balance, delegated, ethereum, filecoin, privateKey }: DevAccount): object {
  return { ethereum, delegated, filecoin, privateKey, balance: String(balance) }
}
