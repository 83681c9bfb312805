import { exporterNamed } from '../../pipelines/options/exporter-name.js'
import { withFullNames } from '../../pipelines/options/full-names.js'
import { type ExporterName, exporterOptions } from '../../pipelines/options/index.js'
import type { OptionsOf } from '../options/option.js'
import { parseOptions } from '../options/parse-options.js'
import type { OutputRequest } from './output-grammar.js'

/** One output with its options read, of any exporter or of those named. */
export type Output<N extends ExporterName = ExporterName> = { readonly [K in N]: OutputOf<K> }[N]

interface OutputOf<N extends ExporterName> {
  readonly type: N
  /** As it was written, for errors. */
  readonly text: string
  readonly options: OptionsOf<(typeof exporterOptions)[N]>
}

/**
 * Reads a request's fields as its exporter declares them. `sourceDateEpoch` is for an exporter that has such an
 * option and was not given it.
 */
export function readOutput(request: OutputRequest, sourceDateEpoch: string | undefined): Output {
  const origin = { operation: 'read --output', subject: request.text }
  return readAs(exporterNamed(request.type, origin), request, sourceDateEpoch)
}

function readAs<N extends ExporterName>(
  type: N,
  { text, fields }: OutputRequest,
  epoch: string | undefined
): Output<N> {
  const table = exporterOptions[type]
  const inherits = 'sourceDateEpoch' in table && !fields.some(({ key }) => key === table.sourceDateEpoch.key)
  const inherited = inherits && epoch !== undefined ? [{ key: table.sourceDateEpoch.key, value: epoch }] : []
  const origin = { operation: 'read --output', subject: text, owner: `the ${type} exporter` }
  return { type, text, options: withFullNames(parseOptions(table, [...inherited, ...fields], origin)) }
}
