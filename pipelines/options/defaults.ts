import { UsageError } from '../../lib/errors.js'
import { nearest } from '../../lib/nearest.js'
import type { OptionsOf, OptionTable } from '../../lib/options/option.js'
import { parseOptions } from '../../lib/options/parse-options.js'
import { exporterNamed } from './exporter-name.js'
import { type ExporterName, exporterOptions } from './index.js'

/** What an exporter takes. */
export type ExporterOptions<N extends ExporterName> = OptionsOf<(typeof exporterOptions)[N]>

/**
 * The options of an exporter: those given, and the others at their defaults. Throws UsageError for an exporter or an
 * option that there is not.
 *
 * @example
 * oci(image, optionsOf('oci', { destination: 'app.tar', compression: ['zstd'] }))
 */
export function optionsOf<N extends ExporterName>(
  exporter: N,
  given: Partial<ExporterOptions<N>> = {}
): ExporterOptions<N> {
  const origin = { operation: 'read options', subject: exporter }
  exporterNamed(exporter, origin)
  for (const name of Object.keys(given)) checkOption(name, exporter)
  const owner = `the ${exporter} exporter`
  return { ...parseOptions(exporterOptions[exporter], [], { ...origin, owner }), ...given }
}

function checkOption(name: string, exporter: ExporterName): void {
  const table: OptionTable = exporterOptions[exporter]
  if (Object.hasOwn(table, name)) return
  const names = Object.keys(table)
  const close = names.find((each) => table[each]?.key === name) ?? nearest(name, names)
  throw new UsageError({
    operation: 'read options',
    subject: exporter,
    expected: `an option of the ${exporter} exporter`,
    found: JSON.stringify(name),
    advice: close === null ? `it has ${names.join(', ') || 'none'}` : `did you mean "${close}"?`
  })
}
