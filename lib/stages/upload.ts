import { growingBlobs } from '../blob/growing.js'
import { UsageError } from '../errors.js'
import type { Context } from '../graph/context.js'
import { type Node, type Stage, stage } from '../graph/node.js'
import { formatReference, parseName, parseReference } from '../image/reference.js'
import { registryResource } from '../registry/client.js'
import { createImagePush, type ImagePush, type PushTally, type PushTarget } from '../registry/image-push.js'
import { uploadJournal } from '../registry/upload-journal.js'
import { collectExported } from './collect-image.js'
import type { ImageBlob, Receipt } from './items.js'
import { generateSettled } from './settle.js'

/** Where an image is pushed to. Plain data: it is part of the node's key. */
export type UploadOptions = {
  /** One or more, on any number of registries; a name without a tag means `latest`, unless it is by digest. */
  readonly names: readonly string[]
  /** Pushes no tag: the image can be had by its digest only. Names with tags are refused then. */
  readonly pushByDigest: boolean
  /** Lets plain HTTP and any certificate pass for the hosts of these names. */
  readonly insecure: boolean
}

/**
 * Sink: an image in registries. Layers are sent while others are still being made, what is there already is not, and
 * names point to the image once all of it is everywhere.
 */
export const upload: (options: UploadOptions) => Stage<ImageBlob, Receipt> = stage('upload', openUpload)

function openUpload(options: UploadOptions, context: Context) {
  return generateSettled<ImageBlob, Receipt>(context, async function* (items) {
    const start = performance.now()
    const push = createImagePush({
      targets: targetsOf(options, context),
      journal: context.resource(uploadJournal),
      progress: context.progress,
      signal: context.signal
    })
    const upstream = keysAbove(context.node)
    const deaf = context.resource(growingBlobs).listen((key, spool) => {
      if (upstream.has(key)) push.begin(spool)
    })
    try {
      const collected = collectExported(taken(items, push), context)
      collected.catch(() => {}) // where the push fails first, that is the reason
      const layersPushed = context.begin('pushing layers')
      const { descriptor, facts } = await Promise.race([collected, push.failed])
      layersPushed((await push.sendBlobs()) === 0 ? 'cached' : 'done')
      const names = options.names.map((name) => fullName(name, options))
      const named = names.map((name) => context.begin(`pushing manifest for ${name}@${descriptor.digest}`))
      const tally = await push.finish()
      for (const end of named) end()
      const seconds = (performance.now() - start) / 1000
      const { bytes } = tally
      const skipped = describe(tally)
      yield {
        exporter: 'registry',
        destination: names.join(', '),
        ...facts,
        names,
        bytes,
        skipped,
        seconds
      }
    } catch (error) {
      // What failed first is the reason of all that came after.
      throw await push.stop(error)
    } finally {
      deaf()
    }
  })
}

async function* taken(items: AsyncIterable<ImageBlob>, push: ImagePush): AsyncGenerator<ImageBlob> {
  for await (const item of items) {
    push.add(item)
    yield item
  }
}

function keysAbove(node: Node<unknown>, keys: Set<string> = new Set()): ReadonlySet<string> {
  if (keys.has(node.key)) return keys
  keys.add(node.key)
  for (const input of node.inputs) keysAbove(input, keys)
  return keys
}

/** Each repository once, with all of its tags. */
function targetsOf(options: UploadOptions, context: Context): readonly PushTarget[] {
  const client = context.resource(registryResource)
  const targets = new Map<string, PushTarget & { readonly tags: string[] }>()
  for (const name of options.names) {
    const { domain, path, tag } = parse(name, options)
    const remote = client.remote({ host: domain, repository: path }, options.insecure)
    const target = targets.get(remote.subject) ?? { remote, tags: [] }
    targets.set(remote.subject, target)
    if (tag !== undefined && !target.tags.includes(tag)) target.tags.push(tag)
  }
  return [...targets.values()]
}

function fullName(name: string, options: UploadOptions): string {
  return formatReference(parse(name, options))
}

function parse(name: string, { pushByDigest }: UploadOptions) {
  const reference = pushByDigest ? parseName(name) : parseReference(name)
  if (reference.digest === undefined && !(pushByDigest && reference.tag !== undefined)) return reference
  throw new UsageError({
    operation: 'push image',
    subject: name,
    expected: pushByDigest ? 'a name without a tag, as push-by-digest makes none' : 'a name without a digest',
    found: formatReference(reference)
  })
}

function describe({ present, mounted, foreign }: PushTally): readonly string[] {
  return [
    ...(present > 0 ? [`${blobs(present)} that the registry had`] : []),
    ...(mounted > 0 ? [`${blobs(mounted)} mounted from another repository`] : []),
    ...(foreign > 0 ? [`${blobs(foreign)} that may not be distributed`] : [])
  ]
}

function blobs(count: number): string {
  return count === 1 ? '1 blob' : `${count} blobs`
}
