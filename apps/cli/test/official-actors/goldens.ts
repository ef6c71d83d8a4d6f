/** What the scenario gives with one release. */
interface Golden {
  /** Of each message that succeeds, in order. */
  readonly gas: readonly number[]
  /** Root of the state at the end. */
  readonly root: string
}

/** What this machine has given once: no other implementation has confirmed it. A change is a change of consensus, or the scenario's. */
export const GOLDENS: Readonly<Record<string, Golden>> = {
  v12: {
    gas: [
      5_834_915, 8_207_532, 6_144_406, 8_464_632, 4_501_663, 9_768_268, 4_463_882, 4_480_478, 5_477_053,
      2_055_755, 1_779_630,
    ],
    root: 'bafy2bzaced4pnw46zva35aiwt75ksnzklhfrox2jvd2xzgtgemq2ec2scirii',
  },
  v13: {
    gas: [
      5_834_915, 8_207_532, 6_144_406, 8_464_632, 4_501_663, 9_768_268, 4_463_882, 4_480_478, 5_477_037,
      2_055_755, 1_779_630,
    ],
    root: 'bafy2bzacecch3ow2eryhqwtlxmacmx3ltsvzie27jca65q3qyuid4xqb6lzsc',
  },
  v14: {
    gas: [
      5_820_909, 8_113_801, 6_040_970, 8_302_517, 4_501_663, 9_601_286, 4_412_023, 4_427_868, 5_379_884,
      2_028_449, 1_754_448,
    ],
    root: 'bafy2bzacecqt4k7ayyfrpm5v2uvmzm25c3p7j57boivq7n7s7h6ct27cxpr3a',
  },
  v15: {
    gas: [
      5_820_909, 8_113_801, 6_040_970, 8_302_517, 4_501_663, 9_601_286, 4_412_023, 4_427_868, 5_379_884,
      2_028_449, 1_754_448,
    ],
    root: 'bafy2bzacearxo4q5irlnek6lftud5ubypcw6mmyuarl42wsaedqs7v33g6bss',
  },
  v16: {
    gas: [
      5_824_805, 8_125_768, 6_047_116, 8_307_823, 4_501_663, 9_621_985, 4_424_313, 4_440_437, 5_384_464,
      2_028_747, 1_757_390,
    ],
    root: 'bafy2bzaceam6rddpuxpluyrxysx5eunxsoglkydvzbrjjrvhnrrsfxc27lcv4',
  },
  v17: {
    gas: [
      5_824_333, 8_129_008, 6_046_104, 8_315_839, 4_501_663, 9_621_663, 4_422_363, 4_437_476, 5_384_758,
      2_028_579, 1_757_522,
    ],
    root: 'bafy2bzacecvfbj4qv47azmb7e4xjlywuy56df276eipl24pgmsahrdhbqiiji',
  },
  v18: {
    gas: [
      5_823_359, 8_126_768, 6_041_154, 8_312_124, 4_501_663, 9_616_697, 4_421_990, 4_436_180, 5_385_378,
      2_029_584, 1_757_125,
    ],
    root: 'bafy2bzacedoqpkrxyutakqzz3n4lf536bqtt5ohxv4oayblggfvhau7bzowr6',
  },
}
