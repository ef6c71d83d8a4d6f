import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers'
import hardhatNodeTestRunner from '@nomicfoundation/hardhat-node-test-runner'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import hardhatViemAssertions from '@nomicfoundation/hardhat-viem-assertions'
import { defineConfig } from 'hardhat/config'

export default defineConfig({
  plugins: [hardhatNodeTestRunner, hardhatViem, hardhatNetworkHelpers, hardhatViemAssertions],
  solidity: {
    // The compiler comes from npm with everything else, so that nothing is downloaded when a test is run. Without `path`, Hardhat downloads its own.
    version: '0.8.29',
    path: new URL('./node_modules/solc/soljson.js', import.meta.url).pathname,
    settings: { evmVersion: 'cancun', optimizer: { enabled: true } },
  },
  networks: {
    troupe: { type: 'http', chainType: 'generic', url: process.env['TROUPE_URL'] ?? 'http://127.0.0.1:8545' },
  },
})
