import type { Invocation } from '../command.js'
import type { exportFlags } from '../export-flags.js'
import { exportImage } from '../export-image.js'
import { readImage } from '../sources.js'

/** Exports sources to all outputs. */
export function exportSources({ operands, flags, signal }: Invocation<typeof exportFlags>): Promise<void> {
  const { SOURCE_DATE_EPOCH: sourceDateEpoch } = process.env
  const request = { work: 'Exporting', readImage: () => readImage(operands, flags), sourceDateEpoch, caching: null }
  return exportImage(request, flags, signal)
}
