import { type Digest, digestOf, finishDigest, isDigest, startDigest } from '../blob/digest.js'
import { SNIFF_LENGTH, sniffFormat } from '../codec/sniff.js'
import { InputError } from '../errors.js'
import { type DockerManifestEntry, parseConfig, parseDockerManifest } from '../image/documents.js'
import { configMediaType, layerMediaType } from '../image/media-types.js'
import { imageOf, type ResolvedImage } from '../image/resolved-image.js'
import { selectPlatforms, type WantedPlatforms } from '../image/select-platforms.js'
import type { StoredLayer } from '../stages/items.js'
import { checkKind } from './check-kind.js'
import { sameName } from './layout-image.js'
import { demandMember, type Member, type Members, memberBlob, readDocument, readSpan, streamSpan } from './members.js'

/**
 * The image in an archive of `docker save`: of the old form, whose layers are `ID/layer.tar`, or of the new one, which
 * is a layout as well. `name` is one of its names or tags; without it there must be only one image.
 */
export async function resolveDockerArchive(
  members: Members,
  name: string | null,
  wanted: WantedPlatforms
): Promise<readonly ResolvedImage[]> {
  const { Config, Layers } = await findEntry(members, name)
  const subject = `${members.subject}, ${Config}`
  const bytes = await readDocument(members, Config, 'config')
  const document = parseConfig(bytes, subject)
  const config = {
    mediaType: configMediaType('docker'),
    digest: configDigest(Config, bytes, subject),
    size: bytes.length
  }
  const image = { ...imageOf(config, document), manifest: null }
  const selected = selectPlatforms([image], ({ platform }) => platform, wanted, members.subject)
  const layers = await storedLayers(members, Layers, document.rootfs.diff_ids)
  return selected.map((each) => ({ ...each, layers }))
}

async function findEntry(members: Members, name: string | null): Promise<DockerManifestEntry> {
  const subject = `${members.subject}, manifest.json`
  await checkKind(members, 'docker')
  const entries = parseDockerManifest(await readDocument(members, 'manifest.json', 'docker archive'), subject)
  const found = name === null ? entries : entries.filter(({ RepoTags }) => RepoTags.some((tag) => goesBy(name, tag)))
  const [only, ...others] = found
  if (only && others.every(({ Config }) => Config === only.Config)) return only
  const tags = entries.flatMap(({ RepoTags }) => RepoTags)
  throw new InputError({
    operation: 'find image',
    subject: members.subject,
    expected: name ?? 'one image',
    found: tags.join(', ') || `${entries.length} without a name`,
    advice: tags.length > 0 ? 'name one of those behind a colon' : adviceForUnnamed(name)
  })
}

/** Nothing stands for an image of such an archive but its tags. */
function adviceForUnnamed(name: string | null): string {
  return name === null ? 'save one image alone' : 'leave the name out'
}

function goesBy(name: string, tag: string): boolean {
  return tag.endsWith(`:${name}`) || sameName(name, tag)
}

/** The config's digest, which its path tells (`HEX.json` of old, `blobs/sha256/HEX` now); it has to be the true one. */
function configDigest(path: string, bytes: Buffer, subject: string): Digest {
  const found = digestOf(bytes)
  const [, hex] = /(?:^|[/:])([0-9a-f]{64})(?:\.json)?$/.exec(path) ?? []
  if (hex === undefined || found === `sha256:${hex}`) return found
  throw new InputError({ operation: 'read config', subject, expected: `sha256:${hex}`, found })
}

async function storedLayers(
  members: Members,
  paths: readonly string[],
  diffIDs: readonly Digest[]
): Promise<readonly StoredLayer[]> {
  if (paths.length !== diffIDs.length) {
    const found = `${paths.length} in manifest.json`
    const expected = `${diffIDs.length} layers, as in the config`
    throw new InputError({ operation: 'read manifest', subject: members.subject, expected, found })
  }
  const layers: StoredLayer[] = []
  for (const [index, diffID] of diffIDs.entries()) layers.push(await storedLayer(members, paths[index] ?? '', diffID))
  return layers
}

async function storedLayer(members: Members, path: string, diffID: Digest): Promise<StoredLayer> {
  const member = await demandMember(members, path, 'layer')
  const format = sniffFormat(await readSpan(member.file, member.start, Math.min(SNIFF_LENGTH, member.size)))
  const digest = digestInPath(path) ?? (format === 'uncompressed' ? diffID : await digestOfMember(member))
  const descriptor = { mediaType: layerMediaType(format, 'docker'), digest, size: member.size }
  return { blob: memberBlob(member, descriptor, `${members.subject}, ${path}`), diffID }
}

/** The digest of a blob by its place in a layout. Other names of layers are not their digests. */
function digestInPath(path: string): Digest | null {
  const [, algorithm, hex] = /^blobs\/([^/]+)\/([^/]+)$/.exec(path) ?? []
  const digest = `${algorithm}:${hex}`
  return isDigest(digest) ? digest : null
}

/** Only for compressed layers outside of a layout, which some programs write: nothing in the archive tells it. */
async function digestOfMember({ file, start, size }: Member): Promise<Digest> {
  const digest = startDigest()
  for await (const chunk of streamSpan(file, start, size)) digest.update(chunk)
  return finishDigest(digest)
}
