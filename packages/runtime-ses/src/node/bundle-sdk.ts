import { createRequire } from 'node:module'

/**
 * The script of the SDK, as the modules give it that are installed here: byte by byte the same from their sources and from what is published of them. Takes half a second, and is done only where
 * there is no image yet.
 */
export async function bundleSdk(): Promise<string> {
  const { bundleImage } = await import('@troupe/bundle-js')
  return bundleImage(createRequire(import.meta.url).resolve('@troupe/sdk-js/image'))
}
