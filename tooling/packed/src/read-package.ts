import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { InstalledPackage } from './inspect-package.ts'
import type { Manifest } from './manifest.ts'

/** Reads a package from the folder that it is installed in, without packages inside it. */
export function readPackage(directory: string): InstalledPackage {
  const files = new Map<string, string>()
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/')
    if (entry.isFile() && !path.startsWith('node_modules/'))
      files.set(path, readFileSync(join(directory, path), 'utf8'))
  }
  return { manifest: JSON.parse(files.get('package.json') ?? '{}') as Manifest, files }
}
