/** All that a build depends on: plain data, so that equal builds are one node. Paths are absolute. */
export type BuildParameters = {
  /** The Dockerfile's text, and its name for people. */
  readonly dockerfile: string
  readonly dockerfileName: string
  /** The directory that COPY and ADD take from; null where there is none. */
  readonly context: string | null
  /** The patterns of the ignore file, and its name for people. */
  readonly ignore: readonly string[]
  readonly ignoreName: string
  /** Further contexts by `contextName`: directories, or sources of images as `export` has them. */
  readonly contexts: { readonly [name: string]: string }
  /** The stage to build: a name or an index; null is the last one. */
  readonly target: string | null
  readonly arguments: { readonly [name: string]: string }
  /** As in `linux/arm64`; one image for each, in this order. */
  readonly platforms: readonly string[]
  readonly labels: { readonly [name: string]: string }
  /** SOURCE_DATE_EPOCH in seconds; null where there is none. */
  readonly epoch: number | null
}
