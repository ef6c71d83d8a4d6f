import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folders of the packages that are published, relative to the repository's root. */
export function publishedFolders(root: string): string[] {
  return globSync('{packages,apps}/*/package.json', { cwd: root })
    .filter((path) => {
      const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as { readonly private?: boolean }
      return manifest.private !== true
    })
    .map(dirname)
    .sort()
}
