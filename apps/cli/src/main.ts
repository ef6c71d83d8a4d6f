#!/usr/bin/env node
import { homedir } from 'node:os'
import { runCli } from './cli.ts'
import { createTerminal } from './terminal.ts'

/** What asks a process to end: a key, or whoever started it. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

// A reader that has seen enough (`troupe ... | head`) closes the pipe: no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: createTerminal(process.stdout, process.stderr, process.env),
  env: process.env,
  platform: process.platform,
  home: homedir(),
  directory: process.cwd(),
  onSignal: (listener) => {
    for (const signal of SIGNALS) process.on(signal, listener)
    return () => {
      for (const signal of SIGNALS) process.off(signal, listener)
    }
  },
})
