import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JsonValue } from '../../src/conformance/exact-json.ts'
import { type OpenedVector, openVector } from '../../src/conformance/open-vector.ts'
import { parseVector, parseVectorJson } from '../../src/conformance/vector.ts'
import { VECTOR_LIMITS } from '../../src/conformance/vector-text.ts'
import { temporaryDirectory } from '../support/run.ts'
import { crypto, vectorParts } from '../support/vector.ts'

async function open(content: string | Uint8Array): Promise<OpenedVector | undefined> {
  const file = join(temporaryDirectory(), 'vector.json')
  writeFileSync(file, content)
  return openVector(file)
}

describe('a vector that is opened for another thread', () => {
  it('is the same vector there', async () => {
    const text = JSON.stringify(vectorParts())
    const opened = (await open(text)) as OpenedVector
    const { json, car } = structuredClone(opened, { transfer: [opened.car.buffer] })
    expect(opened.car.length).toBe(0)
    expect(parseVectorJson(new JsonValue(json), crypto, VECTOR_LIMITS, car)).toEqual(
      parseVector(text, crypto),
    )
  })

  it('keeps integers of more bits than a double has', async () => {
    const opened = await open(JSON.stringify({ ...vectorParts(), more: 0 }).replace(/0}$/, `${2n ** 90n}}`))
    expect(opened?.json).toMatchObject({ more: 2n ** 90n })
  })

  it('is left to that thread where anything is wrong with it', async () => {
    const parts = vectorParts()
    const text = JSON.stringify(parts)
    expect(await openVector(join(temporaryDirectory(), 'missing'))).toBeUndefined()
    expect(await openVector(temporaryDirectory())).toBeUndefined()
    expect(await open('')).toBeUndefined()
    expect(await open('[]')).toBeUndefined()
    expect(await open('{}')).toBeUndefined()
    expect(await open(text.slice(0, -1))).toBeUndefined()
    expect(await open(Uint8Array.of(0xff))).toBeUndefined()
    expect(await open(JSON.stringify({ ...parts, car: 'AAAA' }))).toBeUndefined()
    expect(await open(JSON.stringify({ ...parts, car: '*' }))).toBeUndefined()
  })
})
