/** A source map that has been read. */
export type GivenSourceMap = { readonly text: string } | FoundSourceMap

/** The file beside the code: nobody has asked for it, and it may be of no use. */
export type FoundSourceMap = { readonly file: string } & (
  | { readonly text: string }
  | { readonly problem: string }
)
