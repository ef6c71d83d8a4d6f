#!/usr/bin/env node
import { homedir } from 'node:os'
import { runCli } from './cli.ts'
import { createTerminal } from './terminal.ts'

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
})
