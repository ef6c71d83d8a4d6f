import { blockstoreCases, chainStoreCases } from '@troupe/testkit/stores'
import { temporaryStores } from './temporary.ts'

const stores = temporaryStores()

blockstoreCases('LmdbStore', () => stores.open())
chainStoreCases('LmdbStore', () => stores.open())
chainStoreCases('LmdbStore that writes several commits at once', () =>
  stores.open(undefined, { commitsPerSync: 3 }),
)
chainStoreCases('LmdbStore that does not wait for the last commit', () =>
  stores.open(undefined, { isDurable: false }),
)
