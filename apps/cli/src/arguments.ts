import { parseArgs } from 'node:util'
import type { CommandArguments, LeafCommand } from './command.ts'
import { COMMON_OPTIONS } from './common-options.ts'
import { CliError } from './errors.ts'

/**
 * Parses the arguments of a command.
 * @param name the command as it was called: `troupe bundle add`
 * @throws {CliError} usage/unknown-option, usage/bad-option, usage/missing-argument, usage/unexpected-argument
 */
export function parseArguments(
  name: string,
  command: LeafCommand,
  argv: readonly string[],
): CommandArguments {
  const { values, positionals } = parse(name, command, argv)
  const { min, max } = command.positionals
  const advice = `usage: ${name} ${command.usage}`
  if (positionals.length < min)
    throw new CliError('usage/missing-argument', `${name} needs ${countOf(min)}`, { advice })
  if (positionals.length > max)
    throw new CliError(
      'usage/unexpected-argument',
      `${name} takes ${max === 0 ? 'no argument' : `at most ${countOf(max)}`}, and got ${JSON.stringify(positionals[max])}`,
      { advice },
    )
  const flags = new Set<string>()
  const texts = new Map<string, string>()
  for (const [option, value] of Object.entries(values)) {
    if (typeof value === 'string') texts.set(option, value)
    else if (value === true) flags.add(option)
  }
  return { positionals, flags, values: texts }
}

/**
 * The value of an option that is a whole number.
 * @throws {CliError} usage/bad-option
 */
export function integerOption(
  args: CommandArguments,
  option: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const text = args.values.get(option)
  if (text === undefined) return undefined
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new CliError(
    'usage/bad-option',
    `--${option} takes a whole number from ${min} to ${max}, not ${JSON.stringify(text)}`,
  )
}

function parse(
  name: string,
  command: LeafCommand,
  argv: readonly string[],
): { values: Readonly<Record<string, unknown>>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([option, { type }]) => [option, { type }]),
  )
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (cause) {
    if (!(cause instanceof TypeError) || !('code' in cause)) throw cause
    const code = cause.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? 'usage/unknown-option' : 'usage/bad-option'
    // Node goes on to explain how to write an argument that starts with a dash.
    const message = cause.message.split(/[.\n]\s/)[0] ?? cause.message
    throw new CliError(code, message, {
      advice: argv.some((argument) => /^-\d/u.test(argument))
        ? `numbers below 0 come last, behind --: ${name} ... -- -5`
        : `usage: ${name} ${command.usage} (${name} --help lists all options)`,
    })
  }
}

function countOf(count: number): string {
  return count === 1 ? 'an argument' : `${count} arguments`
}
