import { compileFixture } from '@troupe/fixtures'
import { MemoryStore } from '@troupe/ipld/store'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { createTroupe, networks, readStateCar } from 'troupe'
import { beforeAll, describe, expect, it } from 'vitest'

const code = (value: string) => expect.objectContaining({ code: value })
let counterCode: Uint8Array
beforeAll(async () => {
  counterCode = await compileFixture('counter', { generation: 4 })
})

describe('code of users', () => {
  it('is installed by a message, and becomes actors', async () => {
    await using vm = await createTroupe({ runtimes: [wasmRuntime()] })
    const counter = await vm.deploy(counterCode)
    const other = await vm.deploy(counterCode)
    expect(other.address).not.toEqual(counter.address)
    // Installed once, created twice.
    expect(vm.head.epoch).toBe(3n)
    await counter.send(2, [5n])
    await counter.send(2, [37n])
    expect((await counter.view(3)).value).toBe(42n)
    expect((await other.view(3)).value).toBe(0n)
    expect((await vm.resolve(counter))?.type).toBeUndefined()
  })

  it('is part of the state: what is exported can be called elsewhere', async () => {
    await using vm = await createTroupe({ runtimes: [wasmRuntime()] })
    const counter = await vm.deploy(counterCode)
    await counter.send(2, [7n])
    const state = readStateCar(await vm.exportCar(), vm.crypto)
    await using copy = await createTroupe({ state, runtimes: [wasmRuntime()], store: new MemoryStore() })
    expect((await copy.actor(counter).view(3)).value).toBe(7n)
  })

  it('is refused where no runtime takes it, where it is too long, and where users install none', async () => {
    await using vm = await createTroupe({ runtimes: [wasmRuntime()] })
    await expect(vm.install(Uint8Array.of(1, 2, 3))).rejects.toThrow(code('actor/failed'))
    await expect(vm.install(new Uint8Array(2 ** 21))).rejects.toThrow(code('message/params'))
    await using filecoin = await createTroupe({ network: networks.filecoin(28), runtimes: [wasmRuntime()] })
    await expect(filecoin.deploy(counterCode.subarray(0, 1000))).rejects.toThrow(code('actor/failed'))
  })
})
