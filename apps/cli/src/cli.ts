import type {
  CommandArguments,
  CommandContext,
  CommandEntry,
  CommandGroup,
  ExitStatus,
  LeafCommand,
} from './command.ts'
import { COMMANDS } from './registry.ts'

/**
 * Runs the command line that `argv` is, without the program's own name.
 *
 * What a command throws is reported on stderr: coded errors in full, anything else as a fault of the command with its stack.
 */
export async function runCli(
  argv: readonly string[],
  context: CommandContext,
  commands: Readonly<Record<string, CommandEntry>> = COMMANDS,
): Promise<ExitStatus> {
  try {
    return await dispatch(argv, context, commands)
  } catch (error) {
    context.terminal.status?.clear()
    const { reportError } = await import('./report-error.ts')
    return reportError(error, context.terminal, argv.includes('--json'))
  }
}

async function dispatch(
  argv: readonly string[],
  context: CommandContext,
  commands: Readonly<Record<string, CommandEntry>>,
): Promise<ExitStatus> {
  // `troupe help dev` is `troupe dev --help`.
  const [name, ...rest] = argv[0] === 'help' && argv.length > 1 ? [...argv.slice(1), '--help'] : argv
  if (name === undefined || isHelp(name)) {
    const { formatRootHelp } = await import('./help.ts')
    context.terminal.print(formatRootHelp(commands))
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    const { describeVersion } = await import('./version.ts')
    context.terminal.print(describeVersion())
    return 0
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (entry === undefined) throw await unknownCommand(name, Object.keys(commands), 'troupe')
  const { command } = await entry.load()
  if (!('commands' in command)) return runLeaf(`troupe ${name}`, command, rest, context)
  return dispatchGroup(name, command, rest, context)
}

async function dispatchGroup(
  name: string,
  group: CommandGroup,
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitStatus> {
  const [next, ...rest] = argv
  if (next === undefined || isHelp(next)) {
    const { formatGroupHelp } = await import('./help.ts')
    context.terminal.print(formatGroupHelp(`troupe ${name}`, group))
    return next === undefined ? 2 : 0
  }
  const command = Object.hasOwn(group.commands, next) ? group.commands[next] : undefined
  if (command === undefined) throw await unknownCommand(next, Object.keys(group.commands), `troupe ${name}`)
  return runLeaf(`troupe ${name} ${next}`, command, rest, context)
}

async function runLeaf(
  name: string,
  command: LeafCommand,
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitStatus> {
  if (argv.includes('--help') || argv.includes('-h')) {
    const { formatCommandHelp } = await import('./help.ts')
    context.terminal.print(formatCommandHelp(name, command))
    return 0
  }
  const { parseArguments } = await import('./arguments.ts')
  const args: CommandArguments = parseArguments(name, command, argv)
  return command.run(context, args)
}

async function unknownCommand(name: string, known: readonly string[], program: string): Promise<Error> {
  const { CliError } = await import('./errors.ts')
  return new CliError('usage/unknown-command', `${program} has no command ${JSON.stringify(name)}`, {
    advice: `one of: ${known.join(', ')} (${program} --help says what they do)`,
  })
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h' || argument === 'help'
}
