import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { CborWriter, type Cid, cidOf, DAG_CBOR, RAW } from '@troupe/ipld'
import { pack } from 'tar-stream'

export const crypto: CryptoProvider = await loadCrypto()

export type Block = readonly [cid: Cid, bytes: Uint8Array]

export const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value)

export function block(codec: number, bytes: Uint8Array): Block {
  return [cidOf(crypto, codec, bytes), bytes]
}

/** A CARv1, whatever it is given. */
export function carOf(roots: readonly Cid[], blocks: readonly Block[]): Uint8Array {
  const header = new CborWriter().map(2).text('roots').array(roots.length)
  for (const root of roots) header.cid(root)
  const parts = [section(header.text('version').uint(1).finish())]
  for (const [cid, bytes] of blocks) parts.push(section(cid.bytes, bytes))
  return Buffer.concat(parts)
}

function section(...parts: readonly Uint8Array[]): Uint8Array {
  let length = parts.reduce((sum, part) => sum + part.length, 0)
  const varint: number[] = []
  for (; length > 127; length >>>= 7) varint.push((length & 127) | 128)
  return Buffer.concat([Uint8Array.from([...varint, length]), ...parts])
}

/** The blocks of a small bundle. */
export interface SmallBundle {
  readonly root: Block
  readonly data: Block
  readonly code: readonly Block[]
  readonly car: Uint8Array
}

/** A bundle whose actors have their own names, and `salt`, for code. */
export function smallBundle(salt: string, names: readonly string[] = ['system', 'init']): SmallBundle {
  const code = names.map((name) => block(RAW, text(`\0asm ${name} ${name === 'system' ? '' : salt}`)))
  const data = block(DAG_CBOR, manifestData(names.map((name, i) => [name, (code[i] as Block)[0]])))
  const root = block(DAG_CBOR, new CborWriter().array(2).uint(1).cid(data[0]).finish())
  return { root, data, code, car: carOf([root[0]], [root, data, ...code]) }
}

export function manifestData(actors: readonly (readonly [name: string, code: Cid])[]): Uint8Array {
  const writer = new CborWriter().array(actors.length)
  for (const [name, code] of actors) writer.array(2).text(name).cid(code)
  return writer.finish()
}

/** A tar of these files, in order. */
export async function tarOf(files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  const tar = pack()
  for (const [name, bytes] of Object.entries(files)) tar.entry({ name }, bytes)
  tar.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of tar) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

export const compress: (bytes: Uint8Array) => Promise<Uint8Array> = promisify(zstdCompress)

/** A release archive with one CAR for each network. */
export async function archiveOf(networks: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  const files = Object.entries(networks).map(([name, car]) => [`builtin-actors-${name}.car`, car] as const)
  return compress(await tarOf(Object.fromEntries(files)))
}
