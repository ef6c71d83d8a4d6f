import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publishedFolders } from '@troupe/packed'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folders = publishedFolders(root)

describe('every package that is published', () => {
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT'])
    it(`has the repository's ${name}, and publishes it`, () => {
      const text = readFileSync(join(root, name), 'utf8')
      expect(folders).toContain('packages/crypto')
      for (const folder of folders) {
        expect(readFileSync(join(root, folder, name), 'utf8') === text, folder).toBe(true)
        const { files } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
          files: string[]
        }
        expect(files, folder).toContain('LICENSE-*')
      }
    })
})
