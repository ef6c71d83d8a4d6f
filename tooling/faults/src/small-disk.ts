import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FillReport } from './fill-disk.ts'

/** Bytes of the disk. */
const SIZE = 6_291_456

/**
 * Runs {@link ./fill-disk.ts} on a disk of {@link SIZE} bytes in memory, in a name space of its own: the disk goes away with the process.
 * @returns what was seen, or why there can be no such disk here
 */
export async function fillSmallDisk(directory: string): Promise<FillReport | { readonly skipped: string }> {
  if (process.platform !== 'linux') return { skipped: 'disks in memory are of Linux' }
  const mount = `mount -t tmpfs -o size=${SIZE} tmpfs "$1"`
  const isPermitted = await run('unshare', [...UNSHARE, 'sh', '-c', mount, 'sh', directory])
  if (isPermitted.code !== 0) return { skipped: `no disk may be mounted here: ${isPermitted.stderr.trim()}` }
  const script = fileURLToPath(new URL('fill-disk.ts', import.meta.url))
  const command = `${mount} && exec "$2" "$3" "$1"`
  const args = [...UNSHARE, 'sh', '-c', command, 'sh', directory, process.execPath, script]
  const { code, stdout, stderr } = await run('unshare', args)
  if (code !== 0) throw new Error(`fill-disk.ts ended with ${code}: ${stderr}`)
  return JSON.parse(stdout) as FillReport
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
