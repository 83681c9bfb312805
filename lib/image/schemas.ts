import { z } from 'zod'
import { type Digest, isDigest } from '../blob/digest.js'

/*
 * The documents of an image as they come from outside. The door to `zod`. Unknown fields are tolerated and left out,
 * as image-spec, considerations.md ("Extensibility") asks; null counts as absent, because Go writes it so.
 */

const digest = z.custom<Digest>(
  (value) => typeof value === 'string' && isDigest(value),
  'expected sha256: with 64 or sha512: with 128 lower-case hex digits'
)
const annotations = z.record(z.string(), z.string())
const names = z.array(z.string())
const bytes = z.int().nonnegative()
const flags = z.record(z.string(), z.object({}))

const platform = z.object({
  architecture: z.string(),
  os: z.string(),
  'os.version': z.string().exactOptional(),
  'os.features': names.exactOptional(),
  variant: z.string().exactOptional()
})

const descriptor = z.object({
  mediaType: z.string().min(1),
  digest,
  size: bytes,
  urls: names.exactOptional(),
  annotations: annotations.exactOptional(),
  data: z.string().exactOptional(),
  platform: platform.exactOptional(),
  artifactType: z.string().exactOptional()
})

const rootFields = {
  schemaVersion: z.literal(2),
  mediaType: z.string().exactOptional(),
  artifactType: z.string().exactOptional(),
  subject: descriptor.exactOptional(),
  annotations: annotations.exactOptional()
}

export const indexSchema = z.object({ ...rootFields, manifests: z.array(descriptor).default([]) })

export const manifestSchema = z.object({ ...rootFields, config: descriptor, layers: z.array(descriptor).default([]) })

const history = z.object({
  created: z.string().exactOptional(),
  created_by: z.string().exactOptional(),
  author: z.string().exactOptional(),
  comment: z.string().exactOptional(),
  empty_layer: z.boolean().exactOptional()
})

const healthcheck = z.object({
  Test: names.exactOptional(),
  Interval: z.int().exactOptional(),
  Timeout: z.int().exactOptional(),
  StartPeriod: z.int().exactOptional(),
  StartInterval: z.int().exactOptional(),
  Retries: z.int().exactOptional()
})

const containerConfig = z.object({
  User: z.string().exactOptional(),
  ExposedPorts: flags.exactOptional(),
  Env: names.exactOptional(),
  Entrypoint: names.exactOptional(),
  Cmd: names.exactOptional(),
  Volumes: flags.exactOptional(),
  WorkingDir: z.string().exactOptional(),
  Labels: annotations.exactOptional(),
  StopSignal: z.string().exactOptional(),
  ArgsEscaped: z.boolean().exactOptional(),
  Healthcheck: healthcheck.exactOptional(),
  OnBuild: names.exactOptional(),
  Shell: names.exactOptional()
})

export const configSchema = z.object({
  ...platform.shape,
  created: z.string().exactOptional(),
  author: z.string().exactOptional(),
  config: containerConfig.exactOptional(),
  rootfs: z.object({ type: z.literal('layers'), diff_ids: z.array(digest).default([]) }),
  history: z.array(history).exactOptional()
})

export const layoutMarkerSchema = z.object({ imageLayoutVersion: z.string().regex(/^1\./, 'expected version 1') })

export const dockerManifestSchema = z.array(
  z.object({ Config: z.string().min(1), RepoTags: names.default([]), Layers: names.default([]) })
)

/** What a build cache knows of a layer. */
export const layerRecordSchema = z.object({ descriptor, diffID: digest, newest: z.int().nullable() })

/** What the block cache knows of a layer: its blocks, one after another. */
export const blocksRecordSchema = z.object({
  descriptor,
  blocks: z.array(z.object({ contents: digest, digest, size: bytes }))
})

/** A document that fits its schema, or what is wrong with it, in words. */
export type Checked<T> = { readonly ok: true; readonly document: T } | { readonly ok: false; readonly found: string }

/** Checks a parsed document against its schema. */
export function check<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, document: result.data }
  const [issue] = result.error.issues
  const place = issue?.path.map(String).join('.')
  return { ok: false, found: `${place ? `in ${place}: ` : ''}${issue?.message ?? 'another shape'}` }
}
