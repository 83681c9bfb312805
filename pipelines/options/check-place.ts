import { UsageError } from '../../lib/errors.js'
import type { AnyOptions } from './any-options.js'
import type { ExporterName } from './index.js'

/** Whether an exporter with these options writes a directory, and not one file. */
export function writesDirectory(exporter: ExporterName, options: AnyOptions): boolean {
  return exporter === 'local' || ('tar' in options && !options.tar)
}

/** Refuses an empty destination, and one that a directory can't have. `subject` is for the errors. */
export function checkPlace(exporter: ExporterName, options: AnyOptions, subject: string): void {
  if (!('destination' in options)) return
  const { destination } = options
  if (writesDirectory(exporter, options)) {
    const what = exporter === 'local' ? 'local' : `${exporter} with tar=false`
    if (destination === null) throw new UsageError({ operation: `dest is required for ${what} exporter`, subject })
    if (destination === '-') throw refuse(subject, `a directory for ${what}`, 'dest=-')
  }
  if (destination === '') throw refuse(subject, 'a path', 'an empty one')
}

function refuse(subject: string, expected: string, found: string): UsageError {
  return new UsageError({ operation: 'check destination', subject, expected, found })
}
