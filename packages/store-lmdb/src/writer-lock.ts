import { join } from 'node:path'
import { type Database, openEnvironment } from './environment.ts'
import { LmdbStoreError } from './errors.ts'

/**
 * The right to write to the store in a directory. One process has it at a time.
 *
 * It is the table of readers of an environment of its own, which only writers open: whoever writes is a reader there. LMDB locks the number of each such
 * process in the lock file (fcntl), and the system takes the lock back when the process ends, however it ends. So a process that was killed holds
 * nothing, and another that has got its number holds nothing for it.
 */
export class WriterLock {
  readonly #environment: Database
  readonly #transaction: { done(): void }

  private constructor(environment: Database, transaction: { done(): void }) {
    this.#environment = environment
    this.#transaction = transaction
  }

  /** @throws {LmdbStoreError} store-lmdb/locked, with who holds it */
  static async acquire(directory: string): Promise<WriterLock> {
    const [file, lockFile] = ['writer.mdb', 'writer.mdb-lock'].map((name) => join(directory, name)) as [
      string,
      string,
    ]
    const environment = openEnvironment({ file, lockFile, readers: 64, isForWriting: true })
    // In a transaction only one process at a time looks and takes its place.
    const holder = environment.transactionSync(() => {
      environment.readerCheck()
      const [pid] = readerPids(environment)
      return pid ?? environment.useReadTransaction()
    })
    if (typeof holder !== 'number') return new WriterLock(environment, holder)
    await environment.close()
    const who = holder === process.pid ? 'this process' : `the process ${holder}`
    throw new LmdbStoreError('store-lmdb/locked', `${directory} is written to by ${who}`, { pid: holder })
  }

  async release(): Promise<void> {
    this.#transaction.done()
    await this.#environment.close()
  }
}

/** The processes in the table of readers, which LMDB gives as text: a line of titles, and then a number, a thread and a transaction a line. */
function readerPids(environment: Database): number[] {
  return environment
    .readerList()
    .split('\n')
    .map((line) => /^\s*(\d+)\s/.exec(line)?.[1])
    .filter((pid) => pid !== undefined)
    .map(Number)
}
