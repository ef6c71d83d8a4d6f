import type { CommandEntry, CommandGroup, LeafCommand } from './command.ts'
import { COMMON_OPTIONS } from './common-options.ts'

const EXIT_STATUSES =
  'Exit status: 0 all is well, 1 something failed or was refused, 2 wrong usage, 70 a fault of troupe.'

/** The help of `troupe`. */
export function formatRootHelp(commands: Readonly<Record<string, CommandEntry>>): string {
  return [
    'usage: troupe COMMAND [ARGUMENT...]',
    '',
    'A hypervisor for actors that follows the Filecoin Virtual Machine.',
    '',
    ...columns(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    '',
    'troupe COMMAND --help says more, troupe --version which one this is. Every command has --json and --quiet.',
    'Environment: TROUPE_HOME, where bundles and compiled code are kept; TROUPE_VECTORS, where test vectors',
    'are; TROUPE_TOKEN, the token of troupe dev and of who calls it; NO_COLOR.',
    EXIT_STATUSES,
  ].join('\n')
}

/** The help of a group of commands. */
export function formatGroupHelp(name: string, group: CommandGroup): string {
  return [
    `usage: ${name} COMMAND [ARGUMENT...]`,
    '',
    sentence(group.summary),
    '',
    ...columns(Object.entries(group.commands).map(([command, { summary }]) => [command, summary])),
  ].join('\n')
}

/** The help of one command. */
export function formatCommandHelp(name: string, command: LeafCommand): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(
    ([option, { value, help }]): [string, string] => [
      `--${option}${value === undefined ? '' : ` ${value}`}`,
      help,
    ],
  )
  const details = command.details === undefined ? [] : ['', command.details]
  return [
    `usage: ${name} ${command.usage}`,
    '',
    sentence(command.summary),
    ...details,
    '',
    ...columns(options),
    '',
    EXIT_STATUSES,
  ].join('\n')
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
}
