import { UsageError } from '../../lib/errors.js'
import { nearest } from '../../lib/nearest.js'
import { type ExporterName, exporterOptions } from './index.js'

/** The exporter that is called so. Throws UsageError, with the nearest name, where none is. */
export function exporterNamed(
  name: string,
  origin: { readonly operation: string; readonly subject: string }
): ExporterName {
  if (isExporter(name)) return name
  const names = Object.keys(exporterOptions)
  const close = nearest(name, names)
  throw new UsageError({
    ...origin,
    expected: `a type out of ${names.join(', ')}`,
    found: JSON.stringify(name),
    ...(close !== null && { advice: `did you mean "${close}"?` })
  })
}

function isExporter(name: string): name is ExporterName {
  return Object.hasOwn(exporterOptions, name)
}
