/**
 * Domain separation tag of Filecoin's BLS signatures: the basic scheme, not the proof-of-possession scheme of Ethereum.
 *
 * Source: filecoin-project/bls-signatures src/signature.rs `CSUITE`.
 */
export const BLS_SIGNATURE_DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_'
