import type { ExporterOptions } from './defaults.js'
import type { ExporterName } from './index.js'

/** The options of some exporter. */
export type AnyOptions = { readonly [N in ExporterName]: ExporterOptions<N> }[ExporterName]
