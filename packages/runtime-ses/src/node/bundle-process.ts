/** @module A process that writes the SDK's script to its output, and ends: `node bundle-process.ts ENTRY`. */
import { bundleImage } from '@troupe/bundle-js'

process.stdout.write(await bundleImage(process.argv[2] ?? ''))
