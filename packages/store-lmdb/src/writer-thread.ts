/** @module The thread of a {@link BackgroundWriter}: writes what it is sent, a transaction each, and says what came of it. */
import { parentPort, workerData } from 'node:worker_threads'
import { CodedError } from '@troupe/crypto'
import type { WriterMessage, WriterReply, WriterSetup } from './background-writer.ts'
import { openEnvironment, storeErrorOf } from './environment.ts'
import { unpackChanges } from './packed-changes.ts'
import { TRANSACTION_OVERHEAD, writeChanges } from './transactions.ts'

if (parentPort === null) throw new TypeError('this module is for worker threads')
const port = parentPort
const { environment, maxBlockBytes, overtaken } = workerData as WriterSetup
const database = openEnvironment(environment)
const say = (reply: WriterReply): void => port.postMessage(reply)

function write({ changes, id }: Extract<WriterMessage, { type: 'write' }>): WriterReply {
  const isWanted = (): boolean => Atomics.load(overtaken, 0) < id
  try {
    return {
      type: 'done',
      isWritten: writeChanges(database, unpackChanges(changes), maxBlockBytes, isWanted),
    }
  } catch (cause) {
    const error = storeErrorOf(cause, environment.file, 2 * changes.bytes.byteLength + TRANSACTION_OVERHEAD)
    const message = error instanceof Error ? error.message : String(error)
    return { type: 'failed', code: error instanceof CodedError ? error.code : undefined, message }
  }
}

port.on('message', async (message: WriterMessage) => {
  if (message.type === 'write') {
    say(write(message))
    return
  }
  await database.close()
  port.close()
})
say({ type: 'ready' })
