import type { CommandOptions } from './command.ts'

/** The options that every command has. */
export const COMMON_OPTIONS: CommandOptions = {
  json: { type: 'boolean', help: 'write data as JSON' },
  quiet: { type: 'boolean', help: 'say nothing of what is going on' },
  help: { type: 'boolean', help: 'show this' },
}
