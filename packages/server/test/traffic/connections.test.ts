import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Connections } from '../../src/traffic/connections.ts'

describe('connections', () => {
  it('are as many as there is room for; then the one gives way that has waited for its client for longest', () => {
    const connections = new Connections(3)
    const [a, b, c, d, e] = Array.from({ length: 5 }, () => new PassThrough()) as [
      PassThrough,
      PassThrough,
      PassThrough,
      PassThrough,
      PassThrough,
    ]
    for (const socket of [a, b, c]) expect(connections.admit(socket)).toBe('admitted')
    connections.busy(a)
    connections.idle(b)
    expect(connections.admit(d)).toBe('displacing')
    expect([a, b, c, d].map(({ destroyed }) => destroyed)).toEqual([false, false, true, false])
    expect(connections.size).toBe(3)
    for (const socket of [b, d]) connections.busy(socket)
    expect(connections.admit(e)).toBe('full')
    expect(e.destroyed).toBe(true)
    connections.idle(a)
    expect(connections.admit(new PassThrough())).toBe('displacing')
    expect(a.destroyed).toBe(true)
  })

  it('are forgotten when they close, whatever is said of them later', async () => {
    const connections = new Connections(1)
    const socket = new PassThrough()
    connections.admit(socket)
    socket.destroy()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(connections.size).toBe(0)
    connections.idle(socket)
    expect(connections.admit(new PassThrough())).toBe('admitted')
  })
})
