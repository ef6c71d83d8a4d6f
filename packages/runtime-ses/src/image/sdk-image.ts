/** CID of the image with the SDK of this release. Written by `npm run image`. */
export const SDK_IMAGE = 'bafy2bzaceaeol357whsh4q5nrek42kvha4mqmap6nx2t66zll6qjvirwrjlr4'
