import { basename } from 'node:path'
import type { CryptoProvider } from '@troupe/crypto'
import { createFilecoinPrecompiles, createPrecompiles, type PrecompileResult } from '@troupe/runtime-evm'
import { describeError } from '../../describe-error.ts'
import { readBounded } from '../../files.ts'
import type { VectorAnswer, VectorOutcome, VectorTask } from '../task.ts'
import { decodeText } from '../vector-text.ts'
import { MAX_TABLE_LENGTH, type PrecompileCase, parsePrecompileTable, subjectOf } from './precompile-table.ts'

/** The release of the built-in actors whose EVM actor the cases are tried on too. */
const RELEASE = 18

/**
 * Runs the cases of a table: on Ethereum, prices included, and as Filecoin's EVM actor has the precompile. Whatever keeps one from being run is an outcome: a
 * suite goes on with the next one.
 */
export function performPrecompileTable({ file, name }: VectorTask, crypto: CryptoProvider): VectorAnswer {
  const start = performance.now()
  try {
    const subject = subjectOf(basename(name, '.json'))
    if (subject === undefined)
      return [{ id: name, status: 'skipped', reason: 'nobody knows this table', gas: 0n, milliseconds: 0 }]
    const ethereum = createPrecompiles(subject.rows, crypto).get(subject.address)
    if (ethereum === undefined) throw new TypeError('the rows have no such precompile')
    const filecoin = createFilecoinPrecompiles(RELEASE, crypto).get(subject.address)
    const cases = parsePrecompileTable(decodeText(readBounded(file, MAX_TABLE_LENGTH), file))
    return cases.map((each, index): VectorOutcome => {
      const begin = performance.now()
      const gas = ethereum.gas(each.input)
      const differences = [
        each.gas === undefined || each.gas === gas ? '' : `gas is ${gas}, not ${each.gas}`,
        differenceOf(each, ethereum.run(each.input)),
        filecoin === undefined ? '' : prefixed('on Filecoin ', differenceOf(each, filecoin.run(each.input))),
      ].filter((text) => text !== '')
      const id = `${name}#${index}`
      const milliseconds = performance.now() - begin
      if (differences.length === 0) return { id, status: 'passed', gas: BigInt(gas), milliseconds }
      return {
        id,
        status: 'failed',
        reason: `${each.name}: ${differences.join('; ')}`,
        gas: BigInt(gas),
        milliseconds,
      }
    })
  } catch (error) {
    const report = describeError(error)
    const reason = `${report.code}: ${report.message}`
    return [
      { id: name, status: 'failed', reason, error: report, gas: 0n, milliseconds: performance.now() - start },
    ]
  }
}

/** How a result is not what it should be; empty where it is. */
function differenceOf({ output }: PrecompileCase, result: PrecompileResult): string {
  if (output === undefined)
    return typeof result === 'string' ? '' : `the output is ${hex(result)}, where it should have failed`
  if (typeof result === 'string') return `it failed (${result}), where it should give ${hex(output)}`
  return hex(result) === hex(output) ? '' : `the output is ${hex(result)}, not ${hex(output)}`
}

function prefixed(prefix: string, text: string): string {
  return text === '' ? '' : prefix + text
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
