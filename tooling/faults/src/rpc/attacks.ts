/** @module What clients do that mean no good, a function each: until its signal, and then it gives what it saw. */
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { frame, head, openSocket, post, type Target, UPGRADE } from './attacker.ts'

/** What an attack did, and what was wrong with how it was met. */
export interface AttackReport {
  readonly what: string
  readonly problems: readonly string[]
}

/** An attack. */
export type Attack = (target: Target) => Promise<AttackReport>

const CALL = '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}'
const PARALLEL = 8
const DRIP_MS = 50
const SLOW_CONNECTIONS = 300

/** How long an attacker waits for an answer, where it is after one. */
const ANSWER_MS = 20_000
/** Filters and subscriptions of one socket: more of each than it may have. */
const LEAKS = 310
const LEAKING = [
  'eth_subscribe","params":["newHeads"',
  'eth_newBlockFilter","params":[',
  'eth_newFilter","params":[{}',
]

/** Texts that are no JSON, or JSON that is no request; on a quick host more of them than an address may ask in a second. */
export const malformed: Attack = flood('malformed bodies', [200, 400, 429], ({ random }) => {
  switch (random(5)) {
    case 0:
      return Uint8Array.from({ length: random(2_000) }, () => random(256))
    case 1:
      return CALL.slice(0, random(CALL.length))
    case 2:
      return `${CALL.slice(0, random(CALL.length))}${String.fromCodePoint(random(0xd800))}${CALL}`
    case 3:
      return JSON.stringify([
        17,
        null,
        {},
        [],
        { id: {}, method: [] },
        { method: 'x'.repeat(random(10_000)) },
      ])
    default:
      return JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'eth_call',
        params: [{ to: {}, data: random(1e9) }],
      })
  }
})

/** Batches that are too long, as long as they may be, and of bodies that are too long. */
export const batches: Attack = flood('huge batches', [200, 400, 413, 429, 503], ({ random }) => {
  switch (random(4)) {
    case 0:
      return `[${Array(1_000).fill(CALL).join(',')}]`
    case 1:
      return `[${Array(1_001 + random(100_000))
        .fill('1')
        .join(',')}]`
    case 2:
      return `[${Array(1_000).fill('{"id":1,"method":"eth_getBlockByNumber","params":["latest",true]}').join(',')}]`
    default:
      return `[${' '.repeat(16_777_216 + random(100))}]`
  }
})

/** Lists and objects within each other, and more values than there is room for. */
export const nesting: Attack = flood('deep nesting', [400, 413, 503], ({ random }) => {
  const depth = 33 + random(4_000_000)
  switch (random(4)) {
    case 0:
      return '['.repeat(depth)
    case 1:
      return '{"a":'.repeat(depth / 4)
    case 2:
      return `[${'{},'.repeat(200_001 + random(3_000_000))}{}]`
    default:
      return `${CALL.slice(0, -3)}${'['.repeat(33)}${']'.repeat(33)}]}`
  }
})

/** Requests whose headers, or whose body, never come to an end; and clients that read nothing. */
export const slowHttp: Attack = async (target) => {
  const dripping = await holdOpen(target, SLOW_CONNECTIONS, (socket, index) => {
    switch (index % 3) {
      case 0:
        socket.write('POST / HTTP/1.1\r\nhost: localhost\r\n')
        return () => socket.write(`x-${target.random(1e6)}: y\r\n`)
      case 1:
        socket.write(head(10_000))
        return () => socket.write(' ')
      default: {
        const body = `[${Array(500).fill('{"id":1,"method":"eth_getBlockByNumber","params":["latest",true]}').join(',')}]`
        socket.pause()
        socket.write(head(body.length) + body)
        return () => undefined
      }
    }
  })
  return { what: `${dripping} slow connections`, problems: [] }
}

/** WebSockets that send half a message, that answer no ping, and that read nothing of what they asked for. */
export const slowSockets: Attack = async (target) => {
  const opened = await holdOpen(target, SLOW_CONNECTIONS, (socket, index) => {
    socket.write(UPGRADE)
    switch (index % 3) {
      case 0:
        socket.write(frame('[', 1_000_000))
        return () => socket.write(' ')
      case 1:
        socket.pause()
        socket.write(frame('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}'))
        return () => socket.write(frame('{"id":1,"method":"eth_getBlockByNumber","params":["latest",true]}'))
      default:
        return () => undefined
    }
  })
  return { what: `${opened} slow WebSockets`, problems: [] }
}

/** Filters and subscriptions that nobody ever ends, of sockets that go away without a word. */
export const leaks: Attack = async (target) => {
  let [sockets, filters, refused] = [0, 0, 0]
  const leak = async (): Promise<void> => {
    do {
      const socket = openSocket({ ...target, signal: AbortSignal.timeout(ANSWER_MS) })
      sockets++
      let answered = 0
      const done = new Promise<void>((resolve) => {
        socket.on('data', (chunk) => {
          const received = String(chunk)
          answered += received.split('"jsonrpc":"2.0","id"').length - 1
          refused += received.split('"error"').length - 1
          if (answered >= LEAKS) resolve()
        })
        socket.on('close', () => resolve())
      })
      socket.write(UPGRADE)
      for (let i = 0; i < LEAKS; i++) {
        const asked = LEAKING[i % LEAKING.length]
        socket.write(frame(`{"jsonrpc":"2.0","id":${i},"method":"${asked}]}`))
        filters++
      }
      await done
      socket.destroy()
    } while (!target.signal.aborted)
  }
  await Promise.all(Array.from({ length: PARALLEL }, leak))
  // Over HTTP they are all of one session.
  const body = Array(500).fill('{"jsonrpc":"2.0","id":1,"method":"eth_newBlockFilter","params":[]}').join(',')
  await post({ ...target, signal: AbortSignal.timeout(ANSWER_MS) }, `[${body}]`)
  const problems = refused === 0 ? ['no filter was refused'] : []
  return { what: `${filters} filters and subscriptions on ${sockets} sockets, ${refused} refused`, problems }
}

/** More connections than there is room for, each of which asks for something now and then. */
export const crowd: Attack = async (target) => {
  let answers = 0
  const opened = await holdOpen(target, 1_000, (socket, index) => {
    socket.on('data', () => {
      answers++
    })
    if (index % 4 === 0) {
      socket.write(UPGRADE)
      return () => socket.write(frame(CALL))
    }
    return () => socket.write(head(CALL.length) + CALL)
  })
  return {
    what: `${opened} connections, ${answers} answers`,
    problems: answers === 0 ? ['nobody was answered'] : [],
  }
}

/** Sends one body after the other, over several connections at once; the statuses that come back have to be among those that are expected. */
function flood(
  name: string,
  expected: readonly number[],
  make: (target: Target) => string | Uint8Array,
): Attack {
  return async (target) => {
    let count = 0
    const statuses = new Map<number, number>()
    const send = async (): Promise<void> => {
      // What is begun is finished, so that even the shortest attack sees answers.
      do {
        const status = await post({ ...target, signal: AbortSignal.timeout(ANSWER_MS) }, make(target))
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        count++
      } while (!target.signal.aborted)
    }
    await Promise.all(Array.from({ length: PARALLEL }, send))
    const seen = [...statuses].sort(([a], [b]) => a - b)
    const problems = seen
      .filter(([status]) => status !== 0 && !expected.includes(status))
      .map(([status, times]) => `${times} times status ${status}`)
    if (seen.every(([status]) => status === 0)) problems.push('nobody was answered')
    return {
      what: `${count} ${name} (${seen.map(([status, times]) => `${status || 'cut off'}: ${times}`).join(', ')})`,
      problems,
    }
  }
}

/**
 * Keeps so many connections open until the end, and does something on each again and again. What is cut off comes back.
 * @param begin says something on a new connection, and gives what it does from then on
 * @returns how many connections were made
 */
async function holdOpen(
  target: Target,
  count: number,
  begin: (socket: Socket, index: number) => () => void,
): Promise<number> {
  const slots: { socket: Socket; step: () => void }[] = []
  let opened = 0
  while (!target.signal.aborted) {
    for (let index = 0; index < count; index++) {
      const slot = slots[index]
      if (slot === undefined || slot.socket.destroyed) {
        const socket = openSocket(target)
        slots[index] = { socket, step: begin(socket, index) }
        opened++
      } else if (slot.socket.writable) slot.step()
      // One after the other, and everyone else in between.
      if (index % 50 === 49) await sleep(1)
    }
    await sleep(DRIP_MS)
  }
  return opened
}
