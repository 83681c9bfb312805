import { createEntry } from '../../lib/diff/entry.js'
import { readHeader } from '../../lib/diff/read-header.js'
import { pipe, run } from '../../lib/graph/index.js'
import { save } from '../../lib/stages/save.js'
import { noteChannel } from '../../lib/trace.js'
import { flatImage } from './flat-image.js'
import { fileEntry } from './layer-tar.js'

// Loads what is loaded with the first file, while the checkout, which may be closed to others, can be read.
readHeader('/', 'root')

/** Exports a tree with directories that may not be written to, then over itself; gives the notes of both runs. */
export async function exportTwice(destination: string): Promise<readonly string[]> {
  const notes: string[] = []
  noteChannel.subscribe((event) => notes.push((event as { readonly message: string }).message))
  const options = { exporter: 'local', destination, mode: 'copy', deleteAnywhere: false, platformSplit: null } as const
  for (const text of ['first', 'second']) {
    const image = flatImage(
      [createEntry({ path: 'closed', type: 'directory', mode: 0o555 })],
      [createEntry({ path: 'closed/inner', type: 'directory', mode: 0o500 })],
      fileEntry('closed/inner/file', text, { mode: 0o400 }),
      [createEntry({ path: 'device', type: 'character-device', major: 1, minor: 3 })],
      [createEntry({ path: 'fifo', type: 'fifo', mode: 0o600 })],
      [createEntry({ path: 'same', type: 'hardlink', link: 'device' })]
    )
    await run([pipe(image, save({ ...options, include: [], exclude: [] }))])
  }
  return notes
}
