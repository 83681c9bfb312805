import type { AnyOptions } from './any-options.js'
import { checkAvailable } from './check-available.js'
import { checkCompression, checkPrioritized } from './check-compression.js'
import { checkNames } from './check-names.js'
import { checkPlace } from './check-place.js'
import { checkPushOptions } from './check-push.js'
import { withFullNames } from './full-names.js'
import type { ExporterName } from './index.js'

/** Refuses options that don't go together, or ask for what there is not. `subject` is for the errors. */
export function checkOptions(options: AnyOptions, subject: string): void {
  if ('names' in options) checkNames(options.names, subject)
  if ('push' in options) checkPushOptions(options, subject)
  if ('ociArtifact' in options) checkAvailable(options, subject)
  if (!('compression' in options)) return
  const codecs = typeof options.compression === 'string' ? [options.compression] : options.compression
  checkCompression(codecs ?? ['gzip'], options.compressionLevel, subject)
  if ('prioritized' in options) checkPrioritized(codecs ?? [], options.prioritized, subject)
}

/** An exporter's options as its stages want them, with full names. Throws UsageError for what can't be done. */
export function checked<O extends AnyOptions>(exporter: ExporterName, options: O): O {
  checkOptions(options, exporter)
  checkPlace(exporter, options, exporter)
  return withFullNames(options)
}
