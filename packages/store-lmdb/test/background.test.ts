import type { LmdbStore } from '@troupe/store-lmdb'
import { expect, test } from 'vitest'
import { leaf, temporaryStores, text } from './temporary.ts'

const stores = temporaryStores()

const KEY = text('head')

function commit(store: LmdbStore, value: string): void {
  store.commit({ blocks: [leaf(value)], refs: [{ namespace: 'chain', key: KEY, value: text(value) }] })
}

function headOf(store: LmdbStore): string | undefined {
  const value = store.getRef('chain', KEY)
  return value && new TextDecoder().decode(value)
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2))

/** A store whose thread writes already, and a reader of what is on disk. */
async function opened(
  options: Parameters<typeof stores.open>[1] = {},
): Promise<{ store: LmdbStore; reader: LmdbStore; directory: string }> {
  const directory = stores.next()
  const store = await stores.open(directory, { commitsPerSync: 1_000, ...options })
  const reader = await stores.open(directory, { readOnly: true })
  // Until the thread is there, who asks waits for the disk, and it is there at once.
  for (let number = 0; ; number++) {
    commit(store, `${number}`)
    const synced = store.syncAside()
    const isThereAtOnce = headOf(reader) === `${number}`
    await synced
    await turn()
    expect(headOf(reader)).toBe(`${number}`)
    if (!isThereAtOnce) return { store, reader, directory }
  }
}

test('a store syncs aside: what is committed meanwhile is read at once, and written by the next', async () => {
  const { reader, store } = await opened()
  await using _ = store
  await using __ = reader
  commit(store, 'a')
  const synced = store.syncAside()
  commit(store, 'b')
  expect([headOf(store), store.get(leaf('a')[0]), store.get(leaf('b')[0])]).toEqual([
    'b',
    leaf('a')[1],
    leaf('b')[1],
  ])
  await synced
  await turn()
  expect([headOf(store), headOf(reader), reader.has(leaf('b')[0])]).toEqual(['b', 'a', false])
  const before = store.statistics()
  await store.syncAside()
  await turn()
  expect([headOf(store), headOf(reader)]).toEqual(['b', 'b'])
  expect([before, store.statistics()]).toEqual([reader.statistics(), reader.statistics()])
  expect(store.listRefs('chain')).toEqual(reader.listRefs('chain'))
  await store.syncAside()
})

test('what is removed while it is being written stays removed', async () => {
  const { reader, store } = await opened()
  await using _ = store
  await using __ = reader
  commit(store, 'a')
  const synced = store.syncAside()
  store.commit({ refs: [{ namespace: 'chain', key: KEY, value: undefined }] })
  await synced
  expect(headOf(store)).toBeUndefined()
  await store.syncAside()
  await turn()
  expect([headOf(store), headOf(reader)]).toEqual([undefined, undefined])
})

test('who syncs at once overtakes what is being written, and is never undone by it', async () => {
  const { reader, store } = await opened()
  await using _ = store
  await using __ = reader
  for (let number = 0; number < 30; number++) {
    commit(store, `old ${number}`)
    const synced = store.syncAside()
    if (number % 3 === 1) await new Promise((resolve) => setImmediate(resolve))
    commit(store, `new ${number}`)
    store.sync()
    await synced
    await turn()
    expect([headOf(store), headOf(reader)]).toEqual([`new ${number}`, `new ${number}`])
    expect(reader.has(leaf(`old ${number}`)[0])).toBe(true)
  }
})

test('a store that is closed meanwhile has all that was committed', async () => {
  const { directory, reader, store } = await opened()
  await reader.close()
  commit(store, 'a')
  const synced = store.syncAside()
  commit(store, 'b')
  await store.close()
  await synced
  await expect(store.syncAside()).rejects.toMatchObject({ code: 'store/closed' })
  await using again = await stores.open(directory)
  expect([headOf(again), again.get(leaf('a')[0])]).toEqual(['b', leaf('a')[1]])
})

test('what does not fit waits on, for whoever asks', async () => {
  const { reader, store } = await opened({ maxBlockBytes: 100 })
  await using __ = reader
  commit(store, 'x'.repeat(200))
  const asked = [store.syncAside(), store.syncAside()]
  for (const synced of asked)
    await expect(synced).rejects.toMatchObject({ code: 'store/full', name: 'IpldError' })
  await turn()
  expect([headOf(store)?.length, headOf(reader)?.length]).toEqual([200, 1])
  expect(() => store.sync()).toThrow(expect.objectContaining({ code: 'store/full' }))
  await expect(store.syncAside()).rejects.toMatchObject({ code: 'store/full' })
  await expect(store.close()).rejects.toMatchObject({ code: 'store/full' })
})

test('a store that is only read syncs nothing', async () => {
  const directory = stores.next()
  await (await stores.open(directory)).close()
  await using reader = await stores.open(directory, { readOnly: true })
  await expect(reader.syncAside()).rejects.toMatchObject({ code: 'store/read-only' })
})
