/**
 * The modules that an image has, and what each exports: whoever imports them gets those of the image. A test of the SDK compares the names with what its image has.
 */
export const IMAGE_EXPORTS: Readonly<Record<string, ReadonlySet<string>>> = {
  '@endo/errors': names(`
    Fail X annotateError assert b bare details hideAndHardenFunction makeError note q quote redacted throwRedacted
  `),
  '@endo/exo': names(`
    GET_INTERFACE_GUARD defineExoClass defineExoClassKit initEmpty makeExo
  `),
  '@endo/far': names(`
    E Far getInterfaceOf passStyleOf
  `),
  '@endo/marshal': names(`
    Far GET_METHOD_NAMES PASS_STYLE QCLASS Remotable ToFarFunction assertAtom assertChecker assertCopyArray assertPassable assertPassableString assertPassableSymbol
    assertRankSorted assertRecord assertRemotable assertWellFormedString compareAntiRank compareAntiRankRemotablesTied compareByCodePoints compareNumerics compareRank
    compareRankRemotablesTied decodeToJustin deeplyFulfilled filterIterable getErrorConstructor getInterfaceOf getPassStyleCover getRemotableMethodNames getTag hasOwnPropertyOf
    intersectRankCovers isAtom isCopyArray isEncodedRemotable isErrorLike isObject isPassable isPassableSymbol isPrimitive isRankSorted isRecord isRemotable isWellFormedString
    makeDecodePassable makeEncodePassable makeFullOrderComparatorKit makeMarshal makePassableKit makeTagged mapIterable nameForPassableSymbol parse passStyleOf passableAsJustin
    passableSymbolForName qp recordNames recordValues sortByRank stringify toPassableError toThrowable unionRankCovers unpassableSymbolForName zeroPad
  `),
  '@endo/nat': names(`
    Nat ONE_N ZERO_N isNat
  `),
  '@endo/pass-style': names(`
    Far GET_METHOD_NAMES PASS_STYLE Remotable ToFarFunction assertAtom assertChecker assertCopyArray assertPassable assertPassableString assertPassableSymbol assertRecord
    assertRemotable assertWellFormedString deeplyFulfilled filterIterable getErrorConstructor getInterfaceOf getRemotableMethodNames getTag hasOwnPropertyOf isAtom isCopyArray
    isErrorLike isObject isPassable isPassableSymbol isPrimitive isRecord isRemotable isWellFormedString makeTagged mapIterable nameForPassableSymbol passStyleOf passableSymbolForName
    toPassableError toThrowable unpassableSymbolForName
  `),
  '@endo/patterns': names(`
    M assertAwaitArgGuard assertCopyBag assertCopyMap assertCopySet assertInterfaceGuard assertKey assertMethodGuard assertPattern assertRawGuard assertScalarKey bagCompare
    bagDisjointSubtract bagIntersection bagIsSuperbag bagUnion coerceToBagEntries coerceToElements compareKeys containerHasSplit elementsCompare elementsDisjointSubtract
    elementsDisjointUnion elementsIntersection elementsIsDisjoint elementsIsSuperset elementsUnion getAwaitArgGuardPayload getCopyBagEntries getCopyMapEntries getCopySetKeys
    getInterfaceGuardPayload getInterfaceMethodKeys getMethodGuardPayload getNamedMethodGuards getRankCover isAwaitArgGuard isCopyBag isCopyMap isCopySet isKey isPattern isRawGuard
    keyEQ keyGT keyGTE keyLT keyLTE kindOf listDifference makeCopyBag makeCopyBagFromElements makeCopyMap makeCopySet matches mustMatch objectMap setCompare setDisjointSubtract
    setDisjointUnion setIntersection setIsDisjoint setIsSuperset setUnion
  `),
  '@troupe/sdk-js': names(`
    ActorFailure CallError ContractRevert DefinitionError E FutureShape HostRefusal M SdkError attenuate bytes call callContract defineActor durable fail forget harden invoke isRef makeTagged
    matches mustMatch selectorOf toUint8Array transfer viewOf when
  `),
}

/** Their specifiers. */
export const IMAGE_MODULES: readonly string[] = Object.keys(IMAGE_EXPORTS)

function names(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
