/**
 * @module The syscalls of each generation, as data. `kernel/operations.ts` has an operation for every row; runtimes bind rows to their guests.
 *
 * Source: ref-fvm release/v2, release/v3 and master, fvm/src/syscalls.
 */
import {
  I32,
  INVOCATION_CONTEXT,
  IPLD_OPEN,
  IPLD_STAT,
  MESSAGE_CONTEXT,
  NETWORK_CONTEXT,
  SEND,
  TOKEN_AMOUNT,
  U32,
  U64,
  VERIFY_CONSENSUS_FAULT,
} from './structs.ts'
import type { ParameterKind, ResultKind, Syscall } from './types.ts'

type Parameters = Readonly<Record<string, ParameterKind>>

function row(
  module: string,
  name: string,
  parameters: Parameters,
  result: ResultKind,
  extra: Partial<Pick<Syscall, 'minimumOut' | 'debugOnly' | 'operation'>> = {},
): Syscall {
  const operation = `${module}.${name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())}`
  return { module, name, operation, parameters: Object.entries(parameters), result, ...extra }
}

const CID_LENGTH: ResultKind = { lengthOf: 'cid' }

const COMMON: readonly Syscall[] = [
  row('network', 'total_fil_circ_supply', {}, TOKEN_AMOUNT),
  row('ipld', 'block_open', { cid: 'cid' }, IPLD_OPEN),
  row('ipld', 'block_create', { codec: 'u64', data: 'bytes' }, U32),
  row('ipld', 'block_read', { id: 'u32', offset: 'u32', buffer: 'out' }, I32),
  row('ipld', 'block_stat', { id: 'u32' }, IPLD_STAT),
  row('ipld', 'block_link', { id: 'u32', hashFunction: 'u64', hashLength: 'u32', cid: 'out' }, CID_LENGTH),
  row('self', 'root', { cid: 'out' }, CID_LENGTH),
  row('self', 'set_root', { cid: 'cid' }, 'none'),
  row('self', 'current_balance', {}, TOKEN_AMOUNT),
  row('actor', 'resolve_address', { address: 'address' }, U64),
  row('actor', 'get_actor_code_cid', { id: 'u64', cid: 'out' }, CID_LENGTH),
  row('actor', 'get_builtin_actor_type', { codeCid: 'cid' }, I32),
  row('actor', 'get_code_cid_for_type', { type: 'i32', cid: 'out' }, CID_LENGTH),
  row(
    'crypto',
    'verify_signature',
    { type: 'u32', signature: 'bytes', signer: 'address', plaintext: 'bytes' },
    'verdict',
  ),
  row('crypto', 'recover_secp_public_key', { hash: 'bytes32', signature: 'bytes65' }, { bytes: 65 }),
  row('crypto', 'hash', { hashFunction: 'u64', data: 'bytes', digest: 'out' }, { lengthOf: 'digest' }),
  row('crypto', 'compute_unsealed_sector_cid', { proofType: 'i64', pieces: 'bytes', cid: 'out' }, CID_LENGTH),
  row('crypto', 'verify_post', { info: 'bytes' }, 'verdict'),
  row(
    'crypto',
    'verify_consensus_fault',
    { header1: 'bytes', header2: 'bytes', extra: 'bytes' },
    VERIFY_CONSENSUS_FAULT,
  ),
  row('crypto', 'verify_aggregate_seals', { aggregate: 'bytes' }, 'verdict'),
  row('crypto', 'verify_replica_update', { update: 'bytes' }, 'verdict'),
  row('crypto', 'batch_verify_seals', { batch: 'bytes', results: 'outAt' }, 'none'),
  row('debug', 'enabled', {}, I32),
  row('debug', 'log', { message: 'text' }, 'none', { debugOnly: true }),
  row('debug', 'store_artifact', { name: 'text', data: 'bytes' }, 'none', { debugOnly: true }),
]

/** What generation 4 has in another form. */
const BEFORE_4: readonly Syscall[] = [
  row('self', 'self_destruct', { beneficiary: 'address' }, 'none'),
  row('rand', 'get_chain_randomness', { tag: 'i64', round: 'i64', entropy: 'bytes' }, { bytes: 32 }),
  row('rand', 'get_beacon_randomness', { tag: 'i64', round: 'i64', entropy: 'bytes' }, { bytes: 32 }),
]

/** The syscalls of generation 2, network versions 15 to 17. */
export const SYSCALLS_2: readonly Syscall[] = [
  ...COMMON,
  ...BEFORE_4,
  row('vm', 'abort', { exitCode: 'u32', message: 'lenientBytes' }, 'never'),
  row('vm', 'context', {}, INVOCATION_CONTEXT),
  row('network', 'base_fee', {}, TOKEN_AMOUNT),
  row('actor', 'new_actor_address', { address: 'out' }, { lengthOf: 'address' }, { minimumOut: 21 }),
  row('actor', 'create_actor', { id: 'u64', codeCid: 'cid' }, 'none', {
    operation: 'actor.createBuiltinActor',
  }),
  row('crypto', 'verify_seal', { info: 'bytes' }, 'verdict'),
  row('gas', 'charge', { name: 'text', compute: 'i64' }, 'none'),
  row(
    'send',
    'send',
    { recipient: 'address', method: 'u64', parameters: 'u32', valueHigh: 'u64', valueLow: 'u64' },
    SEND,
  ),
]

/** What came with generation 3. */
const SINCE_3: readonly Syscall[] = [
  row('vm', 'exit', { exitCode: 'u32', blockId: 'u32', message: 'lenientBytes' }, 'never'),
  row('vm', 'message_context', {}, MESSAGE_CONTEXT),
  row('network', 'context', {}, NETWORK_CONTEXT),
  row('network', 'tipset_cid', { epoch: 'i64', cid: 'out' }, CID_LENGTH),
  row('actor', 'lookup_delegated_address', { id: 'u64', address: 'out' }, { lengthOf: 'address' }),
  row('actor', 'next_actor_address', { address: 'out' }, { lengthOf: 'address' }, { minimumOut: 21 }),
  row('actor', 'create_actor', { id: 'u64', codeCid: 'cid', delegatedAddress: 'optionalAddress' }, 'none'),
  row('actor', 'balance_of', { id: 'u64' }, TOKEN_AMOUNT),
  row('gas', 'charge', { name: 'text', compute: 'u64' }, 'none'),
  row('gas', 'available', {}, U64),
  row(
    'send',
    'send',
    {
      recipient: 'address',
      method: 'u64',
      parameters: 'u32',
      valueHigh: 'u64',
      valueLow: 'u64',
      gasLimit: 'u64',
      flags: 'u64',
    },
    SEND,
  ),
]

/** The syscalls of generation 3, network versions 18 to 20. */
export const SYSCALLS_3: readonly Syscall[] = [
  ...COMMON,
  ...BEFORE_4,
  ...SINCE_3,
  row('event', 'emit_event', { event: 'bytes' }, 'none'),
]

/** The syscalls of generation 4, network versions 21 to 28. */
export const SYSCALLS_4: readonly Syscall[] = [
  ...COMMON,
  ...SINCE_3,
  row('self', 'self_destruct', { burnUnspent: 'u32' }, 'none', { operation: 'self.selfDestructOrBurn' }),
  row(
    'crypto',
    'verify_bls_aggregate',
    { signers: 'u32', signature: 'bytes96', publicKeys: 'at', plaintexts: 'at', plaintextLengths: 'at' },
    'verdict',
  ),
  row('event', 'emit_event', { entries: 'eventEntries', keys: 'bytes', values: 'bytes' }, 'none', {
    operation: 'event.emitEventParts',
  }),
  row('rand', 'get_chain_randomness', { round: 'i64' }, { bytes: 32 }, { operation: 'rand.getChainDigest' }),
  row(
    'rand',
    'get_beacon_randomness',
    { round: 'i64' },
    { bytes: 32 },
    {
      operation: 'rand.getBeaconDigest',
    },
  ),
]

/** A syscall of generation 4 that networks have to ask for, and Filecoin's do not; see `withActorUpgrades`. */
export const UPGRADE_ACTOR: Syscall = row(
  'actor',
  'upgrade_actor',
  { codeCid: 'cid', parameters: 'u32' },
  SEND,
)

/** Another one, which the init actor alone may call; see `withUserActors`. */
export const INSTALL_ACTOR: Syscall = row('actor', 'install_actor', { codeCid: 'cid' }, 'none')
