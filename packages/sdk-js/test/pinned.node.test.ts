import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleImage } from '@troupe/bundle-js'
import { expect, it } from 'vitest'

it('is the SDK that the runtime pins: `npm run image` pins it anew', async () => {
  const script = await bundleImage(fileURLToPath(new URL('../src/image/main.ts', import.meta.url)))
  const pinned = await readFile(new URL('../../runtime-ses/src/image/sdk-image.ts', import.meta.url), 'utf8')
  expect(pinned).toContain(createHash('sha256').update(script).digest('hex'))
})
