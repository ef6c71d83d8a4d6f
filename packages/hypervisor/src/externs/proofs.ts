import type {
  AggregateSealVerifyProofAndInfos,
  ReplicaUpdateInfo,
  SealVerifyInfo,
  WindowPostVerifyInfo,
} from '../actor/proof-inputs.ts'
import { HypervisorError } from '../errors.ts'
import type { Fidelity } from '../trace/fidelity.ts'

/**
 * Verifies Filecoin's storage proofs. Real verification needs Groth16 over BLS12-381 and verifying keys of many megabytes, so it is handed
 * in. A method answers whether the proof is right, throws {@link ProofRefusal} for input that no proof can be checked against, and anything
 * else is a host failure.
 */
export interface ProofVerifier {
  readonly fidelity: Fidelity
  verifySeal(info: SealVerifyInfo): boolean
  verifyPost(info: WindowPostVerifyInfo): boolean
  verifyAggregateSeals(aggregate: AggregateSealVerifyProofAndInfos): boolean
  verifyReplicaUpdate(update: ReplicaUpdateInfo): boolean
}

/** Input to a proof that is malformed in a way that every node sees alike: actors see it as an illegal argument. */
export class ProofRefusal extends Error {
  override readonly name = 'ProofRefusal'
}

/** The verifier of a machine that was given none: asking it is a host failure that says so, never an answer. */
export class AbsentProofs implements ProofVerifier {
  readonly fidelity: Fidelity = { level: 'exact' }

  verifySeal(): never {
    return absent('seals')
  }

  verifyPost(): never {
    return absent('proofs of spacetime')
  }

  verifyAggregateSeals(): never {
    return absent('aggregate seals')
  }

  verifyReplicaUpdate(): never {
    return absent('replica updates')
  }
}

/** @throws {HypervisorError} proofs/absent */
function absent(what: string): never {
  throw new HypervisorError(
    'proofs/absent',
    `this machine cannot verify ${what}: no proof verifier was handed to it (option "proofs")`,
  )
}
