/** @module What a command is made of. Types only, so that naming a command costs no time. */
import type { Terminal } from './terminal.ts'

/** What a process ends with: 0 all is well, 1 something failed or was refused, 2 wrong usage, 70 a fault of the command itself. */
export type ExitStatus = 0 | 1 | 2 | 70

/** What a command gets from the process it runs in. Commands look nowhere else. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly env: Readonly<Record<string, string | undefined>>
  /** As in `process.platform`. */
  readonly platform: string
  /** The user's home directory. */
  readonly home: string
  /** The working directory. */
  readonly directory: string
  /** Calls a function each time that the process is asked to end, instead of ending it. Gives what takes that back. */
  readonly onSignal: (listener: () => void) => () => void
}

/** An option of a command: a flag, or one with a value. */
export interface CommandOption {
  readonly type: 'boolean' | 'string'
  /** What the help calls the value: `DIR`. */
  readonly value?: string
  readonly help: string
}

/** The options of a command, by name. `json`, `quiet` and `help` are everywhere and need not be declared. */
export type CommandOptions = Readonly<Record<string, CommandOption>>

/** The arguments of one call of a command. */
export interface CommandArguments {
  readonly positionals: readonly string[]
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
}

/** A command that does something. */
export interface LeafCommand {
  /** One line for the list of commands. */
  readonly summary: string
  /** What follows the command's name: `FILE... [--name NAME]`. */
  readonly usage: string
  /** What the help says besides, lines of at most 100 characters. */
  readonly details?: string
  /** How many arguments there are to be, besides options. */
  readonly positionals: { readonly min: number; readonly max: number }
  readonly options: CommandOptions
  run(context: CommandContext, args: CommandArguments): Promise<ExitStatus>
}

/** A command that only groups others: `troupe bundle add`. */
export interface CommandGroup {
  readonly summary: string
  readonly commands: Readonly<Record<string, LeafCommand>>
}

/** A command as its module exports it, under the name `command`. */
export type Command = LeafCommand | CommandGroup

/** A command as the list of commands has it: loaded only when it is called. */
export interface CommandEntry {
  readonly summary: string
  load(): Promise<{ readonly command: Command }>
}
