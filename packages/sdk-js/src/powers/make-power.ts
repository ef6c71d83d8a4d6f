import harden from '@endo/harden'
import { makeTagged } from '@endo/pass-style'
import { askHost } from '../host/ask-host.ts'
import type { HostKernel } from '../host/host-kernel.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { PUBLIC, type Ref } from '../refs/ref.ts'
import { expectTarget } from '../refs/ref-table.ts'
import { bytes, toUint8Array } from '../values/bytes.ts'
import type { Passable } from '../values/passable.ts'
import { CID_TAG } from '../values/passable-codec.ts'
import { emitEvent } from './emit-event.ts'
import { makePayment } from './payment.ts'
import type {
  Clock,
  Crypto,
  Directory,
  HashName,
  Log,
  MessageInfo,
  Network,
  PowerName,
  Powers,
  Randomness,
} from './powers.ts'

const HASHES: Readonly<Record<HashName, number>> = {
  'sha2-256': 0x12,
  'keccak-256': 0x1b,
  'ripemd-160': 0x1053,
  'blake2b-256': 0xb220,
  'blake2b-512': 0xb240,
}
const SIGNATURES = { secp256k1: 1, bls: 2 } as const
const READ_ONLY = 1n

/** A power that an actor asked for. */
export function makePower(invocation: Invocation, name: PowerName): Powers[PowerName] {
  return harden(MAKERS[name](invocation))
}

const MAKERS: { readonly [K in PowerName]: (invocation: Invocation) => Powers[K] } = {
  clock: ({ host }) => makeClock(host),
  crypto: ({ host }) => makeCrypto(host),
  directory: makeDirectory,
  events: ({ host }) => ({ emit: (type, fields = {}) => emitEvent(host, type, fields) }),
  funds: ({ host }) => ({
    balance: () => askHost('asking for the balance', () => host.balance()),
    pay: makePayment,
  }),
  lifecycle: ({ host }) => ({
    destroy: (burn: boolean) => askHost('deleting the actor', () => host.selfDestruct(burn)),
  }),
  log: ({ host }) => makeLog(host),
  message: makeMessageInfo,
  network: ({ host }) => makeNetwork(host),
  randomness: ({ host }) => makeRandomness(host),
}

function makeClock(host: HostKernel): Clock {
  return {
    epoch: () => askHost('asking for the epoch', () => host.network()).epoch,
    timestamp: () => askHost('asking for the time', () => host.network()).timestamp,
  }
}

function makeNetwork(host: HostKernel): Network {
  const network = (): ReturnType<HostKernel['network']> =>
    askHost('asking for the network', () => host.network())
  return {
    chainId: () => network().chainId,
    version: () => network().networkVersion,
    baseFee: () => network().baseFee,
    circulatingSupply: () => askHost('asking for the supply', () => host.circulatingSupply()),
    tipset: (epoch) => link(askHost(`asking for the tipset of ${epoch}`, () => host.tipsetCid(epoch))),
  }
}

function makeRandomness(host: HostKernel): Randomness {
  return {
    beacon: (epoch) => bytes(askHost(`asking the beacon for ${epoch}`, () => host.beaconRandomness(epoch))),
    tickets: (epoch) => bytes(askHost(`asking the tickets for ${epoch}`, () => host.chainRandomness(epoch))),
  }
}

function makeLog(host: HostKernel): Log {
  const at = (level: keyof Log) => (text: string) => host.log(level, `${text}`)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function makeCrypto(host: HostKernel): Crypto {
  return {
    hash: (name, data) =>
      bytes(askHost(`hashing by ${name}`, () => host.hash(HASHES[name], toUint8Array(data)))),
    verify: (type, signature, signer, plaintext) => {
      const [a, b, c] = [toUint8Array(signature), toUint8Array(signer), toUint8Array(plaintext)]
      return askHost('verifying a signature', () => host.verifySignature(SIGNATURES[type], a, b, c))
    },
    verifyAggregate: (signature, publicKeys, plaintexts) => {
      const [keys, texts] = [publicKeys.map(toUint8Array), plaintexts.map(toUint8Array)]
      return askHost('verifying signatures', () =>
        host.verifyBlsAggregate(toUint8Array(signature), keys, texts),
      )
    },
    recover: (digest, signature) => {
      const [a, b] = [toUint8Array(digest), toUint8Array(signature)]
      return bytes(askHost('recovering a key', () => host.recoverPublicKey(a, b)))
    },
  }
}

function makeDirectory(invocation: Invocation): Directory {
  const { host } = invocation
  const id = (ref: Ref): bigint => expectTarget(ref).actor
  return {
    resolve: (address) =>
      invocation.publicRef(askHost('resolving an address', () => host.resolveAddress(toUint8Array(address)))),
    actor: (actorId) => invocation.publicRef(actorId),
    id,
    delegatedAddress: (ref) => {
      const address = askHost('asking for an address', () => host.delegatedAddress(id(ref)))
      return address === undefined ? undefined : bytes(address)
    },
    code: (ref) => link(askHost('asking for code', () => host.codeCid(id(ref)))),
    balance: (ref) => askHost('asking for a balance', () => host.balanceOf(id(ref))),
  }
}

function makeMessageInfo(invocation: Invocation): MessageInfo {
  const { host, message } = invocation
  return {
    origin: () =>
      invocation.state.refs.ref({ actor: message.origin, facet: PUBLIC, grant: undefined, only: undefined }),
    nonce: () => message.nonce,
    gasPremium: () => message.gasPremium,
    isReadOnly: () => (message.flags & READ_ONLY) !== 0n,
    gasAvailable: () => askHost('asking for gas', () => host.gasAvailable()),
  }
}

function link(cid: Uint8Array): Passable {
  return makeTagged(CID_TAG, bytes(cid)) as never
}
