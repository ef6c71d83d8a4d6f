/**
 * @module A setup file of vitest: what the messages of each test come to goes along with the test's result. It runs in Node and in browsers, and records nothing that may differ from host
 * to host. Messages of other threads and processes are not seen.
 */
import { CodedError, loadCrypto } from '@troupe/crypto'
import { Executor, Machine, type MessageResult } from '@troupe/hypervisor'
import { SesRuntime } from '@troupe/runtime-ses'
import fc from 'fast-check'
import { afterEach } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** One line for each message and state root: what came of the test, and of hooks before it. */
    receipts?: string[]
    /** Images that were made meanwhile, by what they are of. Which test makes them depends on what ran before it. */
    images?: Record<string, string>
  }
}

/** Tests of random messages have the same ones everywhere. */
const SEED = 1
/** Most bytes that are told as they are. */
const SHOWN = 32

const crypto = await loadCrypto()

interface Recorder {
  lines: string[]
  images: Record<string, string>
}

/** The recorder of this realm. Where files share their modules, this one runs once for each of them, and patches what it records once. */
function recorderOf(realm: { troupeReceipts?: Recorder }): Recorder {
  realm.troupeReceipts ??= patch({ lines: [], images: {} })
  return realm.troupeReceipts
}

function patch(recorder: Recorder): Recorder {
  const { execute } = Executor.prototype
  Executor.prototype.execute = function (...call) {
    return recording(recorder, () => execute.apply(this, call), receiptLine)
  }
  const { flush } = Machine.prototype
  Machine.prototype.flush = function () {
    return recording(recorder, () => flush.call(this), String)
  }
  const { load } = SesRuntime.prototype
  SesRuntime.prototype.load = function (cid, code, rules) {
    let block: Uint8Array | undefined
    const program = load.call(
      this,
      cid,
      () => {
        block = code()
        return block
      },
      rules,
    )
    // Who knows a program already does not ask for its code.
    if (program !== undefined && block !== undefined)
      recorder.images[`${cid} on ${this.imageCid(rules)} by ${rules.name}`] = String(
        this.codeImageCid(cid, block, rules),
      )
    return program
  }
  return recorder
}

/** Writes a line of what something gave, or of what it failed with. */
function recording<T>(recorder: Recorder, run: () => T, line: (result: T) => string): T {
  try {
    const result = run()
    recorder.lines.push(line(result))
    return result
  } catch (error) {
    recorder.lines.push(`failed ${error instanceof CodedError ? error.code : 'otherwise'}`)
    throw error
  }
}

function receiptLine({ receipt, fidelity }: MessageResult): string {
  const { exitCode, returnData, gasUsed, eventsRoot } = receipt
  return `exit ${exitCode} gas ${gasUsed} ${digest(returnData)} ${eventsRoot ?? 'no events'} ${fidelity.level}`
}

/** Bytes in hexadecimal digits; of many, a hash. */
function digest(bytes: Uint8Array): string {
  const shown = bytes.length > SHOWN ? crypto.blake2b(bytes, 32) : bytes
  return `${bytes.length}:${Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

const recorder = recorderOf(globalThis as { troupeReceipts?: Recorder })
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED })
afterEach(({ task }) => {
  if (recorder.lines.length > 0) task.meta.receipts = recorder.lines
  if (Object.keys(recorder.images).length > 0) task.meta.images = recorder.images
  recorder.lines = []
  recorder.images = {}
})
