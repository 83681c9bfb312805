import type { Blob } from '../blob/blob.js'
import type { Descriptor } from '../blob/descriptor.js'
import { InputError } from '../errors.js'
import type { StoredLayer } from '../stages/items.js'
import type { ImageConfigDocument } from './config.js'
import { parseConfig, parseManifestOrIndex } from './documents.js'
import { DOCKER_CONFIG, formatOfMediaType, OCI_CONFIG } from './media-types.js'
import type { Platform } from './platform.js'

/** Where the documents and blobs of an image come from: a layout, an archive, a registry. */
export interface ImageAccess {
  /** Names it in errors: "oci:./layout". */
  readonly subject: string
  /** The bytes of a document, checked against its descriptor. At most 4 MiB. */
  document(descriptor: Descriptor): Promise<Buffer>
  /** A layer. Fails at once where that it is missing, or of another size, can be known without reading it. */
  blob(descriptor: Descriptor): Promise<Blob>
}

/** An existing image of one platform: its documents are read, its layers can be. */
export interface ResolvedImage {
  /** Of the manifest; null where there is none, as in archives of docker save. */
  readonly manifest: Descriptor | null
  readonly config: Descriptor
  readonly document: ImageConfigDocument
  readonly platform: Platform
  /** Lowest first. */
  readonly layers: readonly StoredLayer[]
}

/** Reads the manifest and the config that `descriptor` leads to. */
export async function resolveManifest(descriptor: Descriptor, access: ImageAccess): Promise<ResolvedImage> {
  const subject = `${access.subject}, manifest ${descriptor.digest}`
  const manifest = parseManifestOrIndex(await access.document(descriptor), descriptor.mediaType, subject)
  if (manifest.kind === 'index') {
    throw new InputError({ operation: 'read manifest', subject, expected: 'an image manifest', found: 'an index' })
  }
  const { config, layers } = manifest.document
  checkConfigType(config, subject)
  const document = parseConfig(await access.document(config), `${access.subject}, config ${config.digest}`)
  checkLayers(layers, document, subject)
  const stored = await storedLayers(layers, document, access)
  return { ...imageOf(config, document, descriptor.platform), manifest: descriptor, layers: stored }
}

/**
 * What a config tells of an image. Where it leaves out the variant or the version, as many do, `listed` counts: the
 * platform that an index lists the image with.
 */
export function imageOf(config: Descriptor, document: ImageConfigDocument, listed?: Platform) {
  const own = platformOf(document)
  const isSame = listed?.os === own.os && listed.architecture === own.architecture
  return { config, document, platform: isSame ? { ...listed, ...own } : own }
}

/** Fails unless every layer of a manifest is a tar, and the config knows the diffID of each. */
export function checkLayers(layers: readonly Descriptor[], document: ImageConfigDocument, subject: string): void {
  const operation = 'read manifest'
  const other = layers.find(({ mediaType }) => formatOfMediaType(mediaType) === null)
  if (other) {
    const found = `the media type ${JSON.stringify(other.mediaType)}`
    throw new InputError({ operation, subject: `${subject}, layer ${other.digest}`, expected: 'a layer tar', found })
  }
  const known = document.rootfs.diff_ids.length
  if (known === layers.length) return
  const found = `${layers.length} in the manifest`
  throw new InputError({ operation, subject, expected: `${known} layers, as in the config`, found })
}

function checkConfigType({ mediaType }: Descriptor, subject: string): void {
  if (mediaType === OCI_CONFIG || mediaType === DOCKER_CONFIG) return
  throw new InputError({
    operation: 'read manifest',
    subject,
    expected: 'the config of an image',
    found: `the media type ${JSON.stringify(mediaType)}`,
    advice: 'this is an artifact of another kind, which has no file system'
  })
}

function storedLayers(
  layers: readonly Descriptor[],
  document: ImageConfigDocument,
  access: ImageAccess
): Promise<StoredLayer[]> {
  const stored = layers.flatMap((layer, index) => {
    const diffID = document.rootfs.diff_ids[index]
    return diffID === undefined ? [] : [access.blob(layer).then((blob) => ({ blob, diffID }))]
  })
  return Promise.all(stored)
}

/** The platform that a config names. */
export function platformOf(document: ImageConfigDocument): Platform {
  const { architecture, os, variant } = document
  const version = document['os.version']
  const features = document['os.features']
  return {
    architecture,
    os,
    ...(version !== undefined && { 'os.version': version }),
    ...(features !== undefined && { 'os.features': features }),
    ...(variant !== undefined && { variant })
  }
}
