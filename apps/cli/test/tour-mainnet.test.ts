import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MemoryBlockstore } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { runVariant } from '../src/conformance/run-vector.ts'
import { parseVector, type Vector } from '../src/conformance/vector.ts'
import { drawMainnet } from '../src/tour/draw-tour.ts'
import { type MainnetReport, replayMainnet } from '../src/tour/mainnet.ts'
import { run, temporaryDirectory } from './support/run.ts'
import { BUNDLE, crypto, type VectorOptions, vectorParts } from './support/vector.ts'

/** A vector that passes. */
function passing(options: VectorOptions): string {
  const vector = parseVector(JSON.stringify(vectorParts(options)), crypto) as Vector
  const code = new MemoryBlockstore()
  for (const [cid, bytes] of BUNDLE.blocks) code.put(cid, bytes)
  const variant = vector.variants[0] as Vector['variants'][number]
  const { root } = runVariant(vector, variant, { crypto, code, runtimes: [] })
  return JSON.stringify(vectorParts({ ...options, postRoot: root }))
}

/** Replays what there is to replay where there are these vectors, and perhaps the code of their actors. */
async function replay(vectors: Readonly<Record<string, string>>, hasCode: boolean): Promise<MainnetReport> {
  const home = temporaryDirectory()
  const env = { TROUPE_HOME: join(home, 'home'), TROUPE_VECTORS: join(home, 'vectors') }
  for (const [name, text] of Object.entries(vectors)) {
    const file = join(env.TROUPE_VECTORS, 'fvm', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  writeFileSync(join(home, 'v10.car'), BUNDLE.car)
  if (hasCode) await run(['bundle', 'add', 'v10.car'], { directory: home, env })
  return replayMainnet({ env, platform: process.platform, home })
}

const ADD_BALANCE = '0002-hygge-01/fil_10_storagemarket/AddBalance/Ok'
const CREATE_MINER = '0002-hygge-01/fil_10_storagepower/CreateMiner/Ok'
const PROPOSE = '0001-shark-01/fil_9_multisig/Propose/Ok'

describe('replaying messages of mainnet', () => {
  it('takes the first vector of each family it wants, and compares', async () => {
    const { messages, missing } = await replay(
      {
        [`${ADD_BALANCE}/a.json`]: passing({ id: 'a' }),
        [`${ADD_BALANCE}/b.json`]: passing({ id: 'b' }),
        [`${CREATE_MINER}/c.json`]: JSON.stringify(vectorParts({ id: 'c', gasUsed: 5n })),
        [`${PROPOSE}/d.json`]: '{',
        '0002-hygge-01/fil_10_account/Send/Ok/e.json': passing({ id: 'e' }),
      },
      true,
    )
    expect(missing).toEqual([])
    expect(messages.map(({ id, isAsRecorded }) => [id, isAsRecorded])).toEqual([
      [`${PROPOSE}/d.json`, false],
      ['a', true],
      ['c', false],
    ])
    expect(messages[1]?.executed).toMatchObject({
      networkVersion: 18,
      method: 'account.Send',
      exitName: 'OK',
      fidelity: 'exact',
    })
    const lines = drawMainnet(10, { messages, missing }, false)
    expect(lines.find((line) => line.includes('account.Send') && line.endsWith('✓'))).toBeDefined()
    expect(lines.find((line) => line.includes('✗ gas used: '))).toBeDefined()
    expect(lines.find((line) => line.includes('d.json') && line.includes('✗ vector/truncated'))).toBeDefined()
  })

  it('says that the code of the actors is missing', async () => {
    const report = await replay({ [`${ADD_BALANCE}/a.json`]: passing({ id: 'a' }) }, false)
    expect(report.messages).toEqual([])
    expect(report.missing).toEqual([expect.stringContaining('bundle add')])
    expect(drawMainnet(10, report, false).join('\n')).toContain('Not here: ')
  })

  it('says that vectors are missing, all or those that it wants', async () => {
    for (const vectors of [{}, { '0002-hygge-01/fil_10_account/Send/Ok/e.json': '{' }]) {
      const report = await replay(vectors, true)
      expect(report).toEqual({ messages: [], missing: [expect.stringContaining('TROUPE_VECTORS')] })
    }
  })

  it('does not take for exact what is as recorded, but simulated', () => {
    const executed = {
      networkVersion: 18,
      method: 'storageminer.SubmitWindowedPoSt',
      exitCode: 0,
      exitName: 'OK',
      gasUsed: 1n,
      fidelity: 'simulated',
    }
    const lines = drawMainnet(
      10,
      { messages: [{ id: 'a', executed, isAsRecorded: true }], missing: [] },
      false,
    )
    expect(lines.at(-2)).toMatch(/SubmitWindowedPoSt +OK +1 {2}✓ simulated$/)
  })
})
