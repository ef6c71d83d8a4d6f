/** @module What a runtime has of its host, in Node and in a browser: there, vitest reads files and bundles scripts in Node. */
import type { EngineParts, ImageStore } from '@troupe/runtime-ses'

/** Scripts that a bundler makes. */
export interface Scripts {
  readonly sdk: string
  /** The subject of `runtimeCases`. */
  readonly subject: string
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    bundleScripts: () => Promise<Scripts>
  }
}

const IS_BROWSER = 'document' in globalThis

/** The engine's parts. */
export async function hostParts(sdk: () => string): Promise<EngineParts> {
  if (!IS_BROWSER) return (await import('@troupe/runtime-ses/node')).nodeParts(sdk)
  const [engine, lockdown] = await Promise.all([
    readPart('quickjs-wasi/quickjs.wasm'),
    readPart('ses/dist/ses.umd.min.js'),
  ])
  return { engine: () => engine, lockdown: () => lockdown, sdk }
}

/** Where images are kept, in Node. */
export async function hostStore(): Promise<{ readonly store?: ImageStore }> {
  return IS_BROWSER ? {} : { store: (await import('./image-store.ts')).store }
}

/** The scripts of the SDK and of the subject. */
export async function bundledScripts(): Promise<Scripts> {
  if (!IS_BROWSER) return (await import('./bundle-scripts.ts')).bundleScripts()
  const { commands } = await import('vitest/browser')
  return commands.bundleScripts()
}

async function readPart(path: string): Promise<Uint8Array> {
  const { commands } = await import('vitest/browser')
  const text = await commands.readFile(`packages/runtime-ses/node_modules/${path}`, 'base64')
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
