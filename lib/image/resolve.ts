import type { Descriptor } from '../blob/descriptor.js'
import { InputError } from '../errors.js'
import { parseManifestOrIndex } from './documents.js'
import { isIndexMediaType, isManifestMediaType } from './media-types.js'
import { formatPlatform, samePlatform } from './platform.js'
import { type ImageAccess, type ResolvedImage, resolveManifest } from './resolved-image.js'
import { selectPlatforms, type WantedPlatforms } from './select-platforms.js'

/**
 * Finds the images that `roots` (manifests and indexes) lead to, one for each platform that is wanted. Reads documents
 * only. An image without a wanted platform is an InputError that names those there are. `note` hears which platforms
 * had more than the image that is taken, and of attestations where all is wanted.
 */
export async function resolveImages(
  roots: readonly Descriptor[],
  access: ImageAccess,
  wanted: WantedPlatforms,
  note: (message: string) => void = () => {}
): Promise<readonly ResolvedImage[]> {
  const { images, others } = await findManifests(roots, access)
  const candidates: Candidate[] = []
  for (const manifest of images) candidates.push(await learnPlatform(manifest, access))
  if (candidates.length === 0) throw noImages(access.subject)
  const platformOf = ({ descriptor, image }: Candidate) => image?.platform ?? descriptor.platform
  const chosen = selectPlatforms(candidates, platformOf, wanted, access.subject)
  const platforms = candidates.flatMap((each) => platformOf(each) ?? [])
  for (const platform of chosen.flatMap((each) => platformOf(each) ?? [])) {
    const count = platforms.filter((each) => samePlatform(each, platform)).length
    if (count > 1) note(`${access.subject}: of ${count} variants for ${formatPlatform(platform)} the first is read`)
  }
  if (wanted === 'all' && others.some(({ annotations }) => annotations?.[ATTESTATION] !== undefined))
    note(`${access.subject}: attestations, as of provenance or SBOMs, are left out`)
  return Promise.all(chosen.map(({ descriptor, image }) => image ?? resolveManifest(descriptor, access)))
}

/** A manifest of an image, and the image itself if it had to be read to know its platform. */
interface Candidate {
  readonly descriptor: Descriptor
  readonly image: ResolvedImage | null
}

/** Indexes within indexes are legal and rare; this is deeper than any that is meant. */
const DEEPEST_INDEX = 8

interface FoundManifests {
  readonly images: readonly Descriptor[]
  /** What indexes list besides. */
  readonly others: readonly Descriptor[]
}

/** The manifests below `roots`, depth first, each once: an index that leads back to itself ends there. */
async function findManifests(roots: readonly Descriptor[], access: ImageAccess): Promise<FoundManifests> {
  const seen = new Set<string>()
  const images: Descriptor[] = []
  const others: Descriptor[] = []
  const visit = async (descriptor: Descriptor, depth: number): Promise<void> => {
    if (seen.has(descriptor.digest)) return
    seen.add(descriptor.digest)
    if (isIndexMediaType(descriptor.mediaType)) {
      for (const child of await childrenOf(descriptor, depth, access)) await visit(child, depth + 1)
    } else {
      const list = depth === 0 || isImage(descriptor) ? images : others
      list.push(descriptor)
    }
  }
  for (const root of roots) await visit(root, 0)
  return { images, others }
}

async function childrenOf(index: Descriptor, depth: number, access: ImageAccess): Promise<readonly Descriptor[]> {
  const subject = `${access.subject}, index ${index.digest}`
  if (depth === DEEPEST_INDEX) throw tooDeep(subject)
  const parsed = parseManifestOrIndex(await access.document(index), index.mediaType, subject)
  return parsed.kind === 'index' ? parsed.document.manifests : []
}

/** Indexes also list what is no image: attestations (BuildKit, "Attestation storage") and other artifacts. */
function isImage({ mediaType, artifactType, annotations, platform }: Descriptor): boolean {
  const isAttestation = annotations?.[ATTESTATION] !== undefined || platform?.os === 'unknown'
  return isManifestMediaType(mediaType) && artifactType === undefined && !isAttestation
}

/** The annotation of what is about another manifest. */
const ATTESTATION = 'vnd.docker.reference.type'

async function learnPlatform(descriptor: Descriptor, access: ImageAccess): Promise<Candidate> {
  return { descriptor, image: descriptor.platform ? null : await resolveManifest(descriptor, access) }
}

function noImages(subject: string): InputError {
  return new InputError({ operation: 'read index', subject, expected: 'at least one image', found: 'none' })
}

function tooDeep(subject: string): InputError {
  return new InputError({
    operation: 'read index',
    subject,
    expected: `at most ${DEEPEST_INDEX} indexes within each other`,
    found: 'more'
  })
}
