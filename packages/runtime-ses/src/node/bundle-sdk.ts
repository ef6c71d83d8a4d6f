import { createRequire } from 'node:module'

/**
 * The script of the SDK, as the modules give it that are installed here: byte by byte the same from their sources and from what is published of them. Takes half a second.
 */
export async function bundleSdk(): Promise<string> {
  const { bundleImage } = await import('@troupe/bundle-js')
  return bundleImage(entry())
}

/** Whether the SDK here is not a release's, but its sources, which are on their way to the next. */
export function isSdkSource(): boolean {
  return entry().endsWith('.ts')
}

function entry(): string {
  return createRequire(import.meta.url).resolve('@troupe/sdk-js/image')
}
