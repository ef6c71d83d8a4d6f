import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { codeBlocks, localLinks } from '@troupe/docs'
import { compileFixture } from '@troupe/fixtures'
import { rulesOf } from '@troupe/hypervisor'
import { encodeCar } from '@troupe/ipld/car'
import { createTestNetwork } from '@troupe/testkit'
import { beforeAll, describe, expect, it } from 'vitest'

const repository = new URL('../../../', import.meta.url)
// Node strips no types below node_modules, so the examples are written beside this package's own sources.
const scratch = new URL('../.cache/readme/', import.meta.url)
const troupe = fileURLToPath(new URL('apps/cli/bin/troupe.js', repository))
const readme = await readFile(new URL('README.md', repository), 'utf8')

describe('the README of troupe', async () => {
  const text = await readFile(new URL('packages/troupe/README.md', repository), 'utf8')
  const examples = codeBlocks(text, 'ts')
  /** What the examples print, in their order. */
  const expected: readonly [what: string, output: RegExp][] = [
    ['a transfer', /^OK \d+n exact\n10000000000000000000005n t0101 1n\n$/],
    ['impersonation', /^simulated \[ 'the sender f01 cannot send messages, and is impersonated' \]\n$/],
    ['a required fidelity', /^message\/fidelity\n1n\n$/],
    ["a wallet's transaction", /^eip1559\nOK true 1\n$/],
    ['an edit', /^0n 1000000000000000000n\n8n\n$/],
    ['a store that answers later', /^10000000000000000000005n\n$/],
    ['an account of another key', /^ed25519account\n$/],
    ['a message at the end of the block', /^OK\n$/],
  ]

  it('has no example that is not run', () => {
    expect(examples).toHaveLength(expected.length)
  })

  it.each(expected)('has an example of %s that runs as it stands', async (what, output) => {
    const index = expected.findIndex(([name]) => name === what)
    const file = `troupe-${index}.ts`
    await mkdir(scratch, { recursive: true })
    await writeFile(new URL(file, scratch), examples[index] ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: scratch })
    expect(stdout).toMatch(output)
  })
})

describe('the README of rpc', () => {
  it('has an example that runs as it stands', async () => {
    const text = await readFile(new URL('packages/rpc/README.md', repository), 'utf8')
    await mkdir(scratch, { recursive: true })
    await writeFile(new URL('rpc.ts', scratch), codeBlocks(text, 'ts')[0] ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['rpc.ts'], { cwd: scratch })
    expect(stdout).toBe("{ jsonrpc: '2.0', id: 1, result: '0x1df5e76' }\n0x0\n")
  })

  it('has an example of a provider that runs as it stands', async () => {
    const text = await readFile(new URL('packages/rpc/README.md', repository), 'utf8')
    await mkdir(scratch, { recursive: true })
    await writeFile(new URL('provider.ts', scratch), codeBlocks(text, 'ts')[1] ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['provider.ts'], { cwd: scratch })
    expect(stdout).toBe('10000\n')
  })
})

describe('the README of server', () => {
  it('has an example that runs as it stands', async () => {
    const text = await readFile(new URL('packages/server/README.md', repository), 'utf8')
    await mkdir(scratch, { recursive: true })
    await writeFile(new URL('server.ts', scratch), codeBlocks(text, 'ts')[0] ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['server.ts'], { cwd: scratch })
    expect(stdout).toBe(
      "{ jsonrpc: '2.0', id: 1, result: '0x1df5e76' }\n{ status: 'ok', epoch: 0, timestamp: 1767225600 }\n",
    )
  })
})

describe('the README of runtime-evm', () => {
  it('has an example that runs as it stands', async () => {
    const text = await readFile(new URL('packages/runtime-evm/README.md', repository), 'utf8')
    await mkdir(scratch, { recursive: true })
    await writeFile(new URL('evm.ts', scratch), codeBlocks(text, 'ts')[0] ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['evm.ts'], { cwd: scratch })
    expect(stdout).toBe('43n 6n\n1 calibrated 33\n')
  })
})

/** ABI and initcode of a contract, as tools keep them. */
function compileContract(name: string, content: string): string {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
  const settings = { outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } }, evmVersion: 'cancun' }
  const input = { language: 'Solidity', sources: { [name]: { content } }, settings }
  const { abi, evm } = JSON.parse(solc.compile(JSON.stringify(input))).contracts[name][name]
  return JSON.stringify({ abi, bytecode: `0x${evm.bytecode.object}` })
}

describe('README', () => {
  beforeAll(async () => {
    await rm(scratch, { recursive: true, force: true })
    await mkdir(scratch, { recursive: true })
  })

  it('has an example of a chain that runs as it stands', async () => {
    const [example] = codeBlocks(readme, 'ts')
    await writeFile(new URL('counter.wasm', scratch), await compileFixture('counter', { generation: 4 }))
    await writeFile(new URL('chain.ts', scratch), example ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['chain.ts'], { cwd: scratch })
    expect(stdout).toMatch(/^5n \d+n 3n\n0n 5n\n$/)
  })

  it('shows what troupe dev begins with', async () => {
    const shown = codeBlocks(readme, 'text').find((text) => text.startsWith('troupe ')) ?? ''
    const child = spawn(process.execPath, [troupe, 'dev', '--port', '0', '--dir', '.', '--fresh'], {
      cwd: scratch,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let printed = ''
    for await (const chunk of child.stdout) {
      printed += String(chunk)
      if (/^State .*\n/mu.test(printed)) child.kill('SIGINT')
    }
    const directory = fileURLToPath(scratch)
    const plain = (text: string): string[] =>
      text
        .replace(/in \d+ ms/u, 'in N ms')
        .replaceAll(/127\.0\.0\.1:\d+/gu, '127.0.0.1:8545')
        .replace(directory, '.troupe/')
        .split('\n')
    const [lines, begin] = [plain(printed), plain(shown)]
    expect(lines.slice(0, 10)).toEqual(begin.slice(0, 10))
    // The rest of the accounts is left out.
    const cut = begin.indexOf('…')
    expect(lines.slice(lines.length - (begin.length - cut - 1))).toEqual(begin.slice(cut + 1))
  })

  it('has an example of a contract that runs as it stands', async () => {
    const [, , example] = codeBlocks(readme, 'ts')
    const source = new URL('examples/viem/contracts/Counter.sol', repository)
    await writeFile(
      new URL('Counter.json', scratch),
      compileContract('Counter', await readFile(source, 'utf8')),
    )
    await writeFile(new URL('contract.ts', scratch), example ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['contract.ts'], { cwd: scratch })
    expect(stdout).toMatch(/^5n t410f[a-z2-7]+\n$/)
  })

  it('has an example of a machine that runs as it stands', async () => {
    const [, example] = codeBlocks(readme, 'ts')
    const network = await createTestNetwork({
      rules: rulesOf(20),
      actors: { 100: { code: 'account', balance: 10n ** 18n }, 101: { code: 'account' } },
    })
    const root = network.machine.flush()
    await writeFile(new URL('state.car', scratch), encodeCar([root], network.blocks.entries()))
    await writeFile(new URL('readme.ts', scratch), example ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['readme.ts'], { cwd: scratch })
    expect(stdout).toMatch(/^0 \d+n exact bafy2bza\w+\n$/)
  })

  it('links to files that are there', () => {
    const missing = localLinks(readme).filter((target) => !existsSync(new URL(target, repository)))
    expect(missing).toEqual([])
  })

  it('names scripts that package.json has', async () => {
    const { scripts } = JSON.parse(await readFile(new URL('package.json', repository), 'utf8')) as {
      scripts: object
    }
    const named = new Set(
      [...readme.matchAll(/^ {4}npm (?:run )?([a-z]+)/gm)].map(([, name]) => name as string),
    )
    expect(named.size).toBeGreaterThan(2)
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })
})
