import { connect, type Socket } from 'node:net'

/** Where attacks go, and what they choose by. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly random: (bound: number) => number
  /** Aborted when the attack is over. */
  readonly signal: AbortSignal
}

/** Attackers come from another address of this machine where it has more than one, so that what is counted by address does not fall on others. */
const LOCAL_ADDRESS = process.platform === 'linux' ? { localAddress: '127.0.0.2' } : {}

/** A connection to the target, which ends with the attack. */
export function openSocket({ host, port, signal }: Target): Socket {
  const socket = connect({ host, port, noDelay: true, ...LOCAL_ADDRESS })
  // Being cut off is what an attacker has to expect.
  socket.on('error', () => undefined)
  const end = (): void => void socket.destroy()
  signal.addEventListener('abort', end)
  socket.on('close', () => signal.removeEventListener('abort', end))
  return socket
}

/** The head of a request. */
export function head(length: number | undefined, headers: readonly string[] = []): string {
  const size = length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`
  return [
    'POST / HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    size,
    ...headers,
    '',
    '',
  ].join('\r\n')
}

/** Sends a request, and gives the status of the answer; 0 where the connection ends without one. */
export function post(target: Target, body: string | Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    const socket = openSocket(target)
    let answer = ''
    socket.on('data', (chunk) => {
      if (answer.length < 64) answer += String(chunk)
    })
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/u.exec(answer)?.[1] ?? 0)))
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    socket.write(head(bytes.length, ['connection: close']))
    socket.write(bytes)
  })
}

/** The upgrade of a connection to a WebSocket. */
export const UPGRADE: string = [
  'GET / HTTP/1.1',
  'host: localhost',
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n')

/** A frame of a client, as text; the mask is of zeros. @param declared bytes that the frame says it has. Default: those that it has */
export function frame(text: string, declared: number = text.length): Uint8Array {
  const long = declared > 125
  const header = long
    ? Buffer.from([0x81, 0x80 | 127, 0, 0, 0, 0, ...uint32(declared), 0, 0, 0, 0])
    : Buffer.from([0x81, 0x80 | declared, 0, 0, 0, 0])
  return Buffer.concat([header, Buffer.from(text)])
}

function uint32(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff)
}
