#!/usr/bin/env node
// The compiler of npm, called as forge calls a native one: `--version`, and `--standard-json` with its input on stdin.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const solc = createRequire(import.meta.url)('solc')
if (process.argv.includes('--version')) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`)
} else if (process.argv.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
} else {
  console.error(`solc.mjs: not understood: ${process.argv.slice(2).join(' ')}`)
  process.exitCode = 1
}
