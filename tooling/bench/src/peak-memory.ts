/**
 * @module Preloaded into a process (`node --import`), writes the most memory it ever held, in bytes, to file descriptor 3 when it ends.
 */
import { readFileSync, writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** What `getrusage` says of a process that was forked includes its parent, so Linux is asked for the address space itself. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1_024
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return Number(kibibytes) * 1_024
}

if (isMainThread) process.on('exit', () => writeSync(3, String(peakBytes())))
