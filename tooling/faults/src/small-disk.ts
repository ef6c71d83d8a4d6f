import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FillReport } from './fill-disk.ts'
import type { SealReport } from './seal-disk.ts'

/** Bytes of the disk. */
const SIZE = 6_291_456

/** Why something could not be tried here. */
export interface Skipped {
  readonly skipped: string
}

/** Fills a small disk: {@link ./fill-disk.ts}. */
export function fillSmallDisk(directory: string): Promise<FillReport | Skipped> {
  return runOnSmallDisk<FillReport>('fill-disk.ts', directory)
}

/** Seals a small disk: {@link ./seal-disk.ts}. */
export function sealSmallDisk(directory: string): Promise<SealReport | Skipped> {
  return runOnSmallDisk<SealReport>('seal-disk.ts', directory)
}

/**
 * Runs a script on a disk of {@link SIZE} bytes in memory, in a name space of its own: the disk goes away with the process.
 * @returns what it printed, or why there can be no such disk here
 */
async function runOnSmallDisk<T>(name: string, directory: string): Promise<T | Skipped> {
  if (process.platform !== 'linux') return { skipped: 'disks in memory are of Linux' }
  const mount = `mount -t tmpfs -o size=${SIZE} tmpfs "$1"`
  const isPermitted = await run('unshare', [...UNSHARE, 'sh', '-c', mount, 'sh', directory])
  if (isPermitted.code !== 0) return { skipped: `no disk may be mounted here: ${isPermitted.stderr.trim()}` }
  const script = fileURLToPath(new URL(name, import.meta.url))
  const command = `${mount} && exec "$2" "$3" "$1"`
  const args = [...UNSHARE, 'sh', '-c', command, 'sh', directory, process.execPath, script]
  const { code, stdout, stderr } = await run('unshare', args)
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout) as T
}

const UNSHARE = ['--mount', '--map-root-user']

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(program: string, args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].on('data', (bytes: Buffer) => {
        said[stream] += bytes
      })
    child.on('error', (error) => resolve({ code: null, ...said, stderr: error.message }))
    child.on('close', (code) => resolve({ code, ...said }))
  })
}
