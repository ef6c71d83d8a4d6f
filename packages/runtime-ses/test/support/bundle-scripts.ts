import { fileURLToPath } from 'node:url'
import { bundleActor } from '@troupe/bundle-js'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { bundleSdk } from '@troupe/runtime-ses/node'
import type { Scripts } from './host.ts'

const SUBJECT = fileURLToPath(new URL('subject-actor.ts', import.meta.url))

/** Makes the scripts that tests in hardened JavaScript have besides their own. */
export async function bundleScripts(): Promise<Scripts> {
  const [sdk, subject] = await Promise.all([bundleSdk(), bundleActor(SUBJECT, { header: CODE_HEADER })])
  return { sdk, subject: subject.script }
}
