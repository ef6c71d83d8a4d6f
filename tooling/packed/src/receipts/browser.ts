import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { ROOMS } from '@troupe/layers'
import { isImage, type ReceiptComparison } from './compare-receipts.ts'

/** Rooms of which a part needs Node, and has tests of its own. */
const MIXED_ROOMS = ['runtime-ses']
const NEEDS_NODE = '.node.test.ts'

/** The version of Chromium that the tests run in, or `undefined` where there is none. */
export function chromiumVersion(): string | undefined {
  const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  return existsSync(path)
    ? execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    : undefined
}

/** Why a test file does not run in a browser; `undefined` where it does. @param file below the repository */
export function reasonAgainstBrowser(file: string): string | undefined {
  const room = file.split('/')[1] ?? ''
  if (ROOMS[room]?.isomorphic !== true && !MIXED_ROOMS.includes(room)) return `${room} is for Node`
  return file.endsWith(NEEDS_NODE) ? 'needs files, threads or processes' : undefined
}

/** What a browser did not run, by reason: files, and how many tests with messages they have. */
export function describeAbsent({ absent }: ReceiptComparison): string[] {
  const byReason = new Map<string, Map<string, number>>()
  const tests = absent.filter((name) => !isImage(name))
  for (const name of tests) {
    const file = name.slice(0, name.indexOf(' > '))
    const reason = reasonAgainstBrowser(file) ?? 'did not run'
    const files = byReason.get(reason) ?? new Map<string, number>()
    byReason.set(reason, files.set(file, (files.get(file) ?? 0) + 1))
  }
  const images = absent.length - tests.length
  const texts = [...byReason].map(([reason, files]) => {
    const missing = [...files.values()].reduce((sum, count) => sum + count, 0)
    const list = [...files].map(([file, count]) => `    ${file}: ${count}`)
    return [`  ${missing} tests not there: ${reason}`, ...list].join('\n')
  })
  return images === 0
    ? texts
    : [...texts, `  ${images} images not there: of codes that only those tests have`]
}
