import { readFileSync } from 'node:fs'

/** The version of this package, and of the Node that runs it. */
export function describeVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  return `troupe ${version} (Node ${process.version})`
}
