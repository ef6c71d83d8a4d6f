import { HOST_ROWS, UTF8 } from './host-rows.ts'

/**
 * The script that stands between the host and the SDK inside an image. Its completion value is a function of what calls the host, of the SDK's `ActorImage`, and of what knows
 * where an error came from (see `PLACES_SCRIPT`); what that gives are the functions that the host calls: `prepare(source)`, `begin(method, parameters)`, `beginUpgrade(parameters, info)`, `conclude(lost, reason)`, and, once an
 * invocation has failed, `where()`, which says where the error came from that it failed with, or else where it was interrupted. Blocks are handles there.
 *
 * It makes of syscalls, whose parameters and results lie in memory as the FVM lays them out, the functions of the SDK's `HostKernel`. It is evaluated
 * after lockdown, so that all that it uses is what it seems to be.
 */
export const HOST_SCRIPT: string = `(function (host, image, places) {
  'use strict';
  const rows = ${JSON.stringify(HOST_ROWS)};
  const at = (name) => rows.indexOf(name);
  const out = new Uint8Array(96);
  const view = new DataView(out.buffer);
  const cidBytes = new Uint8Array(128);
  const noBytes = new Uint8Array(0);
  const NO_LIMIT = 2n ** 64n - 1n;
  const ILLEGAL_ARGUMENT = 1;
  let thrown;

  const fail = (errorNumber) => harden({ errorNumber });
  const call = (row, ...values) => {
    const errorNumber = host(row, ...values);
    if (errorNumber !== 0) throw fail(errorNumber);
  };
  const u32 = (offset) => view.getUint32(offset, true);
  const u64 = (offset) => view.getBigUint64(offset, true);
  const u128 = (offset) => u64(offset) | (u64(offset + 8) << 64n);
  const sized = (bytes, length) => {
    if (bytes.length !== length) throw fail(ILLEGAL_ARGUMENT);
    return bytes;
  };
  const utf8 = (text) => host(${UTF8}, text.toWellFormed());
  const joined = (parts) => {
    let length = 0;
    for (const part of parts) length += part.length;
    const bytes = new Uint8Array(length);
    length = 0;
    for (const part of parts) {
      bytes.set(part, length);
      length += part.length;
    }
    return bytes;
  };
  const cidIn = (cid) => {
    if (cid.length > cidBytes.length) throw fail(ILLEGAL_ARGUMENT);
    cidBytes.fill(0);
    cidBytes.set(cid);
    return cidBytes;
  };
  const cidOut = (row, ...values) => {
    call(row, out, ...values, cidBytes);
    return cidBytes.slice(0, u32(0));
  };

  const BLOCK_READ = at('ipld.block_read');
  const readBlock = (codec, id, size) => {
    const data = new Uint8Array(size);
    if (size > 0) call(BLOCK_READ, out, id, 0, data);
    return { codec, data };
  };
  const BLOCK_STAT = at('ipld.block_stat');
  const blockOf = (id) => {
    if (id === 0) return undefined;
    call(BLOCK_STAT, out, id);
    return readBlock(Number(u64(0)), id, u32(8));
  };
  const BLOCK_CREATE = at('ipld.block_create');
  const handleOf = (block) => {
    if (block === undefined) return 0;
    call(BLOCK_CREATE, out, BigInt(block.codec), block.data);
    return u32(0);
  };
  const sent = () => {
    const exitCode = u32(0);
    const id = u32(4);
    return { exitCode, block: id === 0 ? undefined : readBlock(Number(u64(8)), id, u32(16)) };
  };
  const amountOf = (row) => (...values) => {
    call(row, out, ...values);
    return u128(0);
  };
  const numberOf = (row) => (...values) => {
    call(row, out, ...values);
    return u64(0);
  };
  const bytesOf = (row, length) => (...values) => {
    call(row, out, ...values);
    return out.slice(0, length);
  };

  const MESSAGE_CONTEXT = at('vm.message_context');
  const EXIT = at('vm.exit');
  const NETWORK_CONTEXT = at('network.context');
  const TIPSET_CID = at('network.tipset_cid');
  const BLOCK_OPEN = at('ipld.block_open');
  const BLOCK_LINK = at('ipld.block_link');
  const ROOT = at('self.root');
  const SET_ROOT = at('self.set_root');
  const SELF_DESTRUCT = at('self.self_destruct');
  const SEND = at('send.send');
  const UPGRADE = at('actor.upgrade_actor');
  const DELEGATED = at('actor.lookup_delegated_address');
  const CODE_CID = at('actor.get_actor_code_cid');
  const BUILTIN_TYPE = at('actor.get_builtin_actor_type');
  const BUILTIN_CODE = at('actor.get_code_cid_for_type');
  const NEXT_ADDRESS = at('actor.next_actor_address');
  const EMIT = at('event.emit_event');
  const HASH = at('crypto.hash');
  const VERIFY = at('crypto.verify_signature');
  const VERIFY_BLS = at('crypto.verify_bls_aggregate');
  const RECOVER = at('crypto.recover_secp_public_key');
  const LOG = at('debug.log');
  const recovered = bytesOf(RECOVER, 65);

  const kernel = harden({
    message() {
      call(MESSAGE_CONTEXT, out);
      return {
        origin: u64(0), nonce: u64(8), caller: u64(16), receiver: u64(24), method: u64(32),
        value: u128(40), gasPremium: u128(56), flags: u64(72),
      };
    },
    network() {
      call(NETWORK_CONTEXT, out);
      return {
        epoch: view.getBigInt64(0, true), timestamp: u64(8), baseFee: u128(16), chainId: u64(32), networkVersion: u32(40),
      };
    },
    openBlock(cid) {
      call(BLOCK_OPEN, out, cidIn(cid));
      return readBlock(Number(u64(0)), u32(8), u32(12));
    },
    putBlock: (codec, data) => cidOut(BLOCK_LINK, handleOf({ codec, data }), 0xb220n, 32),
    root: () => cidOut(ROOT),
    setRoot: (cid) => call(SET_ROOT, cidIn(cid)),
    balance: amountOf(at('self.current_balance')),
    selfDestruct: (burnUnspent) => call(SELF_DESTRUCT, burnUnspent ? 1 : 0),
    upgrade(codeCid, parameters) {
      const handle = handleOf(parameters);
      call(UPGRADE, out, cidIn(codeCid), handle);
      return sent();
    },
    send({ to, method, parameters, value, gasLimit, readOnly, locksSender }) {
      if (value < 0n || value >= 2n ** 128n) throw fail(ILLEGAL_ARGUMENT);
      const handle = handleOf(parameters);
      const flags = (readOnly ? 1n : 0n) | (locksSender ? 2n : 0n);
      const limit = gasLimit === undefined || gasLimit > NO_LIMIT ? NO_LIMIT : gasLimit;
      call(SEND, out, to, method, handle, value >> 64n, value, limit, flags);
      return sent();
    },
    resolveAddress: numberOf(at('actor.resolve_address')),
    delegatedAddress(id) {
      const address = cidOut(DELEGATED, id);
      return address.length === 0 ? undefined : address;
    },
    codeCid: (id) => cidOut(CODE_CID, id),
    builtinType(codeCid) {
      call(BUILTIN_TYPE, out, cidIn(codeCid));
      return view.getInt32(0, true);
    },
    builtinCode: (type) => cidOut(BUILTIN_CODE, type),
    nextActorAddress: () => cidOut(NEXT_ADDRESS),
    balanceOf: amountOf(at('actor.balance_of')),
    emitEvent(entries) {
      const head = new DataView(new ArrayBuffer(24 * entries.length));
      const keys = [];
      const values = [];
      entries.forEach(({ flags, key, codec, value }, i) => {
        const bytes = utf8(key);
        keys.push(bytes);
        values.push(value);
        head.setBigUint64(24 * i, flags, true);
        head.setBigUint64(24 * i + 8, BigInt(codec), true);
        head.setUint32(24 * i + 16, bytes.length, true);
        head.setUint32(24 * i + 20, value.length, true);
      });
      call(EMIT, new Uint8Array(head.buffer), joined(keys), joined(values));
    },
    hash(hashFunction, data) {
      const digest = new Uint8Array(64);
      call(HASH, out, BigInt(hashFunction), data, digest);
      return digest.slice(0, u32(0));
    },
    verifySignature(type, signature, signer, plaintext) {
      call(VERIFY, out, type, signature, signer, plaintext);
      return u32(0) === 0;
    },
    verifyBlsAggregate(signature, publicKeys, plaintexts) {
      if (publicKeys.length !== plaintexts.length) throw fail(ILLEGAL_ARGUMENT);
      const lengths = new DataView(new ArrayBuffer(4 * plaintexts.length));
      plaintexts.forEach((plaintext, i) => lengths.setUint32(4 * i, plaintext.length, true));
      const keys = joined(publicKeys.map((key) => sized(key, 48)));
      call(VERIFY_BLS, out, publicKeys.length, sized(signature, 96), keys, joined(plaintexts), new Uint8Array(lengths.buffer));
      return u32(0) === 0;
    },
    recoverPublicKey: (digest, signature) => recovered(sized(digest, 32), sized(signature, 65)),
    chainRandomness: bytesOf(at('rand.get_chain_randomness'), 32),
    beaconRandomness: bytesOf(at('rand.get_beacon_randomness'), 32),
    tipsetCid: (epoch) => cidOut(TIPSET_CID, epoch),
    circulatingSupply: amountOf(at('network.total_fil_circ_supply')),
    gasAvailable: numberOf(at('gas.available')),
    log(level, text) {
      call(LOG, utf8(level + ': ' + text));
    },
    abort(exitCode, message, block, error) {
      thrown = error;
      const handle = handleOf(block);
      call(EXIT, exitCode | 0, handle, utf8(message));
    },
  });

  places.watch();
  return [
    (source) => image.prepare(source, places.of),
    (method, parameters) => image.begin(kernel, method, blockOf(parameters)),
    (parameters, info) => image.beginUpgrade(kernel, blockOf(parameters), blockOf(info)),
    (lost, reason) => handleOf(image.conclude(lost, reason)),
    () => places.stack(thrown ?? new Error()),
  ];
})`
