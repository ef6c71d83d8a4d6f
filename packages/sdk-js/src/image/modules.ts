/** @module The modules that actors find in the image. What else they import is bundled into their scripts. */

import * as errors from '@endo/errors'
import * as exo from '@endo/exo'
import * as far from '@endo/far'
import harden from '@endo/harden'
import * as marshal from '@endo/marshal'
import * as nat from '@endo/nat'
import * as passStyle from '@endo/pass-style'
import * as patterns from '@endo/patterns'
import * as sdk from '../index.ts'

const MODULES: Readonly<Record<string, object>> = {
  '@endo/errors': errors,
  '@endo/exo': exo,
  '@endo/far': far,
  '@endo/marshal': marshal,
  '@endo/nat': nat,
  '@endo/pass-style': passStyle,
  '@endo/patterns': patterns,
  '@troupe/sdk-js': sdk,
}

/** By specifier. A bundler leaves them out: they are one and the same for all of an actor, because they know what they have made. */
export const IMAGE_MODULES: Readonly<Record<string, object>> = Object.fromEntries(
  Object.entries(MODULES).map(([specifier, module]) => [specifier, harden({ ...module })]),
)
