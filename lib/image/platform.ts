/** An OCI platform (image-spec, image-index.md). Spelled as in `linux/arm/v7`. */
export interface Platform {
  readonly architecture: string
  readonly os: string
  readonly 'os.version'?: string
  readonly 'os.features'?: readonly string[]
  readonly variant?: string
}
