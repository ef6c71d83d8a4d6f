import { ServerError } from './errors.ts'

/** What clients may do at most. All are whole numbers, at least 1. */
export interface ServerLimits {
  /** Bytes of the body of an HTTP request. */
  readonly bodyBytes: number
  /** Bytes of the headers of an HTTP request, the request line included. */
  readonly headerBytes: number
  /** Bytes of a WebSocket message, in whatever fragments it comes. */
  readonly socketMessageBytes: number
  /** Bytes of requests that are read and answered, and of answers that are written, of all clients together. */
  readonly memoryBytes: number
  /** Bytes of an answer; of a batch's answers together. */
  readonly answerBytes: number
  /** Levels of lists and objects in each other, in a request. */
  readonly nesting: number
  /** Values in a request, those in lists and objects included. */
  readonly values: number
  /** Calls of one batch. */
  readonly batch: number
  /** Calls a second that one address may make for long. */
  readonly callsPerSecond: number
  /** Calls that one address may make at once, after it has made none for a while. */
  readonly callBurst: number
  /** Addresses whose calls are counted; of more, those that made no call for longest begin anew. */
  readonly countedAddresses: number
  /** Requests that are answered at the same time, of all clients together. */
  readonly runningRequests: number
  /** Connections. With more, one gives way that has waited longest for its client; where none waits, the new one is closed. */
  readonly connections: number
  /** WebSockets, which are connections too. */
  readonly sockets: number
  /** Requests of one WebSocket that are answered at the same time; it is not read on until there are fewer. */
  readonly socketRequests: number
  /** Bytes that a WebSocket's client has not read yet; with more it is closed. */
  readonly socketUnreadBytes: number
  /** Milliseconds that a client may take to send the headers of a request. */
  readonly headersMs: number
  /** Milliseconds that a client may take to send a request, headers included; on a WebSocket, a message. */
  readonly requestMs: number
  /** Milliseconds that a client may take to read an answer. */
  readonly answerMs: number
  /** Milliseconds that a connection stays open without a request. */
  readonly idleMs: number
  /** Milliseconds between pings of a WebSocket. A client that has not answered one when the next is due is gone. */
  readonly pingMs: number
  /** Milliseconds that what runs has to finish, when the server is closed. */
  readonly closeMs: number
}

/** The limits that hold where nobody says otherwise. */
export const SERVER_LIMITS: ServerLimits = {
  bodyBytes: 16_777_216,
  headerBytes: 16_384,
  socketMessageBytes: 4_194_304,
  memoryBytes: 134_217_728,
  answerBytes: 26_214_400,
  nesting: 32,
  values: 200_000,
  batch: 1_000,
  callsPerSecond: 10_000,
  callBurst: 20_000,
  countedAddresses: 10_000,
  runningRequests: 1_024,
  connections: 1_024,
  sockets: 256,
  socketRequests: 64,
  socketUnreadBytes: 4_194_304,
  headersMs: 10_000,
  requestMs: 30_000,
  answerMs: 60_000,
  idleMs: 60_000,
  pingMs: 15_000,
  closeMs: 5_000,
}

/** Timers of the host take no more. */
const MAX_LIMIT = 2 ** 31 - 1

/**
 * All limits, with those that somebody chose.
 * @throws {ServerError} server/bad-option
 */
export function limitsWith(chosen: Partial<ServerLimits> = {}): ServerLimits {
  const limits = { ...SERVER_LIMITS, ...chosen }
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(SERVER_LIMITS, name))
      throw new ServerError('server/bad-option', `limits: there is none that is called ${name}`)
    if (!(Number.isInteger(value) && value >= 1 && value <= MAX_LIMIT))
      throw new ServerError(
        'server/bad-option',
        `limits: ${name} is ${value}, not a number from 1 to ${MAX_LIMIT}`,
      )
  }
  return limits
}
