import { Container } from '@troupe/container'
import { NV18, NV28 } from '@troupe/hypervisor'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ENGINE, type EngineImports, type EngineModule } from '../src/engine.ts'
import { invokeGuest } from './support/invoke-guest.ts'
import { wat } from './support/wat.ts'

const guest = (result: number): Uint8Array<ArrayBuffer> =>
  wat(
    `(module (memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) (i32.const ${result})))`,
  )

const { Instance } = ENGINE
/** How many instances the engine refuses from now on, as it does where no address space is left; and how many it was asked for. */
let refusals = 0
let asked = 0

beforeEach(() => {
  asked = 0
  Object.assign(ENGINE, {
    Instance: class extends Instance {
      constructor(module: EngineModule, imports: EngineImports) {
        asked++
        if (refusals-- > 0)
          throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory')
        super(module, imports)
      }
    },
  })
})

afterEach(() => {
  Object.assign(ENGINE, { Instance })
})

// The same code is another module under other rules.
it('lets go of the instances that wait where there is no memory for another, and tries once more', async () => {
  const container = new Container()
  for (let call = 0; call < 3; call++) await invokeGuest(guest(1), { rules: NV18, container })
  asked = 0
  refusals = 1
  expect((await invokeGuest(guest(2), { rules: NV28, container })).end).toEqual({ type: 'return', handle: 2 })
  expect(asked).toBe(2)
  // Nothing waits any more.
  await invokeGuest(guest(1), { rules: NV18, container })
  expect(asked).toBe(3)
})

it('is a failure of the host where that does not help, or nothing waits', async () => {
  const container = new Container()
  const exhausted = {
    end: { type: 'host-failure', error: { code: 'host/memory-exhausted' } },
    result: undefined,
  }
  refusals = 1
  expect(await invokeGuest(guest(1), { rules: NV18, container })).toMatchObject(exhausted)
  for (let call = 0; call < 3; call++) await invokeGuest(guest(1), { rules: NV18, container })
  refusals = 2
  expect(await invokeGuest(guest(2), { rules: NV28, container })).toMatchObject(exhausted)
})
