/** @module A thread of the suite: bundles test files of agoric-sdk as actors, and sends these the messages that run the tests. */
import { parentPort, workerData } from 'node:worker_threads'
import { ses } from '@troupe/runtime-ses'
import { ActorError, createTroupe } from 'troupe'
import { outcome, type Told } from '../ava/ava.ts'
import { rowOf, rowsOfFile } from '../ava/file-rows.ts'
import type { WorkerInput } from '../ava/run-files.ts'
import type { Row } from '../suite.ts'
import { bundleErtpTest } from './ertp-test.ts'
import { reasonToSkip } from './exceptions.ts'

const { checkout, files } = workerData as WorkerInput
const vm = await createTroupe({ runtimes: [ses()] })

for (const file of files) parentPort?.postMessage(await rowsOf(file))
await vm.close()

async function rowsOf(file: string): Promise<Row[]> {
  const reason = reasonToSkip(file)
  if (reason !== undefined) return [rowOf(file, '', 'skipped', reason)]
  const bundle = await bundleErtpTest(checkout, file)
  if ('missing' in bundle) return [rowOf(file, '', 'failed', `there is no ${bundle.missing}`)]
  let code: Awaited<ReturnType<typeof vm.install>>
  try {
    code = await vm.install(new TextEncoder().encode(bundle.script))
  } catch (error) {
    if (error instanceof ActorError)
      return [rowOf(file, '', 'failed', error.outcome.failure?.message ?? error.message)]
    throw error
  }
  const first = await vm.deploy(code)
  const { value: list } = await first.view('List')
  const [titles, skipped] = JSON.parse(list as string) as [string[], string[]]
  const told = skipped.map((title) => outcome(title, 'skipped'))
  const rows: Row[] = []
  for (const [place, title] of titles.entries()) {
    const reason = reasonToSkip(file, title)
    if (reason !== undefined) rows.push(rowOf(file, title, 'skipped', reason))
    else told.push(...(await run(code, place, title)))
  }
  return [...rows, ...rowsOfFile(file, told, undefined)]
}

/** Runs a test in an actor of its own. */
async function run(
  code: Awaited<ReturnType<typeof vm.install>>,
  place: number,
  title: string,
): Promise<Told[]> {
  const actor = await vm.deploy(code)
  const { exit, failure, value } = await actor.trySend('Run', [BigInt(place)])
  if (exit.code === 0) return JSON.parse(value as string) as Told[]
  return [outcome(title, 'begun'), outcome(title, 'failed', failure?.message ?? exit.name)]
}
