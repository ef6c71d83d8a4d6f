import { fileURLToPath } from 'node:url'
import { readInstalled } from './installed.ts'
import { findRefused } from './licence-rules.ts'

const packages = readInstalled(fileURLToPath(new URL('../../..', import.meta.url)))
const refused = findRefused(packages)
for (const { name, version, licence, production } of refused)
  console.error(
    `${name}@${version}: ${licence ?? 'no licence'}, ${production ? 'shipped' : 'for development'}`,
  )
if (refused.length > 0) process.exitCode = 1
else {
  const shipped = packages.filter(({ production }) => production).length
  console.log(`licences: ${packages.length} packages, ${shipped} of them shipped, all allowed`)
}
