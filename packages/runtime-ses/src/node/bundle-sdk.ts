import { createRequire } from 'node:module'

/** What {@link bundleSdk} gives: the modules that it is made of do not change while a process runs. */
let bundled: Promise<string> | undefined

/**
 * The script of the SDK, as the modules give it that are installed here: byte by byte the same from their sources and from what is published of them. Takes half a second, once in a process.
 */
export async function bundleSdk(): Promise<string> {
  bundled ??= import('@troupe/bundle-js').then(({ bundleImage }) => bundleImage(entry()))
  return bundled
}

/** Whether the SDK here is not a release's, but its sources, which are on their way to the next. */
export function isSdkSource(): boolean {
  return entry().endsWith('.ts')
}

function entry(): string {
  return createRequire(import.meta.url).resolve('@troupe/sdk-js/image')
}
