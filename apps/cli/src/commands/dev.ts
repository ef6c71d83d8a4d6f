import type { LeafCommand } from '../command.ts'
import { REQUIRE_FIDELITY } from '../required-fidelity.ts'

/** `troupe dev`. */
export const command: LeafCommand = {
  summary: 'run a local chain that wallets and tools connect to',
  usage: '[--port N] [--dir DIR] [--fresh] [--block-time SECONDS] [--fork FILE] [OPTION...]',
  details: `A chain with funded accounts on one port, over HTTP and WebSocket, until the process is asked to end. It is kept
in DIR between runs, and goes on where it stood. Blocks are made with each message, or at intervals.

It is for this machine: pages of the web may call only where --cors names them, and another --host needs a token,
which is shown as "Authorization: Bearer TOKEN" by whoever changes something. /health and /metrics are there too.

The accounts and their keys are publicly known. Never send anything of value to them.`,
  positionals: { min: 0, max: 0 },
  options: {
    port: {
      type: 'string',
      value: 'N',
      help: 'where to listen; 0 for any port that is free (default: 8545)',
    },
    host: { type: 'string', value: 'ADDRESS', help: 'the address to listen on (default: 127.0.0.1)' },
    token: { type: 'string', value: 'TOKEN', help: 'who changes something shows it (default: TROUPE_TOKEN)' },
    cors: { type: 'string', value: 'ORIGINS', help: 'web pages that may call, with commas; * for all' },
    dir: { type: 'string', value: 'DIR', help: 'where the chain is kept (default: .troupe)' },
    fresh: { type: 'boolean', help: 'forget the chain that is there, and start over' },
    'in-memory': { type: 'boolean', help: 'keep nothing' },
    'block-time': {
      type: 'string',
      value: 'SECONDS',
      help: 'make a block at intervals, not with each message',
    },
    'chain-id': { type: 'string', value: 'N', help: 'chain id of Ethereum (default: 31415926)' },
    accounts: { type: 'string', value: 'N', help: 'how many accounts a new chain has (default: 10)' },
    balance: { type: 'string', value: 'FIL', help: 'what each has, as f1 and as 0x (default: 10000)' },
    actors: { type: 'string', value: 'BUNDLE', help: "official actors instead of troupe's own: v18" },
    fork: { type: 'string', value: 'FILE', help: 'begin with the state in a CAR' },
    network: {
      type: 'string',
      value: 'RULES',
      help: 'rules of a new chain: local, or a network version such as 28',
    },
    gas: {
      type: 'string',
      value: 'MODE',
      help: 'gas of contracts and transactions: fvm, or ethereum for what Ethereum has (default: fvm)',
    },
    'require-fidelity': {
      ...REQUIRE_FIDELITY,
      help: 'refuse messages whose results are not exact, or at least calibrated',
    },
    logs: {
      type: 'boolean',
      help: 'show what actors log; they can ask whether it is shown, and use other gas then',
    },
    log: {
      type: 'string',
      value: 'FORMAT',
      help: 'text, json or none: what is said of each call, on stderr (default: text)',
    },
  },
  run: async (...call) => (await import('../dev/run-dev.ts')).runDev(...call),
}
