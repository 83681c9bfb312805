import { lstatSync } from 'node:fs'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { type Node, pipe, run } from '../../lib/graph/index.js'
import type { Changeset, ImageEnd, Receipt } from '../../lib/stages/items.js'
import { type SaveOptions, save } from '../../lib/stages/save.js'

const defaults = {
  exporter: 'local',
  mode: 'copy',
  deleteAnywhere: true,
  platformSplit: null,
  include: [],
  exclude: []
} as const

/** Runs one image through the sink, with defaults for what is not given. */
export async function write(
  node: Node<Changeset | ImageEnd>,
  options: Partial<SaveOptions> & { destination: string }
): Promise<Receipt> {
  const [receipt] = await run([pipe(node, save({ ...defaults, ...options }))])
  return receipt as Receipt
}

export const directory = (path: string, mode = 0o755, mtime = 1_500_000_000): EntryBatch => [
  createEntry({ path, type: 'directory', mode, mtime })
]
export const symlink = (path: string, link: string): EntryBatch => [
  createEntry({ path, type: 'symlink', mode: 0o777, link, mtime: 1_400_000_000 })
]
export const hardlink = (path: string, link: string): EntryBatch => [createEntry({ path, type: 'hardlink', link })]

export const modeOf = (path: string): number => lstatSync(path).mode & 0o7777
const isRoot = process.geteuid?.() === 0
export const asRoot = { skip: !isRoot && 'needs root' }
