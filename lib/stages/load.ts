import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import { createResource } from '../graph/resource.js'
import { layoutFiles } from '../image/layout-files.js'
import { formatPlatform, type Platform } from '../image/platform.js'
import { choosePlatform } from '../image/platform-choice.js'
import { findEngine } from '../registry/engine/endpoint.js'
import { type Engine, EngineError, openEngine } from '../registry/engine/engine.js'
import { chain } from '../streams/body.js'
import { countBytes } from '../streams/count.js'
import { type ArchiveFile, archiveFiles, archiveSize } from '../tar/archive.js'
import { type CollectedImage, collectExported, describeImage } from './collect-image.js'
import type { ImageBlob, Receipt } from './items.js'
import { generateSettled } from './settle.js'

export type LoadOptions = {
  /** Full, as `formatReference` spells them. */
  readonly names: readonly string[]
}

/** What the environment says of the engine; a run may be given another. */
export const engineEnvironment = createResource<NodeJS.ProcessEnv>('engine environment', () => process.env)

/**
 * Sink: an image loaded into Docker or Podman, through the engine's socket. Layers that the engine has are left out
 * where it can tell. Of several platforms the engine gets its own, and a note says so.
 */
export const load: (options: LoadOptions) => Stage<ImageBlob, Receipt> = stage('load', openLoad)

function openLoad({ names }: LoadOptions, context: Context) {
  return generateSettled<ImageBlob, Receipt>(context, async function* (items) {
    const start = performance.now()
    const endpoint = await findEngine(context.resource(engineEnvironment))
    const engine = await openEngine(endpoint, context.signal)
    try {
      const image = await suited(await collectExported(items, context), engine, context)
      const files = layoutFiles(image.blobs, { names, docker: true })
      const known = await knownLayers(image, engine)
      const sent = context.begin('sending tarball')
      const bytes = await send(files, known, engine, context)
      sent()
      for (const name of names) context.begin(`naming to ${name}`)()
      const { facts } = image
      const skipped = known.size > 0 ? [`${known.size} of its layers that the engine had`] : []
      const seconds = (performance.now() - start) / 1000
      yield {
        exporter: 'docker',
        destination: endpoint.url.href,
        ...facts,
        names,
        bytes,
        skipped,
        seconds
      }
    } finally {
      await engine.close()
    }
  })
}

/** Without what the engine has; should it have removed that meanwhile, with all. Gives the bytes of the archive. */
async function send(
  files: readonly ArchiveFile[],
  known: ReadonlySet<string>,
  engine: Engine,
  context: Context
): Promise<number> {
  let bytes = 0
  const attempt = (wanted: readonly ArchiveFile[]): Promise<string> => {
    const total = bytes + archiveSize(wanted)
    const count = (more: number): void => {
      bytes += more
      context.progress(more, total)
    }
    return engine.load(() => chain(archiveFiles(wanted), [countBytes(count)]))
  }
  try {
    await attempt(files.filter(({ blob }) => !known.has(blob.descriptor.digest)))
  } catch (error) {
    if (known.size === 0 || !(error instanceof EngineError)) throw error
    context.note('the engine misses a layer that it had: sending all of them')
    await attempt(files)
  }
  return bytes
}

/** The blobs of the lowest layers that an image of the engine stands on, too. */
async function knownLayers({ blobs }: CollectedImage, engine: Engine): Promise<ReadonlySet<string>> {
  const [manifest, ...others] = blobs.flatMap((blob) => blob.manifest ?? [])
  if (!manifest || others.length > 0) return new Set()
  const shared = (await engine.layers()).map((layers) => countShared(layers, manifest.diffIDs))
  const count = Math.max(0, ...shared)
  const above = new Set(manifest.layers.slice(count).map(({ digest }) => digest))
  return new Set(manifest.layers.slice(0, count).flatMap(({ digest }) => (above.has(digest) ? [] : digest)))
}

function countShared(left: readonly string[], right: readonly string[]): number {
  const differs = right.findIndex((each, index) => each !== left[index])
  return differs < 0 ? right.length : differs
}

/** The image for the engine's platform, out of several. */
async function suited(image: CollectedImage, engine: Engine, context: Context): Promise<CollectedImage> {
  const manifests = image.blobs.filter(({ manifest }) => manifest !== undefined)
  if (manifests.length < 2) return image
  const platform: Platform = await engine.platform()
  const chosen = choosePlatform(platform, manifests, ({ manifest }) => manifest?.platform) ?? manifests[0]
  const parts = chosen?.manifest
  if (!chosen || !parts) return image
  context.note(`of ${manifests.length} platforms the engine gets ${formatPlatform(parts.platform)}`)
  const wanted = new Set([parts.config, ...parts.layers].map(({ digest }) => digest))
  const blobs = image.blobs.filter(({ blob }) => wanted.has(blob.descriptor.digest))
  return describeImage([...blobs, { ...chosen, root: true }], chosen.blob.descriptor, parts.config)
}
