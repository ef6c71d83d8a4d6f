import { loadCrypto } from '@troupe/crypto'
import { GasTracker, NV28, withUserActors } from '@troupe/hypervisor'
import { cidOf, RAW } from '@troupe/ipld'
import { sesRuntime } from '@troupe/runtime-ses'
import { SMALL_SDK } from '@troupe/testkit'
import { expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { MARKING_CODE, MARKS } from './support/marks.ts'

async function part(path: string): Promise<Uint8Array> {
  const text = await commands.readFile(`packages/runtime-ses/node_modules/${path}`, 'base64')
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

it('boots to the same image as in Node, and makes the same of an actor', async () => {
  const [engine, lockdown] = await Promise.all([
    part('quickjs-wasi/quickjs.wasm'),
    part('ses/dist/ses.umd.min.js'),
  ])
  const rules = withUserActors(NV28)
  const crypto = await loadCrypto()
  const runtime = sesRuntime({
    parts: { engine: () => engine, lockdown: () => lockdown, sdk: () => SMALL_SDK },
    crypto,
  })
  const code = new TextEncoder().encode(MARKING_CODE)
  const cid = cidOf(crypto, RAW, code)
  const gas = new GasTracker(10n ** 13n)
  expect(runtime.validate(cid, code, rules, undefined, gas)).toBe('accepted')
  expect({
    first: runtime.imageCid(rules).toString(),
    code: runtime.codeImageCid(cid, code, rules)?.toString(),
    gas: gas.used,
  }).toEqual(MARKS)
})
