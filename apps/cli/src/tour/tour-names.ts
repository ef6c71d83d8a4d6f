import type { CryptoProvider } from '@troupe/crypto'
import type { Manifest } from '@troupe/hypervisor'
import { type Cid, cidKey } from '@troupe/ipld'
import { createNames, type Names } from 'troupe/trace'

/** Methods, from 1 on, of actors that Filecoin does not have, or not in this form. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  counter: ['Constructor', 'Increment', 'Get'],
  init: ['Constructor', 'Exec', 'Exec4', 'InstallCode'],
  relay: ['Constructor', 'Try', 'Batch', 'Recurse'],
}

/**
 * The names of the tour's network.
 * @param others code of actors that are not in the manifest, by name
 */
export function createTourNames(
  manifest: Manifest,
  crypto: CryptoProvider,
  others: Readonly<Record<string, Cid>>,
): Names {
  const official = createNames(manifest, crypto)
  const nameByCode = new Map(Object.entries(others).map(([name, code]) => [cidKey(code), name]))
  return {
    ...official,
    actorName: (code) => nameByCode.get(cidKey(code)) ?? official.actorName(code),
    methodName: (actor, method) =>
      METHODS[actor ?? '']?.[Number(method) - 1] ?? official.methodName(actor, method),
  }
}
