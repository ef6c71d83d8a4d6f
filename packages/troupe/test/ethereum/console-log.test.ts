import { loadCrypto } from '@troupe/crypto'
import { CallTree, ethereumAddress, Manifest } from '@troupe/hypervisor'
import { CborWriter } from '@troupe/ipld'
import { getBytes, Interface } from 'ethers'
import { ConsoleReader, MAX_CONSOLE_LINE_LENGTH } from 'troupe/ethereum'
import { createNames, renderCallTree } from 'troupe/trace'
import { describe, expect, it } from 'vitest'

const CONSOLE = ethereumAddress(getBytes('0x000000000000000000636F6e736F6c652e6c6f67'))

function treeOf(input: Uint8Array): CallTree {
  const tree = new CallTree()
  tree.listener({
    ...{
      type: 'call',
      from: 100n,
      to: CONSOLE,
      method: 3_844_450_837n,
      value: 0n,
      gasLimit: 1n,
      readOnly: true,
    },
    parameters: { codec: 0x51, data: new CborWriter().bytes(input).finish() },
  })
  return tree
}

async function said(input: Uint8Array): Promise<string[]> {
  return new ConsoleReader(await loadCrypto()).read(treeOf(input), 10).map(({ text }) => text)
}

const encode = (signature: string, args: unknown[]): Uint8Array =>
  getBytes(new Interface([`function ${signature}`]).encodeFunctionData(signature, args))

describe('console.log', () => {
  it.each([
    ['log()', [], ''],
    ['log(string)', ['hello'], 'hello'],
    ['log(uint256)', [7n], '7'],
    ['log(int256)', [-7n], '-7'],
    ['log(bool)', [true], 'true'],
    [
      'log(address)',
      ['0x000000000000000000000000000000000000dEaD'],
      '0x000000000000000000000000000000000000dead',
    ],
    ['log(string,uint256)', ['%s is it', 42n], '42 is it'],
    ['log(string,int256)', ['minus', -1n], 'minus -1'],
    ['log(string,string,bool,uint256)', ['%s, %d%% and', 'a', false, 9n], 'a, false% and 9'],
    ['log(uint256,uint256,uint256,uint256)', [1n, 2n, 3n, 4n], '1 2 3 4'],
    ['logBytes(bytes)', ['0x1234'], '0x1234'],
    ['logBytes4(bytes4)', ['0x12345678'], '0x12345678'],
    ['logBytes32(bytes32)', [`0x${'12'.repeat(32)}`], `0x${'12'.repeat(32)}`],
    ['logUint(uint256)', [5n], '5'],
    ['logInt(int256)', [-5n], '-5'],
    ['log(string)', ['x'.repeat(MAX_CONSOLE_LINE_LENGTH + 1)], 'x'.repeat(MAX_CONSOLE_LINE_LENGTH)],
  ])('says %s', async (signature, args, text) => {
    expect(await said(encode(signature, args))).toEqual([text])
  })

  it('says nothing of what it does not know, and shows what does not fit as that', async () => {
    expect(
      await said(encode('transfer(address,uint256)', ['0x000000000000000000000000000000000000dEaD', 1n])),
    ).toEqual([])
    const text = encode('log(string)', ['hello'])
    expect(await said(text.subarray(0, 4))).toEqual(['?'])
    expect(await said(text.subarray(0, 70))).toEqual(['?'])
    const far = text.slice()
    far[35] = 0xff
    expect(await said(far)).toEqual(['?'])
  })

  it('stands in a trace as what it says, and cannot move the cursor', async () => {
    const names = createNames(new Manifest([]), await loadCrypto())
    const lines = renderCallTree(treeOf(encode('log(string)', ['two\nlines \u001b[31m'])), names)
    expect(lines.at(-1)).toContain('console.log two\\u{a}lines \\u{1b}[31m')
  })
})
