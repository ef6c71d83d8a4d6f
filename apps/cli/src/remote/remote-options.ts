import type { CommandOptions } from '../command.ts'

/** Where `troupe dev` serves its chain where nobody says otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:8545'

/** The options of commands that work on a chain that runs somewhere. */
export const REMOTE_OPTIONS: CommandOptions = {
  rpc: { type: 'string', value: 'URL', help: `where the chain is (default: ${DEFAULT_URL})` },
  token: { type: 'string', value: 'TOKEN', help: "the chain's token (default: TROUPE_TOKEN)" },
  from: {
    type: 'string',
    value: 'N|ADDRESS',
    help: "who sends: the chain's account of this number, or one by its address (default: 0)",
  },
  value: { type: 'string', value: 'FIL', help: 'what is transferred with it (default: 0)' },
  'gas-limit': {
    type: 'string',
    value: 'GAS',
    help: 'gas that it may use (default: what the chain estimates)',
  },
  params: { type: 'string', value: 'HEX', help: 'the parameters as they are, instead of ARG' },
  maps: {
    type: 'string',
    value: 'DIR',
    help: 'where code of actors is, with source maps beside it, for errors that name the line',
  },
}
