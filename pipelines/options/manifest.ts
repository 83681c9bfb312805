import type { CodecName } from '../../lib/codec/codec.js'
import type { OptionTable } from '../../lib/options/option.js'

const codecs = ['uncompressed', 'gzip', 'estargz', 'zstd', 'zstd:chunked'] as const satisfies readonly CodecName[]

const choices = [...codecs, 'auto'] as const

/** What every exporter that writes images takes. */
export const manifestOptions = {
  names: {
    key: 'name',
    aliases: ['tag'], // which the documentation of Buildx has in one of its examples
    kind: 'list',
    default: [],
    placeholder: 'NAME[,NAME]',
    help: 'names of the image; foo means docker.io/library/foo:latest'
  },
  ociMediaTypes: {
    key: 'oci-mediatypes',
    kind: 'boolean',
    default: null,
    help: 'OCI media types instead of Docker ones; where not said, what needs them turns it on'
  },
  compression: {
    key: 'compression',
    kind: 'list',
    choices,
    default: ['gzip'],
    help: 'codec of the layers; several, in quotes, make variants of one image in one index; auto chooses for each layer, by a sample, between levels of zstd and none'
  },
  compressionLevel: {
    key: 'compression-level',
    kind: 'integer',
    minimum: 0,
    maximum: 22,
    default: null,
    help: "gzip and estargz 0 to 9, zstd 0 to 22; by default the codec's own"
  },
  prioritized: {
    key: 'estargz-prioritize',
    kind: 'list',
    default: [],
    placeholder: 'PATH[,PATH]',
    help: 'entries that estargz layers begin with, and that clients fetch before a container starts'
  },
  forceCompression: {
    key: 'force-compression',
    kind: 'boolean',
    default: false,
    help: 'recompress the layers of existing images whose codec differs; with a level, also those that do not say that they have it'
  },
  annotations: {
    key: 'annotation',
    kind: 'annotations',
    default: [],
    placeholder: 'TEXT',
    help: 'an annotation on the manifest, the index or their descriptors, of one platform or all'
  },
  rewriteTimestamp: {
    key: 'rewrite-timestamp',
    kind: 'boolean',
    default: false,
    help: 'set times that are later than the epoch to the epoch'
  },
  sourceDateEpoch: {
    key: 'source-date-epoch',
    kind: 'integer',
    minimum: 0,
    maximum: 253402300799, // the last second of the year 9999, beyond which RFC 3339 has no spelling
    default: null,
    placeholder: 'SECONDS',
    help: 'when the image was created; by default from SOURCE_DATE_EPOCH, which an empty value ignores'
  },
  preferNondistributableLayers: {
    key: 'prefer-nondist-layers',
    kind: 'boolean',
    default: false,
    help: 'keep the media types of layers that may not be distributed'
  },
  xattrs: {
    key: 'xattrs',
    kind: 'choice',
    choices: ['capability', 'all'],
    default: 'capability',
    help: 'extended attributes that layers keep: security.capability, or all'
  },
  ociArtifact: {
    key: 'oci-artifact',
    kind: 'boolean',
    default: false,
    help: 'write attestations as OCI artifacts; refused, because none are made here'
  }
} as const satisfies OptionTable
