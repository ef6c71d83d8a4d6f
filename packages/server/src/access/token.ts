import { createHash, timingSafeEqual } from 'node:crypto'
import { ServerError } from '../errors.ts'

/** Characters that a token has at least. */
export const MIN_TOKEN_LENGTH = 16

/** @throws {ServerError} server/bad-option for a token that is too short, or cannot stand in a header */
export function checkToken(token: string): void {
  if (token.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/u.test(token))
    throw new ServerError(
      'server/bad-option',
      `token: at least ${MIN_TOKEN_LENGTH} characters of ASCII, without spaces`,
    )
}

/** What a header `Authorization` shows. It takes as long for a wrong token as for the right one. */
export function shownToken(header: string | undefined, token: string): 'none' | 'right' | 'wrong' {
  if (header === undefined) return 'none'
  const [, shown] = /^Bearer +(\S+)$/iu.exec(header) ?? []
  if (shown === undefined) return 'wrong'
  return timingSafeEqual(digest(shown), digest(token)) ? 'right' : 'wrong'
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
