import { INSTALL_ACTOR, rulesOf, SYSCALLS_2, SYSCALLS_3, SYSCALLS_4, UPGRADE_ACTOR } from '@troupe/hypervisor'
import { CborWriter } from '@troupe/ipld'
import { idOf } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../src/kernel/operations.ts'
import { gasOf, invoke, type Syscall } from './invoke.ts'

const nv15 = rulesOf(15)
const nv16 = rulesOf(16)
const nv17 = rulesOf(17)
const nv18 = rulesOf(18)

describe('the syscall table', () => {
  it('has an operation for every row, and no operation is without a row', () => {
    const table = [...SYSCALLS_2, ...SYSCALLS_3, ...SYSCALLS_4, UPGRADE_ACTOR, INSTALL_ACTOR]
    const rows = new Set(table.map(({ operation }) => operation))
    expect([...rows].sort()).toEqual(Object.keys(OPERATIONS).sort())
  })

  it('names every import once in a generation', () => {
    for (const table of [SYSCALLS_2, SYSCALLS_3, [...SYSCALLS_4, UPGRADE_ACTOR]])
      expect(new Set(table.map(({ module, name }) => `${module}.${name}`)).size).toBe(table.length)
    expect([SYSCALLS_2.length, SYSCALLS_3.length, SYSCALLS_4.length]).toEqual([36, 40, 41])
  })
})

describe('contexts', () => {
  it('describe invocation and network', async () => {
    await invoke(nv18, (syscall) => {
      expect(syscall('vm.messageContext')).toEqual({
        origin: 100n,
        nonce: 0n,
        caller: 100n,
        receiver: 101n,
        methodNumber: 2n,
        valueReceived: 0n,
        gasPremium: 50n,
        flags: 0n,
      })
      expect(syscall('network.context')).toEqual({
        epoch: 100n,
        timestamp: 3000n,
        baseFee: 100n,
        chainId: 0n,
        networkVersion: 18,
      })
      expect(syscall('network.totalFilCircSupply')).toEqual({ value: 10n ** 27n })
    })
    await invoke(nv17, (syscall) => {
      expect(syscall('vm.context')).toEqual({
        valueReceived: 0n,
        caller: 100n,
        receiver: 101n,
        methodNumber: 2n,
        epoch: 100n,
        networkVersion: 17,
      })
      expect(syscall('network.baseFee')).toEqual({ value: 100n })
    })
  })
})

describe('amounts that syscalls give (syscalls/{sself,network,vm,actor}.rs)', () => {
  const GREATEST = 2n ** 128n - 1n
  const context = { epoch: 100n, timestamp: 0n, circulatingSupply: 0n, baseFee: 0n, chainId: 0n }

  it.each([[17], [18]])('fit 128 bits, or end the message with a fatal (nv%i)', async (nv) => {
    const rules = rulesOf(nv)
    const ask = (operation: string, amount: bigint): Promise<unknown> => {
      const options = {
        actors: { 101: { code: 'body', balance: amount } },
        machine: { context: { ...context, circulatingSupply: amount } },
      }
      return invoke(rules, (syscall) => void syscall(operation), options)
    }
    for (const operation of ['self.currentBalance', 'network.totalFilCircSupply']) {
      await expect(ask(operation, GREATEST)).resolves.toBeDefined()
      await expect(ask(operation, GREATEST + 1n)).rejects.toThrow('exit 10')
    }
  })

  it('are checked for every amount of a context', async () => {
    const premium = { gasPremium: GREATEST + 1n, gasFeeCap: GREATEST + 1n, gasLimit: 10n ** 9n }
    const value = { value: GREATEST + 1n }
    const actors = { 100: { code: 'account', balance: 2n ** 200n } }
    for (const [rules, operation, message] of [
      [nv17, 'vm.context', value],
      [nv18, 'vm.messageContext', value],
      [nv18, 'vm.messageContext', premium],
    ] as const)
      await expect(
        invoke(rules, (syscall) => void syscall(operation), { actors, message, machine: { context } }),
      ).rejects.toThrow('exit 10')
    const machine = { context: { ...context, baseFee: GREATEST + 1n } }
    for (const [rules, operation] of [
      [nv17, 'network.baseFee'],
      [nv18, 'network.context'],
    ] as const)
      await expect(
        invoke(rules, (syscall) => void syscall(operation), {
          machine,
          message: { gasFeeCap: 0n, gasPremium: 0n },
        }),
      ).rejects.toThrow('exit 10')
    const rich = { 102: { code: 'other', balance: GREATEST + 1n } }
    await expect(
      invoke(nv18, (syscall) => void syscall('actor.balanceOf', 102n), { actors: rich }),
    ).rejects.toThrow('exit 10')
  })

  it('do not bound what an actor that deletes itself leaves behind', async () => {
    const actors = { 101: { code: 'body', balance: GREATEST + 1n }, 102: { code: 'other' } }
    const { machine } = await invoke(nv18, (syscall) => void syscall('self.selfDestruct', idOf(102)), {
      actors,
    })
    expect(machine.state.getActor(102n)?.balance).toBe(GREATEST + 1n)
  })
})

describe('vm.exit and vm.abort', () => {
  const exiting = (rules: typeof nv18, operation: string, ...parameters: unknown[]): Promise<unknown> =>
    invoke(rules, (syscall) => void syscall(operation, ...parameters))

  it('end with the code of the actor, and refuse those of the system', async () => {
    const message = new TextEncoder().encode('enough')
    await expect(exiting(nv18, 'vm.exit', 16, 0, message)).rejects.toThrow('exit 16: enough')
    await expect(exiting(nv18, 'vm.exit', 15, 0, message)).rejects.toThrow(
      'exit 9: actor aborted with code 15',
    )
    await expect(exiting(nv18, 'vm.exit', 0, 0, message)).resolves.toBeDefined()
    await expect(exiting(nv18, 'vm.exit', 16, 7, message)).rejects.toThrow(/exit 10: .*block 7/)
    await expect(exiting(nv17, 'vm.abort', 16, message)).rejects.toThrow('exit 16: enough')
    await expect(exiting(nv16, 'vm.abort', 0, message)).rejects.toThrow('exit 9:')
    await expect(exiting(nv15, 'vm.abort', 15, message)).rejects.toThrow('exit 15: enough')
  })

  it('shorten a long message, and do without one that is out of bounds', async () => {
    const long = new Uint8Array(2000).fill(0x61)
    await expect(exiting(nv18, 'vm.exit', 16, 0, long)).rejects.toThrow(
      /a{512} \.\.\. \(skipped 976 bytes\) \.\.\. a{512}$/,
    )
    await expect(exiting(nv18, 'vm.exit', 16, 0, long.subarray(0, 1025))).rejects.toThrow(
      /a{512} \.\.\. \(skipped 1 bytes\) \.\.\. a{512}$/,
    )
    await expect(exiting(nv18, 'vm.exit', 16, 0, long.subarray(0, 1024))).rejects.toThrow(/ a{1024}$/)
    await expect(exiting(nv18, 'vm.exit', 16, 0, undefined)).rejects.toThrow('exit 16: actor aborted')
    await expect(exiting(nv18, 'vm.exit', 16, 0, new Uint8Array())).rejects.toThrow('exit 16: actor aborted')
  })
})

describe('event.emit_event', () => {
  interface Entry {
    readonly flags?: number
    readonly key?: string
    readonly codec?: number
    readonly value?: Uint8Array
  }
  const event = (entries: readonly Entry[]): Uint8Array => {
    const writer = new CborWriter().array(entries.length)
    for (const { flags = 0, key = 'k', codec = 0x55, value = new Uint8Array(1) } of entries)
      writer.array(4).uint(flags).text(key).uint(codec).bytes(value)
    return writer.finish()
  }
  const emit = async (
    check: (emit: (entries: readonly Entry[]) => unknown, syscall: Syscall) => void,
  ): Promise<void> => {
    await invoke(nv18, (syscall) => check((entries) => syscall('event.emitEvent', event(entries)), syscall))
  }

  it('accepts what stands at each bound, and refuses what is beyond', async () => {
    await emit((emitted) => {
      expect(emitted(Array(256).fill({}))).toBeUndefined()
      expect(emitted(Array(257).fill({}))).toBe('IllegalArgument')
      expect(emitted([{ key: 'é'.repeat(16) }])).toBeUndefined()
      expect(emitted([{ key: `${'é'.repeat(16)}x` }])).toBe('IllegalArgument')
      expect(emitted([{ value: new Uint8Array(8192) }])).toBeUndefined()
      expect(emitted([{ value: new Uint8Array(8192) }, {}])).toBe('IllegalArgument')
      expect(emitted([{ codec: 0x71 }])).toBe('IllegalCodec')
      expect(emitted([{ flags: 0xff }])).toBeUndefined()
    })
  })

  it('refuses what is not an event, charging for having looked', async () => {
    await invoke(nv18, (syscall, kernel) => {
      for (const bytes of [[], [0x60], [0x81], [0x81, 0x80], [0x80, 0x00], [0x9f, 0xff]]) {
        const encoded = new Uint8Array(bytes)
        expect(
          gasOf(kernel, () => expect(syscall('event.emitEvent', encoded)).toBe('IllegalArgument')),
        ).toBeCloseTo(1750 + 27.4 * encoded.length)
      }
      expect(gasOf(kernel, () => syscall('event.emitEvent', new Uint8Array([0x80])))).toBeCloseTo(
        1750 + 27.4 + 15.2 * 13,
      )
      expect(syscall('event.emitEvent', new Uint8Array(2 ** 20 + 1))).toBe('IllegalArgument')
    })
  })
})

describe('gas syscalls', () => {
  it('charge whole gas, and tell what is left rounded down', async () => {
    await invoke(nv18, (syscall, kernel) => {
      expect(gasOf(kernel, () => syscall('gas.charge', 'x', 5n))).toBe(5)
      kernel.gas.charge('a fraction', 1)
      expect(syscall('gas.available')).toEqual({ value: kernel.gas.available / 1000n })
    })
  })

  it('run out for the greatest amount', async () => {
    for (const rules of [nv17, nv18])
      await expect(
        invoke(rules, (syscall) => void syscall('gas.charge', 'x', 2n ** 63n - 1n)),
      ).rejects.toThrow('exit 7')
    await expect(invoke(nv18, (syscall) => void syscall('gas.charge', 'x', 2n ** 64n - 1n))).rejects.toThrow(
      'exit 7',
    )
  })

  it('give back for a negative amount in generation 2', async () => {
    await invoke(nv17, (syscall, kernel) => {
      expect(gasOf(kernel, () => syscall('gas.charge', 'x', -5n))).toBe(-5)
    })
  })
})

describe('debug syscalls', () => {
  it('say whether debugging is on, and hand over logs and artifacts', async () => {
    await invoke(nv18, (syscall) => expect(syscall('debug.enabled')).toEqual({ value: -1 }))
    const seen: unknown[] = []
    const debug = {
      log: (actor: bigint, message: string) => void seen.push([actor, message]),
      storeArtifact: (actor: bigint, name: string, data: Uint8Array) =>
        void seen.push([actor, name, [...data]]),
    }
    await invoke(
      nv18,
      (syscall) => {
        expect(syscall('debug.enabled')).toEqual({ value: 0 })
        syscall('debug.log', 'hello')
        syscall('debug.storeArtifact', 'a'.repeat(256), new Uint8Array([1]))
        for (const name of ['', 'a'.repeat(257), 'é'.repeat(129), '.hidden', 'a/b', 'a\\b'])
          expect(syscall('debug.storeArtifact', name, new Uint8Array())).toBe('IllegalArgument')
      },
      { machine: { debug } },
    )
    expect(seen).toEqual([
      [101n, 'hello'],
      [101n, 'a'.repeat(256), [1]],
    ])
  })
})
