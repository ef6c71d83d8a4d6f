import { MemoryStore } from '@troupe/ipld'
import { blockstoreCases, chainStoreCases } from '@troupe/testkit/stores'

blockstoreCases('MemoryStore', () => new MemoryStore())
chainStoreCases('MemoryStore', () => new MemoryStore())
