import { createRequire } from 'node:module'
import type * as Zod from 'zod'
import { type Digest, isDigest } from '../blob/digest.js'

/*
 * The documents of an image as they come from outside. The door to `zod`. Unknown fields are tolerated and left out,
 * as image-spec, considerations.md ("Extensibility") asks; null counts as absent, because Go writes it so.
 */

const require = createRequire(import.meta.url)

let made: ReturnType<typeof makeSchemas> | undefined

/** The schemas, made with the first document that comes in: an export of a directory reads none, and zod is large. */
export function schemas(): ReturnType<typeof makeSchemas> {
  made ??= makeSchemas(require('zod'))
  return made
}

function makeSchemas(z: typeof Zod) {
  const shared = sharedSchemas(z)
  return {
    ...rootSchemas(z, shared),
    config: configSchema(z, shared),
    layoutMarker: z.object({ imageLayoutVersion: z.string().regex(/^1\./, 'expected version 1') }),
    dockerManifest: z.array(
      z.object({ Config: z.string().min(1), RepoTags: shared.names.default([]), Layers: shared.names.default([]) })
    )
  }
}

type Shared = ReturnType<typeof sharedSchemas>

function sharedSchemas(z: typeof Zod) {
  const digest = z.custom<Digest>(
    (value) => typeof value === 'string' && isDigest(value),
    'expected sha256: with 64 or sha512: with 128 lower-case hex digits'
  )
  const annotations = z.record(z.string(), z.string())
  const names = z.array(z.string())
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
    size: z.int().nonnegative(),
    urls: names.exactOptional(),
    annotations: annotations.exactOptional(),
    data: z.string().exactOptional(),
    platform: platform.exactOptional(),
    artifactType: z.string().exactOptional()
  })
  return { digest, annotations, names, platform, descriptor }
}

function rootSchemas(z: typeof Zod, { annotations, descriptor }: Shared) {
  const fields = {
    schemaVersion: z.literal(2),
    mediaType: z.string().exactOptional(),
    artifactType: z.string().exactOptional(),
    subject: descriptor.exactOptional(),
    annotations: annotations.exactOptional()
  }
  return {
    index: z.object({ ...fields, manifests: z.array(descriptor).default([]) }),
    manifest: z.object({ ...fields, config: descriptor, layers: z.array(descriptor).default([]) })
  }
}

function configSchema(z: typeof Zod, { digest, platform, ...shared }: Shared) {
  return z.object({
    ...platform.shape,
    created: z.string().exactOptional(),
    author: z.string().exactOptional(),
    config: containerConfigSchema(z, shared).exactOptional(),
    rootfs: z.object({ type: z.literal('layers'), diff_ids: z.array(digest).default([]) }),
    history: z.array(historySchema(z)).exactOptional()
  })
}

function historySchema(z: typeof Zod) {
  return z.object({
    created: z.string().exactOptional(),
    created_by: z.string().exactOptional(),
    author: z.string().exactOptional(),
    comment: z.string().exactOptional(),
    empty_layer: z.boolean().exactOptional()
  })
}

function containerConfigSchema(z: typeof Zod, { names, annotations }: Pick<Shared, 'names' | 'annotations'>) {
  const flags = z.record(z.string(), z.object({}))
  return z.object({
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
    Healthcheck: healthcheckSchema(z, names).exactOptional(),
    OnBuild: names.exactOptional(),
    Shell: names.exactOptional()
  })
}

function healthcheckSchema(z: typeof Zod, names: Shared['names']) {
  return z.object({
    Test: names.exactOptional(),
    Interval: z.int().exactOptional(),
    Timeout: z.int().exactOptional(),
    StartPeriod: z.int().exactOptional(),
    StartInterval: z.int().exactOptional(),
    Retries: z.int().exactOptional()
  })
}

/** A document that fits its schema, or what is wrong with it, in words. */
export type Checked<T> = { readonly ok: true; readonly document: T } | { readonly ok: false; readonly found: string }

/** Checks a parsed document against its schema. */
export function check<T>(schema: Zod.ZodType<T>, value: unknown): Checked<T> {
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, document: result.data }
  const [issue] = result.error.issues
  const place = issue?.path.map(String).join('.')
  return { ok: false, found: `${place ? `in ${place}: ` : ''}${issue?.message ?? 'another shape'}` }
}
