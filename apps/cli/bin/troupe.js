#!/usr/bin/env node
// The command of a clone: it runs the sources, and Node keeps them stripped and compiled. Plain JavaScript, because Node takes longer to get ready to
// strip types than to start the command without.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const cache = fileURLToPath(new URL('../node_modules/.cache/troupe', import.meta.url))
// What the user sets goes first.
enableCompileCache(process.env.NODE_COMPILE_CACHE ?? cache)
await import('../src/main.ts')
