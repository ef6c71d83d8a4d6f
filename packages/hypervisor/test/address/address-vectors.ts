/** @module Golden values from ref-fvm release/v3 shared/tests/address_test.rs. */

/** Uncompressed public keys (hexadecimal) and their f1 addresses. */
export const SECP256K1_KEYS: readonly (readonly [string, string])[] = [
  [
    '049402fac37e6432a416a3a0ca5426b5185ab3b24f6134efa25ce487c82d2e4e13bf452511e0d2245421f8613bc10d72fa216666a96c3bc13920d3ff233fd0bc05',
    'f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq',
  ],
  [
    '047687b910379bf28cbe3aea674b12000c6b7dba46ffc05f6c94fe2a22bbcc2602ff7f5c76f21ca55d36959152b0e1e887917c393576eef093f61ebd3ad06f7fda',
    'f12fiakbhe2gwd5cnmrenekasyn6v5tnaxaqizq6a',
  ],
  [
    '04defdd01001efb86e01ded5ce34f847a73a14819ee641bcb60bb92993596f05dc2d605f2985f8d125812dac4163a396349b23c11cc2ff359de54be287ea62319b',
    'f1wbxhu3ypkuo6eyp6hjx6davuelxaxrvwb2kuwva',
  ],
  [
    '0403ed12c814b6b10d2ee09d95b4688db2d180d0a9a37a6b6a7db63d29811ee9730479d8ef9139e91249cabd393291cfe5d277ba76de45e3e085a37681bf3645d2',
    'f1xtwapqc6nh4si2hcwpr3656iotzmlwumogqbuaa',
  ],
  [
    '04f796819a8e271631af7c189797b545d60225936147e6010e6562b3ce9efe8b10144161a91ed0b4ec890800253fa6fc20ac90fbf1fbf27130a4ecc3e403b70576',
    'f1xcbgdhkgkwht3hrrnui3jdopeejsoatkzmoltqy',
  ],
  [
    '0442832bf87cce9ea345b90350de7d3495859ca449059c5e88dde74285dffb9ec01ebabc5fc86268cfeaeba7ae05bfb8d68eb75a5268782cf86fc8702bef8a1fe0',
    'f17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy',
  ],
]

/** Data (hexadecimal) and the f2 addresses made from it. */
export const ACTOR_DATA: readonly (readonly [string, string])[] = [
  ['76128190cdf068d1418044acc03e0b6781970d60', 'f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i'],
  ['2cafb8e2e06bba98ea657c5cf5f42023aa23e88e', 'f25nml2cfbljvn4goqtclhifepvfnicv6g7mfmmvq'],
  ['022c9e0ea29d8f40c56abec35c8d587da0a64c18', 'f2nuqrg7vuysaue2pistjjnt3fadsdzvyuatqtfei'],
  ['dfec030e204f0f59d80f1d5ee91dfd066d7f63bd', 'f24dd4ox4c2vpf5vk5wkadgyyn6qtuvgcpxxon64a'],
  ['3d3a89e8ddab547832716c6d468c3560c9f47fd8', 'f2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y'],
]

/** BLS public keys (hexadecimal) and their f3 addresses. */
export const BLS_KEYS: readonly (readonly [string, string])[] = [
  [
    'ad58df696e2d4e91ea86c881e938ba4ea81b395e12797b84b9cf314b9546705e839c7a99d606b247ddb4f9ac7a3414dd',
    'f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a',
  ],
  [
    'b3294f0a2e29e0c66ebc235d2fedca5697bf784af605c75af608e6a63d5cd38ea85ca8989e0efde9188b382f9372460d',
    'f3wmuu6crofhqmm3v4enos73okk2l366ck6yc4owxwbdtkmpk42ohkqxfitcpa57pjdcftql4tojda2poeruwa',
  ],
  [
    '96a1a3e4ea7a14d49985e661b22401d44fed402d1d0925b243c923589c0fbc7e32cd04e29ed78d15d37d3aaa3fe6da33',
    'f3s2q2hzhkpiknjgmf4zq3ejab2rh62qbndueslmsdzervrhapxr7dftie4kpnpdiv2n6tvkr743ndhrsw6d3a',
  ],
  [
    '86b454258c589475f7d16f5aac018a79f6c1169d20fc33921dd8b5ce1cac6c348f90a3603624f6aeb91b64518c2e8095',
    'f3q22fijmmlckhl56rn5nkyamkph3mcfu5ed6dheq53c244hfmnq2i7efdma3cj5voxenwiummf2ajlsbxc65a',
  ],
  [
    'a7726b038022f75a384617585360cee629070a2d9d28712965e5f26ecc40858382803724ed34f2720336f09db631f074',
    'f3u5zgwa4ael3vuocgc5mfgygo4yuqocrntuuhcklf4xzg5tcaqwbyfabxetwtj4tsam3pbhnwghyhijr5mixa',
  ],
]

/** Addresses and their CBOR (hexadecimal). */
export const CBOR: readonly (readonly [string, string])[] = [
  ['f00', '420000'],
  ['f01', '420001'],
  ['f010', '42000a'],
  ['f0150', '43009601'],
  ['f0499', '4300f303'],
  ['f01024', '43008008'],
  ['f01729', '4300c10d'],
  ['f0999999', '4400bf843d'],
  ['f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq', '5501ea0f0ea039b291a0f08fd179e0556a8c3277c0d3'],
  ['f12fiakbhe2gwd5cnmrenekasyn6v5tnaxaqizq6a', '5501d1500504e4d1ac3e89ac891a4502586fabd9b417'],
  ['f1wbxhu3ypkuo6eyp6hjx6davuelxaxrvwb2kuwva', '5501b06e7a6f0f551de261fe3a6fe182b422ee0bc6b6'],
  ['f1xtwapqc6nh4si2hcwpr3656iotzmlwumogqbuaa', '5501bcec07c05e69f92468e2b3e3bf77c874f2c5da8c'],
  ['f1xcbgdhkgkwht3hrrnui3jdopeejsoatkzmoltqy', '5501b882619d46558f3d9e316d11b48dcf211327026a'],
  ['f17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy', '5501fd1d0f4dfcd7e99afcb99a8326b7dc459d32c628'],
  ['f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i', '5502e54dea4f9bc5b47d261819826d5e1fbf8bc5503b'],
  ['f25nml2cfbljvn4goqtclhifepvfnicv6g7mfmmvq', '5502eb58bd08a15a6ade19d0989674148fa95a8157c6'],
  ['f2nuqrg7vuysaue2pistjjnt3fadsdzvyuatqtfei', '55026d21137eb4c4814269e894d296cf6500e43cd714'],
  ['f24dd4ox4c2vpf5vk5wkadgyyn6qtuvgcpxxon64a', '5502e0c7c75f82d55e5ed55db28033630df4274a984f'],
  ['f2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y', '5502316b4c1ff5d4afb7826ceab5bb0f2c3e0f364053'],
  [
    'f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a',
    '583103ad58df696e2d4e91ea86c881e938ba4ea81b395e12797b84b9cf314b9546705e839c7a99d606b247ddb4f9ac7a3414dd',
  ],
  [
    'f3wmuu6crofhqmm3v4enos73okk2l366ck6yc4owxwbdtkmpk42ohkqxfitcpa57pjdcftql4tojda2poeruwa',
    '583103b3294f0a2e29e0c66ebc235d2fedca5697bf784af605c75af608e6a63d5cd38ea85ca8989e0efde9188b382f9372460d',
  ],
  [
    'f3s2q2hzhkpiknjgmf4zq3ejab2rh62qbndueslmsdzervrhapxr7dftie4kpnpdiv2n6tvkr743ndhrsw6d3a',
    '58310396a1a3e4ea7a14d49985e661b22401d44fed402d1d0925b243c923589c0fbc7e32cd04e29ed78d15d37d3aaa3fe6da33',
  ],
  [
    'f3q22fijmmlckhl56rn5nkyamkph3mcfu5ed6dheq53c244hfmnq2i7efdma3cj5voxenwiummf2ajlsbxc65a',
    '58310386b454258c589475f7d16f5aac018a79f6c1169d20fc33921dd8b5ce1cac6c348f90a3603624f6aeb91b64518c2e8095',
  ],
  [
    'f3u5zgwa4ael3vuocgc5mfgygo4yuqocrntuuhcklf4xzg5tcaqwbyfabxetwtj4tsam3pbhnwghyhijr5mixa',
    '583103a7726b038022f75a384617585360cee629070a2d9d28712965e5f26ecc40858382803724ed34f2720336f09db631f074',
  ],
]
