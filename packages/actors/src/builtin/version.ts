/** The release of the official actors that the actors of this package do as. */
export const ACTORS_VERSION = 'v18'
