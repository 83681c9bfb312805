import { closeSync, constants, openSync, symlinkSync, writeSync } from 'node:fs'
import { outputProblem } from '../blob/output-problem.js'
import type { Entry, EntryBatch } from '../diff/entry.js'
import { codeOf, InputError } from '../errors.js'
import { type ByteString, bufferOf, textOf } from '../streams/bytes.js'
import { checkedName, checkLength } from './checked-name.js'
import { createDirectoryStack, type DirectoryStack } from './directory-stack.js'
import { entryProblem } from './entry-problem.js'
import { linkEntry } from './hard-link.js'
import { makeNode } from './make-node.js'
import { applyMetadata, applyMetadataByName } from './metadata.js'
import type { Omissions } from './omissions.js'
import { type OpenDirectory, openDirectory, type Path } from './open-directory.js'

/**
 * Writes entries into a directory that was empty before and that nobody else writes to.
 *
 * Everything is made under an exclusive name in a directory that this writer made itself, so no entry can lead another
 * one out of the tree. The calls are synchronous: for small files promises would take several times as long.
 */
export interface TreeWriter {
  /** Bytes of bodies written. */
  readonly bytes: number
  /** Entries in walk order, whiteouts not among them. */
  write(batch: EntryBatch): void
  /** Says that no more entries come: directories get their metadata, and their mtimes stay. */
  end(): void
  /** Closes what is open; to be called in any case. */
  close(): void
}

export interface TreeWriterOptions {
  /** How errors call the tree. */
  readonly destination: string
  readonly omissions: Omissions
}

/** @param root the empty directory */
export function createTreeWriter(root: Path, options: TreeWriterOptions): TreeWriter {
  return new Writer(root, options)
}

interface OpenFile {
  readonly entry: Entry
  readonly descriptor: number
  readonly directory: OpenDirectory
  missing: number
}

class Writer implements TreeWriter {
  bytes = 0
  readonly #destination: string
  readonly #omissions: Omissions
  readonly #stack: DirectoryStack
  #path: ByteString = ''
  #file: OpenFile | null = null
  /** Devices and fifos that could not be made, to which links may follow. */
  readonly #omitted = new Set<ByteString>()

  constructor(root: Path, { destination, omissions }: TreeWriterOptions) {
    this.#destination = destination
    this.#omissions = omissions
    this.#stack = createDirectoryStack(openDirectory(root), (directory, entry) => {
      applyMetadata(directory.descriptor, directory, '.', entry, omissions)
    })
  }

  write(batch: EntryBatch): void {
    try {
      for (const item of batch) {
        if (Buffer.isBuffer(item)) this.#writeBody(item)
        else this.#writeEntry(item)
      }
    } catch (error) {
      throw outputProblem('write', `${this.#destination}, entry ${textOf(this.#path)}`, error)
    }
  }

  end(): void {
    this.#checkComplete()
    this.#stack.leave()
  }

  close(): void {
    if (this.#file) closeSync(this.#file.descriptor)
    this.#file = null
    this.#stack.close()
  }

  #writeEntry(entry: Entry): void {
    this.#checkComplete()
    checkLength(entry)
    this.#path = entry.path
    if (entry.type === 'directory') return this.#stack.enter(entry)
    const directory = this.#stack.parent(entry.path)
    const name = checkedName(entry)
    try {
      this.#make(directory, name, entry)
    } catch (error) {
      throw codeOf(error) === 'EEXIST' ? twice(entry, error) : error
    }
  }

  #make(directory: OpenDirectory, name: ByteString, entry: Entry): void {
    switch (entry.type) {
      case 'file':
        return this.#startFile(directory, name, entry)
      case 'hardlink':
        if (this.#omitted.has(entry.link)) return this.#omissions.add(this.#omissions.has('mknod') ? 'mknod' : 'device')
        return linkEntry(this.#stack.root, entry, directory.at(name))
      case 'symlink':
        symlinkSync(bufferOf(entry.link), directory.at(name))
        return applyMetadataByName(directory, name, entry, this.#omissions)
      case 'fifo':
      case 'character-device':
      case 'block-device':
        if (!makeNode(directory, name, entry, this.#omissions)) return void this.#omitted.add(entry.path)
        return applyMetadataByName(directory, name, entry, this.#omissions)
      default:
        throw entryProblem(entry, { expected: 'the merged contents of an image', found: 'a whiteout' })
    }
  }

  #startFile(directory: OpenDirectory, name: ByteString, entry: Entry): void {
    const { O_WRONLY, O_CREAT, O_EXCL } = constants
    const descriptor = openSync(directory.at(name), O_WRONLY | O_CREAT | O_EXCL, 0o600)
    this.#file = { entry, descriptor, directory, missing: entry.size }
    if (entry.size === 0) this.#finishFile(this.#file)
  }

  #writeBody(bytes: Buffer): void {
    const file = this.#file
    if (file === null) throw strayBody()
    if (bytes.length > file.missing) throw wrongSize(file, bytes.length)
    for (let at = 0; at < bytes.length; ) at += writeSync(file.descriptor, bytes, at)
    file.missing -= bytes.length
    this.bytes += bytes.length
    if (file.missing === 0) this.#finishFile(file)
  }

  #finishFile({ entry, descriptor, directory }: OpenFile): void {
    applyMetadata(descriptor, directory, checkedName(entry), entry, this.#omissions)
    this.#file = null
    closeSync(descriptor)
  }

  #checkComplete(): void {
    if (this.#file) throw wrongSize(this.#file, 0)
  }
}

function wrongSize({ entry, missing }: OpenFile, more: number): InputError {
  return entryProblem(entry, {
    expected: `a body of ${entry.size} bytes`,
    found: more > 0 ? 'a longer one' : `${missing} bytes less`
  })
}

function strayBody(): InputError {
  return new InputError({ operation: 'write entry', subject: 'a body', expected: 'an entry before it', found: 'none' })
}

function twice(entry: Entry, cause: unknown): InputError {
  return entryProblem(entry, {
    expected: 'every path once',
    found: 'another entry at the same path; on this file system perhaps one whose name differs only in case',
    cause
  })
}
