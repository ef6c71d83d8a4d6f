/** @module The compiled contracts of builtin-actors' own tests, from a checkout: what is expected of them is said here in our words. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Assembler } from '@troupe/differential'
import { idAddress } from '@troupe/hypervisor'
import { expect } from 'vitest'
import { onBothActors } from './networks.ts'
import { ANSWER, PARROT } from './parrot.ts'
import { ask, caller } from './programs.ts'
import { bytesOf, ETHEREUM_ACCOUNT, masked, type Stage, WHO, wordOf, words } from './stage.ts'

const CHECKOUT = process.env['TROUPE_BUILTIN_ACTORS']
const NO_CHECKOUT = 'it needs a checkout of builtin-actors, named by TROUPE_BUILTIN_ACTORS'
const FOLDER = 'actors/evm/tests/contracts'
const OBSTACLE = CHECKOUT !== undefined && existsSync(join(CHECKOUT, FOLDER)) ? undefined : NO_CHECKOUT
const none = new Uint8Array()

function initcodeOf(path: string): Uint8Array {
  return Uint8Array.fromHex(readFileSync(join(CHECKOUT ?? '', FOLDER, path), 'utf8').trim())
}

/** The selector of a function, and words after it. */
function encode(
  stage: Stage,
  signature: string,
  ...rest: readonly (bigint | number | Uint8Array)[]
): Uint8Array {
  const selector = stage.crypto.keccak256(new TextEncoder().encode(signature)).subarray(0, 4)
  return Uint8Array.from([...selector, ...words(...rest)])
}

/** Gives attoFIL to a contract that takes none: those of one that destructs itself. */
function payTo(stage: Stage, contract: bigint, value: bigint): void {
  const code = new Assembler().push(contract).op('SELFDESTRUCT').finish()
  stage.create(code, { value })
}

onBothActors(
  'a compiled contract of builtin-actors',
  (play) => {
    play('SimpleCoin, compiled from Solidity and from Fe, has given its maker 10,000 coins', (stage) => {
      for (const path of ['simplecoin.hex', 'output/FeSimplecoin/FeSimplecoin.bin']) {
        const coin = stage.create(initcodeOf(path))
        const balance = (of: bigint): bigint =>
          wordOf(stage.call(coin, encode(stage, 'getBalance(address)', of)).output)
        expect(balance(0n)).toBe(0n)
        expect(balance(masked(WHO.account))).toBe(10_000n)
        stage.call(coin, encode(stage, 'sendCoin(address,uint256)', ETHEREUM_ACCOUNT, 77))
        expect([balance(masked(WHO.account)), balance(ETHEREUM_ACCOUNT)]).toEqual([9923n, 77n])
      }
    })

    play('TransientStorageTest finds its words in one message, and none of them in the next', (stage) => {
      const contract = stage.create(initcodeOf('TransientStorageTest.hex'))
      const other = stage.create(initcodeOf('TransientStorageTest.hex'))
      expect(stage.call(contract, encode(stage, 'runTests()')).exitCode).toBe(0)
      const later = encode(stage, 'testLifecycleValidationSubsequentTransaction()')
      expect(stage.call(contract, later).exitCode).toBe(0)
      for (const signature of ['testNestedContracts(address)', 'testReentry(address)'])
        expect(wordOf(stage.call(contract, encode(stage, signature, other)).output), signature).toBe(1n)
    })

    play('MCOPYTest gives back what it is given', (stage) => {
      const contract = stage.create(initcodeOf('MCOPYTest.hex'))
      const data = words(
        32,
        8,
        Uint8Array.from([...new TextEncoder().encode('testdata'), ...new Uint8Array(24)]),
      )
      expect(
        stage.call(contract, Uint8Array.from([...encode(stage, 'optimizedCopy(bytes)'), ...data])).output,
      ).toEqual(data)
    })

    play('BLSPrecompileCheck finds all precompiles of BLS12-381 right', (stage) => {
      const contract = stage.create(initcodeOf('BLSPrecompile.hex'))
      for (const name of ['G1Add', 'G1MSM', 'G2Add', 'G2MSM', 'MapFpToG1', 'MapFp2ToG2', 'Pairing'])
        for (const signature of [`test${name}()`, `test${name}Failure()`])
          expect(stage.call(contract, encode(stage, signature)), signature).toMatchObject({
            exitCode: 0,
            output: none,
          })
    })

    play('Secp256r1PrecompileCheck finds the precompile of P-256 right', (stage) => {
      const contract = stage.create(initcodeOf('Secp256r1Precompile.hex'))
      for (const name of [
        'Ok1',
        'FailWrongMsg1',
        'FailShortInput1',
        'FailLongInput',
        'FailInvalidSig',
        'FailInvalidPubkey',
      ])
        expect(stage.call(contract, encode(stage, `test${name}()`)), name).toMatchObject({
          exitCode: 0,
          output: none,
        })
    })

    play(
      'FilecoinFallback answers methods that no contract has, and is not asked of those that are kept',
      (stage) => {
        const contract = idAddress(stage.id(stage.create(initcodeOf('FilecoinFallback.hex'))))
        const call = (method: bigint): unknown => {
          const { exitCode, returnData } = stage.send(contract, method)
          return [exitCode, new TextDecoder().decode(returnData)]
        }
        expect(call(0x42n)).toEqual([22, ''])
        expect(call(1024n)).toEqual([0, ''])
        expect(call(1025n)).toEqual([0, 'foobar'])
        expect(call(1026n)).toEqual([42, ''])
        expect(call(1027n)).toEqual([42, 'foobar'])
        // It reverts without a reason: an empty byte string.
        expect(call(1028n)).toEqual([33, '@'])
      },
    )

    play('CallActorPrecompile calls by id and by address, and sends value', (stage) => {
      const contract = stage.create(initcodeOf('CallActorPrecompile.hex'))
      // Its constructor takes no value: it is paid by one that it calls.
      payTo(stage, contract, 100n)
      const byId = (method: bigint, value: number, id: bigint): Uint8Array =>
        encode(
          stage,
          'call_actor_id(uint64,uint256,uint64,uint64,bytes,uint64)',
          method,
          value,
          0,
          0,
          192,
          id,
          0,
        )
      const padded = (data: Uint8Array): Uint8Array =>
        Uint8Array.from({ length: 32 }, (_, at) => data[at] ?? 0)
      const returned = words(1, 0, 0x55, 128, 4, padded(ANSWER))
      expect(stage.call(contract, byId(PARROT.answer, 0, WHO.parrot)).output).toEqual(returned)
      const { bytes } = idAddress(WHO.parrot)
      const signature = 'call_actor_address(uint64,uint256,uint64,uint64,bytes,bytes)'
      const byAddress = encode(
        stage,
        signature,
        PARROT.answer,
        0,
        0,
        0,
        192,
        224,
        0,
        bytes.length,
        padded(bytes),
      )
      expect(stage.call(contract, byAddress).output).toEqual(returned)
      expect(stage.call(contract, byId(0n, 1, WHO.named)).output).toEqual(words(1, 0, 0, 128, 0))
      expect([stage.balance(stage.id(contract)), stage.balance(WHO.named)]).toEqual([99n, 1n])
    })

    play('Selfdestruct has nobody to pay to, fails, and goes on answering', (stage) => {
      const contract = stage.create(initcodeOf('selfdestruct.hex'))
      expect(stage.call(contract, encode(stage, 'die()')).exitCode).toBe(40)
      expect(stage.state(contract).tombstone).toBeUndefined()
      expect(wordOf(stage.call(contract, encode(stage, 'one()')).output)).toBe(1n)
    })

    play('the factory of Lifecycle makes children, by CREATE2 again once they are dead', (stage) => {
      const factory = stage.create(initcodeOf('Lifecycle.hex'))
      const make = (value: bigint): ReturnType<Stage['call']> =>
        stage.call(factory, encode(stage, 'create2(bytes32,int32)', 5, value))
      const child = wordOf(make(42n).output)
      const value = (): ReturnType<Stage['call']> => stage.call(child, encode(stage, 'get_value()'))
      expect(wordOf(value().output)).toBe(42n)
      // Where it lives there is no room, and solc's code reverts.
      expect(make(42n).exitCode).toBe(33)
      expect(stage.call(child, encode(stage, 'die()')).exitCode).toBe(0)
      expect(value()).toMatchObject({ exitCode: 0, output: none })
      expect(wordOf(make(42n).output)).toBe(child)
      expect(wordOf(value().output)).toBe(42n)
      // A constructor that reverts: its reason comes through.
      const failed = stage.call(factory, encode(stage, 'create(int32)', (1n << 256n) - 1n))
      expect(failed.exitCode).toBe(33)
      expect(new TextDecoder().decode(failed.output)).toContain('create failed')
      const [one, two] = [7, 7].map((kept) =>
        wordOf(stage.call(factory, encode(stage, 'create(int32)', kept)).output),
      )
      expect(one).not.toBe(two)
      // One that destructs itself by a call of itself, and writes after that.
      expect(stage.call(child, encode(stage, 'dieRecursive()')).exitCode).toBe(0)
      expect(stage.state(child).tombstone).toBeDefined()
      expect(value()).toMatchObject({ exitCode: 0, output: none })
      expect(wordOf(make(42n).output)).toBe(child)
      expect(wordOf(value().output)).toBe(42n)
    })

    play('Recursive sees what it wrote before it called itself, and what was written there', (stage) => {
      const contract = stage.create(initcodeOf('Recursive.hex'))
      expect(stage.call(contract, encode(stage, 'enter()'))).toMatchObject({ exitCode: 0, output: words(0) })
      expect(wordOf(stage.call(contract, encode(stage, 'enter()')).output)).toBe(1n)
    })

    play('callvariants reads and writes as its chain of calls lets it', (stage) => {
      const [a, b, c] = [0, 1, 2].map(() => stage.create(initcodeOf('callvariants.hex'))) as [
        bigint,
        bigint,
        bigint,
      ]
      const call = (selector: number, value = 0n): unknown => {
        const input = Uint8Array.from([...bytesOf(BigInt(selector), 4), ...words(b, c)])
        const { exitCode, output } = stage.call(a, input, { value })
        return exitCode === 0 ? wordOf(output) : exitCode
      }
      const WRITTEN = 0xffffff42n
      const FAILED = 33
      // By STATICCALL: B reads, B writes, C reads for B, C writes for B.
      expect([call(1), call(3), call(5), call(7)]).toEqual([b, FAILED, c, FAILED])
      // By DELEGATECALL B's code reads what A has, and gets A's value; B by DELEGATECALL of C within a STATICCALL reads, and does not write.
      expect([call(9), call(15, 7n), call(11), call(13)]).toEqual([a, 7n, b, FAILED])
      expect(call(10)).toBe(WRITTEN)
      expect(call(9)).toBe(WRITTEN)
      expect(call(1)).toBe(b)
    })

    play(
      'the proxy of Recall calls what it stands for while it is constructed, and mints after that',
      (stage) => {
        const implementation = stage.create(initcodeOf('recall_contract/implementation.hex'))
        // Its initcode names the implementation of the main network.
        const named = initcodeOf('recall_contract/proxy.hex').toHex()
        const own = bytesOf(implementation, 20).toHex()
        const initcode = Uint8Array.fromHex(named.replace('1835374384aa51b169c0705da26a84bb760f2b37', own))
        const proxy = stage.create(initcode)
        const minted = stage.call(proxy, encode(stage, 'mint(address,uint256)', ETHEREUM_ACCOUNT, 10n ** 19n))
        expect(minted.exitCode).toBe(0)
        expect(wordOf(stage.call(proxy, encode(stage, 'balanceOf(address)', ETHEREUM_ACCOUNT)).output)).toBe(
          10n ** 19n,
        )
      },
    )

    play('a contract that is called through a proxy answers as it does itself', (stage) => {
      const through = stage.create(caller('CALL'))
      const coin = stage.create(initcodeOf('simplecoin.hex'))
      const input = encode(stage, 'getBalanceInEth(address)', masked(WHO.account))
      expect(ask(stage, through, { to: coin, input })).toMatchObject({ status: 1, returned: words(20_000) })
    })
  },
  OBSTACLE,
)
