import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Most bytes of the script. */
const MAXIMUM_SCRIPT = 16 * 1024 * 1024

/** What {@link bundleSdk} gives: the modules that it is made of do not change while a process runs. */
let bundled: Promise<string> | undefined

/**
 * The script of the SDK, as the modules give it that are installed here: byte by byte the same from their sources and from what is published of them. Takes half a second, once in a process.
 *
 * It is made in a process of its own: the bundler takes 200 MiB, and keeps them.
 */
export async function bundleSdk(): Promise<string> {
  bundled ??= bundle()
  return bundled
}

/** Whether the SDK here is not a release's, but its sources, which are on their way to the next. */
export function isSdkSource(): boolean {
  return entry().endsWith('.ts')
}

async function bundle(): Promise<string> {
  // Compilation changes the ending of imports, not of URLs.
  const file = import.meta.url.endsWith('.ts') ? './bundle-process.ts' : './bundle-process.js'
  const script = fileURLToPath(new URL(file, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, entry()], {
    maxBuffer: MAXIMUM_SCRIPT,
  })
  return stdout
}

function entry(): string {
  return createRequire(import.meta.url).resolve('@troupe/sdk-js/image')
}
