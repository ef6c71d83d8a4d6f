/**
 * @module A process that asks and collects until it is killed: `node asker.ts DIRECTORY SEED`.
 *
 * It says `opening`, then `open` where it has an answer from the actors, and after each block how many numbers were asked so far.
 */
import { writeSync } from 'node:fs'
import { loadCrypto } from '@troupe/crypto'
import { createRandom } from '../random.ts'
import { AskingChain } from './asking-chain.ts'

const [directory = '', seed] = process.argv.slice(2)
const random = createRandom(Number(seed))

/** Said before anything else happens: what a pipe holds outlives who wrote it. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

say('opening')
const chain = await AskingChain.open(directory, await loadCrypto())
let { asked } = await chain.report()
say('open')
for (;;) {
  if (asked === 0n || random(2) === 0) {
    await chain.ask()
    asked++
  } else await chain.collect(BigInt(random(Number(asked))))
  say(String(asked))
}
