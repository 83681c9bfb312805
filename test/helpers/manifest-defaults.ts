import type { ManifestOptions } from '../../pipelines/documents.js'

/** The options of an exporter of images, all at their defaults but for `changes`. */
export function manifestDefaults(changes: Partial<ManifestOptions> = {}): ManifestOptions {
  return {
    names: [],
    ociMediaTypes: null,
    compression: ['gzip'],
    compressionLevel: null,
    prioritized: [],
    forceCompression: false,
    annotations: [],
    rewriteTimestamp: false,
    sourceDateEpoch: null,
    preferNondistributableLayers: false,
    xattrs: 'capability',
    ociArtifact: false,
    ...changes
  }
}
