/**
 * The syscalls that hardened actors make, by their names in the table: what the script in the image calls by its number here. Not among them is what only the init
 * actor may call, and what is about storage.
 */
export const HOST_ROWS: readonly string[] = [
  ...[
    'vm.message_context',
    'vm.exit',
    'network.context',
    'network.tipset_cid',
    'network.total_fil_circ_supply',
  ],
  ...['ipld.block_open', 'ipld.block_create', 'ipld.block_read', 'ipld.block_stat', 'ipld.block_link'],
  ...['self.root', 'self.set_root', 'self.current_balance', 'self.self_destruct', 'send.send'],
  ...[
    'actor.resolve_address',
    'actor.lookup_delegated_address',
    'actor.get_actor_code_cid',
    'actor.balance_of',
  ],
  ...[
    'actor.get_builtin_actor_type',
    'actor.get_code_cid_for_type',
    'actor.next_actor_address',
    'actor.upgrade_actor',
  ],
  ...['event.emit_event', 'crypto.hash', 'crypto.verify_signature', 'crypto.verify_bls_aggregate'],
  ...['crypto.recover_secp_public_key', 'rand.get_chain_randomness', 'rand.get_beacon_randomness'],
  ...['gas.available', 'debug.log'],
]

/** What the script calls to have the UTF-8 of a text, in place of a number of a row. */
export const UTF8 = -1
