import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { EngineParts } from '../engine/parts.ts'

/** The parts as this package's dependencies have them, read when they are asked for. */
export function nodeParts(sdk: () => string): EngineParts {
  const { resolve } = createRequire(import.meta.url)
  return {
    engine: () => readFileSync(resolve('quickjs-wasi/quickjs.wasm')),
    lockdown: () => readFileSync(join(dirname(resolve('ses')), 'ses.umd.min.js')),
    sdk,
  }
}
