import { bls12_381 } from '@noble/curves/bls12-381.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { loadCrypto } from '@troupe/crypto'
import {
  AbsentProofs,
  blsAddress,
  type ConsensusFault,
  ExternRefusal,
  type Externs,
  ethereumAddress,
  LocalExterns,
  ProofRefusal,
  type ProofVerifier,
  ProtocolFatal,
  rulesOf,
  secp256k1Address,
} from '@troupe/hypervisor'
import { CborWriter, cidOf } from '@troupe/ipld'
import { idOf } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { gasOf, invoke } from './invoke.ts'

const nv15 = rulesOf(15)
const nv17 = rulesOf(17)
const nv18 = rulesOf(18)
const text = new TextEncoder()
const hex = (bytes: unknown): string =>
  Array.from(bytes as Uint8Array, (byte) => byte.toString(16).padStart(2, '0')).join('')

describe('crypto.hash', () => {
  it('knows five functions, and charges each by length in generation 3', async () => {
    const data = text.encode('abc')
    await invoke(nv18, (syscall, kernel) => {
      const expected: [bigint, string, number][] = [
        [0x12n, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 21],
        [0xb220n, 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319', 30],
        [0x1bn, '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45', 99],
        [0x1053n, '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc', 105],
      ]
      for (const [code, digest, gas] of expected) {
        expect(gasOf(kernel, () => expect(hex(syscall('crypto.hash', code, data))).toBe(digest))).toBe(gas)
      }
      expect((syscall('crypto.hash', 0xb240n, data) as Uint8Array).length).toBe(64)
      expect(gasOf(kernel, () => expect(syscall('crypto.hash', 0x11n, data)).toBe('IllegalArgument'))).toBe(0)
    })
  })

  it('charges an unknown function before refusing it in generation 2', async () => {
    await invoke(nv17, (syscall, kernel) => {
      expect(
        gasOf(kernel, () =>
          expect(syscall('crypto.hash', 0x11n, text.encode('abc'))).toBe('IllegalArgument'),
        ),
      ).toBe(31_355)
    })
  })
})

describe('crypto.verify_signature', () => {
  it('verifies both kinds of keys, and tells an invalid signature from an impossible request', async () => {
    const crypto = await loadCrypto()
    const plaintext = text.encode('a deal')
    const secret = new Uint8Array(32).fill(7)
    const recovered = secp256k1.sign(crypto.blake2b(plaintext, 32), secret, {
      prehash: false,
      format: 'recovered',
    })
    const signature = Uint8Array.of(...recovered.subarray(1), recovered[0] as number)
    const f1 = secp256k1Address(crypto, secp256k1.getPublicKey(secret, false))
    const bls = bls12_381.longSignatures
    const f3 = blsAddress(bls.getPublicKey(secret).toBytes(true))
    const point = bls.hash(plaintext, 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_')
    const blsSignature = bls.sign(point, secret).toBytes(true)
    await invoke(nv18, (syscall, kernel) => {
      expect(
        gasOf(kernel, () =>
          expect(syscall('crypto.verifySignature', 1, signature, f1, plaintext)).toBe(true),
        ),
      ).toBe(1_637_292 + 60)
      expect(
        gasOf(kernel, () =>
          expect(syscall('crypto.verifySignature', 2, blsSignature, f3, plaintext)).toBe(true),
        ),
      ).toBe(16_598_605 + 26 * 6)
      expect(syscall('crypto.verifySignature', 1, signature, f1, text.encode('another'))).toBe(false)
      expect(syscall('crypto.verifySignature', 2, signature, f1, plaintext)).toBe(false)
      expect(syscall('crypto.verifySignature', 1, signature.subarray(1), f1, plaintext)).toBe(false)
      expect(syscall('crypto.verifySignature', 3, signature, f1, plaintext)).toBe('IllegalArgument')
      expect(syscall('crypto.verifySignature', 1, signature, idOf(100), plaintext)).toBe('IllegalArgument')
      expect(
        (syscall('crypto.recoverSecpPublicKey', crypto.blake2b(plaintext, 32), signature) as Uint8Array)
          .length,
      ).toBe(65)
      expect(syscall('crypto.recoverSecpPublicKey', new Uint8Array(32), new Uint8Array(65))).toBe(
        'IllegalArgument',
      )
    })
  })

  it('resolves accounts to their keys in generation 2, and charges for reading their state', async () => {
    const crypto = await loadCrypto()
    const key = blsAddress(new Uint8Array(48).fill(1))
    const state = new CborWriter().array(1).bytes(key.bytes).finish()
    const head = cidOf(crypto, 0x71, state)
    const odd = new CborWriter().array(1).bytes(idOf(100).bytes).finish()
    const delegated = new CborWriter()
      .array(1)
      .bytes(ethereumAddress(new Uint8Array(20)).bytes)
      .finish()
    const oddHead = cidOf(crypto, 0x71, odd)
    const delegatedHead = cidOf(crypto, 0x71, delegated)
    const actors = {
      102: { code: 'account', head },
      103: { code: 'other' },
      104: { code: 'account', head: oddHead },
      105: { code: 'account', head: delegatedHead },
    }
    await invoke(
      nv17,
      (syscall, kernel, { machine }) => {
        machine.blocks.put(head, state)
        machine.blocks.put(oddHead, odd)
        machine.blocks.put(delegatedHead, delegated)
        const verify = (id: number): unknown =>
          syscall('crypto.verifySignature', 2, new Uint8Array(96), idOf(id), state)
        expect(gasOf(kernel, () => expect(verify(102)).toBe(false))).toBe(
          16_598_605 + 135_617 + 10.5 * state.length,
        )
        expect(verify(103)).toBe('IllegalArgument')
        expect(verify(4242)).toBe('NotFound')
        // No account has such a state; the reference would find the signature invalid, and the other state malformed (kernel/default.rs).
        expect(verify(104)).toBe(false)
        expect(() => verify(105)).toThrow(ProtocolFatal)
      },
      { actors },
    )
  })
})

describe('crypto.compute_unsealed_sector_cid', () => {
  it('gives the commitment of an empty sector, and refuses what is no sector', async () => {
    await invoke(nv18, (syscall, kernel) => {
      const none = new Uint8Array([0x80])
      expect(
        gasOf(kernel, () =>
          expect(String(syscall('crypto.computeUnsealedSectorCid', 8n, none))).toBe(
            'baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq',
          ),
        ),
      ).toBe(98_647)
      expect(syscall('crypto.computeUnsealedSectorCid', 99n, none)).toBe('IllegalArgument')
      expect(syscall('crypto.computeUnsealedSectorCid', 8n, new Uint8Array([0x81]))).toBe('IllegalArgument')
    })
  })
})

describe('proof syscalls', () => {
  const post = new CborWriter().array(4).bytes(new Uint8Array(32)).array(0).array(0).uint(1000).finish()
  const answering = (answer: () => boolean): ProofVerifier => ({
    fidelity: { level: 'simulated', reason: 'proofs of the test' },
    verifySeal: answer,
    verifyPost: answer,
    verifyAggregateSeals: answer,
    verifyReplicaUpdate: answer,
  })

  it('ask the verifier that the machine was given, and charge before', async () => {
    for (const verdict of [true, false])
      await invoke(
        nv18,
        (syscall, kernel) => {
          expect(gasOf(kernel, () => expect(syscall('crypto.verifyPost', post)).toBe(verdict))).toBe(
            117_680_921,
          )
          expect(kernel.calls.fidelity.result.reasons).toContain('proofs of the test')
        },
        { machine: { proofs: answering(() => verdict) } },
      )
  })

  it('turn a refusal into an illegal argument', async () => {
    const proofs = answering(() => {
      throw new ProofRefusal('mixed proof types')
    })
    await invoke(
      nv18,
      (syscall) => {
        expect(syscall('crypto.verifyPost', post)).toBe('IllegalArgument')
        expect(syscall('crypto.verifyPost', post.subarray(1))).toBe('IllegalArgument')
      },
      { machine: { proofs } },
    )
  })

  it('make no receipt where the machine has no verifier', async () => {
    const run = invoke(nv18, (syscall) => void syscall('crypto.verifyPost', post))
    await expect(run).rejects.toThrow(expect.objectContaining({ code: 'proofs/absent' }))
    expect(() => new AbsentProofs().verifySeal()).toThrow(expect.objectContaining({ code: 'proofs/absent' }))
  })

  it('answer a batch seal by seal, and charge each in generation 3 only', async () => {
    const seal = (writer: CborWriter): CborWriter =>
      writer
        .array(8)
        .uint(8)
        .array(2)
        .uint(1000)
        .uint(1)
        .array(0)
        .bytes(new Uint8Array(32))
        .bytes(new Uint8Array(32))
        .bytes(new Uint8Array(1))
        .cid(commR)
        .cid(commR)
    const crypto = await loadCrypto()
    const commR = cidOf(crypto, 0xf102, new Uint8Array(1))
    const batch = seal(seal(new CborWriter().array(2))).finish()
    let asked = 0
    const proofs = answering(() => {
      asked++
      if (asked % 2 === 0) throw new ProofRefusal('malformed')
      return true
    })
    for (const [rules, gas] of [
      [nv17, 0],
      [nv18, 4000],
    ] as const)
      await invoke(
        rules,
        (syscall, kernel) => {
          const output = new Uint8Array(2).fill(7)
          expect(gasOf(kernel, () => syscall('crypto.batchVerifySeals', batch, () => output))).toBe(gas)
          expect([...output]).toEqual([1, 0])
        },
        { machine: { proofs } },
      )
  })
})

describe('a kind of proof of spacetime that Calibrationnet misjudged (kernel/default.rs)', () => {
  const encode = (kinds: readonly number[]): Uint8Array => {
    const writer = new CborWriter().array(4).bytes(new Uint8Array(32)).array(kinds.length)
    for (const kind of kinds) writer.array(2).int(kind).bytes(new Uint8Array(1))
    return writer.array(0).uint(1000).finish()
  }
  const seenBy = async (rules: typeof nv18, chainId: bigint, epoch: bigint, kinds: readonly number[]) => {
    const seen: bigint[] = []
    const proofs = new AbsentProofs() as ProofVerifier
    proofs.verifyPost = ({ proofs }) => {
      seen.push(...proofs.map(({ postProof }) => postProof))
      return true
    }
    const context = { epoch, timestamp: 0n, baseFee: 1n, circulatingSupply: 0n, chainId }
    await invoke(rules, (syscall) => void syscall('crypto.verifyPost', encode(kinds)), {
      machine: { proofs, context },
    })
    return seen.map(Number)
  }

  it('is verified as the older kind, there and up to the epoch of the repair', async () => {
    expect(await seenBy(nv18, 314_159n, 498_691n, [13, 13])).toEqual([8, 13])
    expect(await seenBy(nv18, 314_159n, 498_692n, [13, 13])).toEqual([13, 13])
    expect(await seenBy(nv18, 314n, 498_691n, [13])).toEqual([13])
    expect(await seenBy(nv18, 314_159n, 498_691n, [12, 13])).toEqual([12, 13])
    expect(await seenBy(nv18, 314_159n, 498_691n, [])).toEqual([])
    expect(await seenBy(nv17, 314_159n, 498_691n, [13])).toEqual([13])
  })
})

describe('what the node answers', () => {
  class Node extends LocalExterns implements Externs {
    fault: ConsensusFault | undefined
    override verifyConsensusFault(header1?: Uint8Array): ReturnType<Externs['verifyConsensusFault']> {
      if (header1?.length === 0) throw new ExternRefusal('not a header')
      return { fault: this.fault, gasUsed: 77 }
    }
  }

  it('reaches actors as consensus faults, and is charged in network version 15', async () => {
    const node = new Node(await loadCrypto(), new Uint8Array(1))
    const header = new Uint8Array(1)
    for (const [rules, gas] of [
      [nv15, 495_422 + 77],
      [nv17, 516_422],
      [nv18, 516_422],
    ] as const)
      await invoke(
        rules,
        (syscall, kernel) => {
          node.fault = undefined
          const verify = (): unknown => syscall('crypto.verifyConsensusFault', header, header, header)
          expect(gasOf(kernel, () => expect(verify()).toEqual({ epoch: 0n, target: 0n, fault: 0 }))).toBe(gas)
          node.fault = { epoch: 5n, target: 1000n, type: 2 }
          expect(verify()).toEqual({ epoch: 5n, target: 1000n, fault: 2 })
          expect(syscall('crypto.verifyConsensusFault', new Uint8Array(), header, header)).toBe(
            'IllegalArgument',
          )
        },
        { externs: node },
      )
  })

  it('is drawn into randomness as the reference draws it', async () => {
    const crypto = await loadCrypto()
    const node = new Node(crypto, new Uint8Array(1))
    await invoke(
      nv18,
      (syscall, kernel) => {
        const entropy = text.encode('e')
        let drawn: unknown
        expect(
          gasOf(kernel, () => {
            drawn = syscall('rand.getChainRandomness', -2n, 50n, entropy)
          }),
        ).toBe(21_000 + 10 * 49)
        const preimage = new Uint8Array(49)
        new DataView(preimage.buffer).setBigInt64(0, -2n)
        preimage.set(node.chainRandomness(50n), 8)
        new DataView(preimage.buffer).setBigInt64(40, 50n)
        preimage.set(entropy, 48)
        expect(hex(drawn)).toBe(hex(crypto.blake2b(preimage, 32)))
        expect(hex(syscall('rand.getBeaconRandomness', -2n, 50n, entropy))).not.toBe(hex(drawn))
        expect(syscall('rand.getBeaconRandomness', 1n, -1n, entropy)).toBe('IllegalArgument')
        node.beaconRandomness = () => new Uint8Array(31)
        expect(() => syscall('rand.getBeaconRandomness', 1n, 50n, entropy)).toThrow(RangeError)
      },
      { externs: node },
    )
  })

  it('gives tipset CIDs of past epochs within finality', async () => {
    const context = { epoch: 2000n, timestamp: 0n, baseFee: 1n, circulatingSupply: 0n, chainId: 0n }
    await invoke(
      nv18,
      (syscall, kernel) => {
        for (const epoch of [-1n, 2000n, 2001n, 1100n])
          expect(syscall('network.tipsetCid', epoch)).toBe('IllegalArgument')
        expect(gasOf(kernel, () => syscall('network.tipsetCid', 1999n))).toBe(50_000)
        expect(gasOf(kernel, () => syscall('network.tipsetCid', 1101n))).toBe(215_000)
      },
      { machine: { context } },
    )
  })
})
