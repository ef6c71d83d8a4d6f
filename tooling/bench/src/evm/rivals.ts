/** @module Engines that are fetched for a run, and are no dependencies of anything: they are large, and come with native code. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where they are installed, once. */
const HOME = fileURLToPath(new URL('../../../../node_modules/.cache/troupe/rivals', import.meta.url))
const EDR = '0.22.0'
const ANVIL = '1.7.1'

/** The nodes of others, with their versions. */
export const RIVAL_VERSIONS: readonly string[] = [`EDR ${EDR}`, `anvil ${ANVIL}`]

/** What is fetched, by the name it is installed with. */
function packages(): Readonly<Record<string, string>> {
  const { platform, arch } = process
  const abi = platform === 'linux' ? '-gnu' : platform === 'win32' ? '-msvc' : ''
  return {
    '@nomicfoundation/edr': EDR,
    [`@nomicfoundation/edr-${platform}-${arch}${abi}`]: EDR,
    '@foundry-rs/anvil': ANVIL,
    'solc-0.4': 'npm:solc@0.4.26',
  }
}

/** Fetches what is not there yet, without running its scripts, and gives the folder that it is in. */
export function fetchRivals(): string {
  const modules = join(HOME, 'node_modules')
  const wanted = packages()
  if (Object.keys(wanted).every((name) => existsSync(join(modules, name)))) return modules
  mkdirSync(HOME, { recursive: true })
  writeFileSync(join(HOME, 'package.json'), JSON.stringify({ private: true, dependencies: wanted }))
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: HOME,
    stdio: 'ignore',
  })
  return modules
}
