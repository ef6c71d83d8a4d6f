/** @module What is pinned of the SDK of this release. Written by `npm run image`. */

/** Of the script that `bundleImage` of `@troupe/bundle-js` makes of `@troupe/sdk-js/image`. */
export const SDK_SHA256 = 'd55dd1eff8b63dfb9581729b71e0536dfe31b5699e1bb051df3c1690dfb2539d'
/** CID of the image with it. */
export const SDK_IMAGE = 'bafy2bzacearlmm2yx2w6i6r4ovpks6qgxbcpisu6tn552kgqygn3h6dshstqa'
