import { listen, type NoteEvent, noteChannel } from '../trace.js'

/** Tells on standard error what stages have to say, for runs that show no progress, until the returned function is called. */
export function showNotes(): () => void {
  return listen<NoteEvent>(noteChannel, ({ message }) => void process.stderr.write(`NOTE: ${message}\n`))
}
