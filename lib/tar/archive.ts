import { createRequire } from 'node:module'
import { PassThrough, Readable } from 'node:stream'
import type { Header, Pack } from 'tar-stream'
import type { Blob } from '../blob/blob.js'
import { type Digest, digestOf } from '../blob/digest.js'
import type { ReaderOptions } from '../streams/body.js'
import { flow } from '../streams/flow.js'

const require = createRequire(import.meta.url)

/** Loaded with the first archive: it is five packages, which directories and registries don't need. */
const library = (): typeof import('tar-stream') => require('tar-stream')

/** One file of an archive. */
export interface ArchiveFile {
  /** ASCII, relative, at most 100 bytes, as all names of an OCI layout are. */
  readonly path: string
  /** Permissions; never 0. */
  readonly mode: number
  readonly blob: Blob
}

/**
 * The bytes of a USTAR archive of `files` and of the directories that they lie in, sorted by name: mtime, uid and gid
 * 0, directories 0755, two zero blocks at the end and nothing behind them. Each blob is opened when it is its turn;
 * one that fails ends the archive in the middle of it, with that error and without the end blocks.
 *
 * The door to tar-stream's `pack`, for the archives around blobs; layer tars are packed by `packEntries`.
 */
export function archiveFiles(files: readonly ArchiveFile[], reader: ReaderOptions = {}): Readable {
  const archive = library().pack()
  const bytes = new PassThrough()
  flow([archive, bytes]).catch(() => {}) // its reader sees it
  fill(archive, files, reader).catch((error: unknown) => archive.destroy(error instanceof Error ? error : null))
  return bytes
}

/** The bytes that `archiveFiles` makes of `files`. */
export function archiveSize(files: readonly ArchiveFile[]): number {
  const bodies = files.reduce((sum, { blob }) => sum + HEADER + Math.ceil(blob.descriptor.size / HEADER) * HEADER, 0)
  return bodies + directoriesOf(files).length * HEADER + END
}

/** What tells the archives that `archiveFiles` makes apart, without any of their bytes. */
export function describeArchive(files: readonly ArchiveFile[]): Digest {
  const members = sortedMembers(files).map((member) => [headerOf(member), member.file?.blob.descriptor.digest])
  return digestOf(JSON.stringify([VERSION, members]))
}

/** Of `describeArchive`: changes when equal files come to be other bytes. */
const VERSION = 1

const HEADER = 512
const END = 2 * HEADER

async function fill(archive: Pack, files: readonly ArchiveFile[], reader: ReaderOptions): Promise<void> {
  for (const member of sortedMembers(files)) {
    const body = member.file?.blob.open(undefined, reader) ?? Readable.from([])
    // Directories are waited for as well: an entry that is destroyed with nobody listening ends the process.
    await flow([body, archive.entry(headerOf(member))])
  }
  archive.finalize()
}

/** A fresh object each time: tar-stream writes into the one that it is given. */
function headerOf({ name, file }: Member): Partial<Header> & { name: string } {
  const common = { name, mtime: new Date(0), uid: 0, gid: 0 }
  if (file === null) return { ...common, type: 'directory', mode: 0o755, size: 0 }
  return { ...common, type: 'file', mode: file.mode, size: file.blob.descriptor.size }
}

interface Member {
  readonly name: string
  /** Null for a directory. */
  readonly file: ArchiveFile | null
}

function sortedMembers(files: readonly ArchiveFile[]): readonly Member[] {
  const directories = directoriesOf(files).map((name): Member => ({ name, file: null }))
  const members = [...directories, ...files.map((file): Member => ({ name: file.path, file }))]
  return members.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function directoriesOf(files: readonly ArchiveFile[]): readonly string[] {
  const names = new Set<string>()
  for (const { path } of files) {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) names.add(path.slice(0, end + 1))
  }
  return [...names]
}
