/** @module The rooms and the arrows between them, as data: the picture in ARCHITECTURE.md, one line a room. */

/** What one room may do. */
export interface Room {
  /** The rooms its arrows point to. What those reach in turn is allowed too. `'everything'` is for applications. */
  readonly arrows: readonly string[] | 'everything'
  /** Whether all of it must run in a browser as it stands, and so imports no built-in module of Node. */
  readonly isomorphic: boolean
  /** Folders in its sources that are bundled by themselves: they know the rest of the package by its name alone, so that no bundle has a second copy of it. */
  readonly apart?: readonly string[]
}

const isomorphic = (...arrows: string[]): Room => ({ arrows, isomorphic: true })
const withNode = (...arrows: string[]): Room => ({ arrows, isomorphic: false })

/**
 * Every room that exists or may exist, by the name of its folder under `packages` or `apps`; lower rooms first.
 *
 * A runtime has no arrow to a sibling that runs other code, the core has none to a runtime, and `troupe` has none to one but the native, for the system's
 * own actors: whoever builds a machine hands the runtimes over.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  crypto: isomorphic(),
  'crypto-node': withNode('crypto'),
  ipld: isomorphic('crypto'),
  'store-lmdb': withNode('ipld'),
  'bundle-js': withNode('crypto'),

  hypervisor: isomorphic('ipld'),
  schema: isomorphic('ipld'),
  bundles: withNode('ipld'),

  container: isomorphic('hypervisor'),

  'runtime-wasm': isomorphic('container'),
  // All but what reads its parts from files, and keeps images in some.
  'runtime-ses': withNode('container', 'sdk-js', 'bundle-js', 'bundles'),
  'runtime-ebpf': isomorphic('container'),
  'runtime-native': isomorphic('hypervisor'),
  'runtime-evm': isomorphic('runtime-native'),
  actors: isomorphic('runtime-native'),

  troupe: withNode('hypervisor', 'actors', 'schema', 'bundles'),

  rpc: withNode('troupe'),
  server: withNode('rpc'),
  vitest: withNode('troupe'),
  // What actors import. It runs inside an actor, and so takes along what it stands on. What is apart is in no image, but in the scripts of actors.
  'sdk-js': { ...isomorphic('ipld'), apart: ['abi', 'vat-data'] },
  'sdk-as': isomorphic(),

  cli: { arrows: 'everything', isomorphic: false },
  explorer: { arrows: 'everything', isomorphic: true },
}

/** The rooms that `room` may import: the ends of its arrows, and of theirs. Itself is not among them. */
export function reachableRooms(rooms: Readonly<Record<string, Room>>, room: string): ReadonlySet<string> {
  const reached = new Set<string>()
  const visit = (name: string): void => {
    const arrows = rooms[name]?.arrows ?? []
    for (const next of arrows === 'everything' ? Object.keys(rooms) : arrows) {
      if (next === room || reached.has(next)) continue
      reached.add(next)
      visit(next)
    }
  }
  visit(room)
  return reached
}
