/**
 * @module Boots an engine with the SDK as it is here, and writes the CID of the image into the runtime: `npm run image`, whenever the SDK, the engine or how it boots has changed. With `--check`
 * nothing is written, and the exit code says whether there would be anything to write.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { loadCrypto } from '@troupe/crypto'
import { NV28 } from '@troupe/hypervisor'
import { sesRuntime } from '@troupe/runtime-ses'
import { bundleSdk, nodeParts } from '@troupe/runtime-ses/node'

const file = new URL('../../../packages/runtime-ses/src/image/sdk-image.ts', import.meta.url)

const script = await bundleSdk()
const crypto = await loadCrypto()
const sha256 = Buffer.from(crypto.sha256(new TextEncoder().encode(script))).toString('hex')
const image = sesRuntime({ parts: nodeParts(() => script), crypto }).imageCid(NV28)
const text = `/** @module What is pinned of the SDK of this release. Written by \`npm run image\`. */

/** Of the script that \`bundleImage\` of \`@troupe/bundle-js\` makes of \`@troupe/sdk-js/image\`. */
export const SDK_SHA256 = '${sha256}'
/** CID of the image with it. */
export const SDK_IMAGE = '${image}'
`
const isSame = readFileSync(file, 'utf8') === text
console.log(`${image} ${isSame ? 'is pinned' : 'is another image than is pinned'}`)
if (process.argv.includes('--check')) process.exitCode = isSame ? 0 : 1
else if (!isSame) writeFileSync(file, text)
