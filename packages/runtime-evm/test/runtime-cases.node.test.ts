import { loadCrypto } from '@troupe/crypto'
import { runtimeCases } from '@troupe/testkit/runtimes'
import { evmSubject } from './support/subject.ts'

const crypto = await loadCrypto()

await runtimeCases("a contract with Filecoin's gas", evmSubject(crypto, 'fvm'))
await runtimeCases("a contract with Ethereum's gas", evmSubject(crypto, 'ethereum'))
