import type { OptionsOf } from '../../lib/options/option.js'
import { parseOptions } from '../../lib/options/parse-options.js'
import { type ExporterName, exporterOptions } from './index.js'

/** What an exporter takes. */
export type ExporterOptions<N extends ExporterName> = OptionsOf<(typeof exporterOptions)[N]>

/**
 * The options of an exporter: those given, and the others at their defaults.
 *
 * @example
 * oci(image, optionsOf('oci', { destination: 'app.tar', compression: ['zstd'] }))
 */
export function optionsOf<N extends ExporterName>(
  exporter: N,
  given: Partial<ExporterOptions<N>> = {}
): ExporterOptions<N> {
  const origin = { operation: 'read options', subject: exporter, owner: `the ${exporter} exporter` }
  return { ...parseOptions(exporterOptions[exporter], [], origin), ...given }
}
