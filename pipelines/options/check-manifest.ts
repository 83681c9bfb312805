import { UsageError } from '../../lib/errors.js'
import type { OptionsOf } from '../../lib/options/option.js'
import { checkLevel } from './check-level.js'
import type { manifestOptions } from './manifest.js'

/** Refuses what each option allows by itself and all of them together do not. `subject` is for the errors. */
export function checkManifestOptions(options: OptionsOf<typeof manifestOptions>, subject: string): void {
  checkLevel(options.compressionLevel, options.compression, subject)
  if (options.rewriteTimestamp && options.sourceDateEpoch === null) {
    throw refuse(subject, 'an epoch for rewrite-timestamp', 'none', 'give source-date-epoch or set SOURCE_DATE_EPOCH')
  }
  if (options.compression.length === 0)
    throw refuse(subject, 'a codec', 'an empty compression', 'name one or leave it out')
  if (new Set(options.compression).size < options.compression.length) {
    throw refuse(subject, 'different codecs', `compression=${options.compression.join(',')}`, 'name each once')
  }
  if (options.ociMediaTypes === false) checkDockerMediaTypes(options, subject)
}

function checkDockerMediaTypes(options: OptionsOf<typeof manifestOptions>, subject: string): void {
  const codec = options.compression.find((each) => each === 'estargz' || each === 'zstd:chunked')
  const annotation = options.annotations.find((each) => each.target.startsWith('index'))
  const reason = codec ?? (annotation && `an annotation on the index`)
  if (reason !== undefined) {
    throw refuse(subject, `OCI media types for ${reason}`, 'oci-mediatypes=false', 'leave oci-mediatypes out')
  }
}

function refuse(subject: string, expected: string, found: string, advice: string): UsageError {
  return new UsageError({ operation: 'check output', subject, expected, found, advice })
}
