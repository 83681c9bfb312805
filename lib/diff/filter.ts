import { Transform, type TransformCallback } from 'node:stream'
import { createIgnoreMatcher, type IgnoreMatcher, type ParentMatch } from '../build/ignore.js'
import { errorOf, InputError, UsageError } from '../errors.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import { type Entry, type EntryBatch, parentOf } from './entry.js'

/** Patterns as in an ignore file; `!` takes back. Plain data: it is part of a node's key. */
export type FilterOptions = {
  /** Keeps only what one of these matches, or is below what one matches; none keeps all. */
  readonly include: readonly string[]
  /** Leaves out what one of these matches, with all that is below. */
  readonly exclude: readonly string[]
}

/**
 * EntryBatches in, those of the entries that the options keep out. Directories that lead to a kept entry are kept
 * too, but no other directory that the patterns don't keep.
 *
 * @throws UsageError for a malformed pattern
 */
export function filterEntries(options: FilterOptions): Transform {
  return new Filter(options)
}

/** What is known of a directory. */
interface Level {
  /** Null where no entry came for it. */
  readonly entry: Entry | null
  readonly parent: Level | null
  readonly included: ParentMatch
  readonly excluded: ParentMatch
  written: boolean
}

class Filter extends Transform {
  readonly #include: IgnoreMatcher | null
  readonly #exclude: IgnoreMatcher
  readonly #levels = new Map<ByteString, Level>()
  readonly #left = new Set<ByteString>()
  #keepsBody = false
  #kept: (Entry | Buffer)[] = []

  constructor({ include, exclude }: FilterOptions) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#include = include.length > 0 ? createIgnoreMatcher(include, malformed) : null
    this.#exclude = createIgnoreMatcher(exclude, malformed)
  }

  override _transform(batch: EntryBatch, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      for (const item of batch) {
        if (!Buffer.isBuffer(item)) this.#filter(item)
        else if (this.#keepsBody) this.#kept.push(item)
      }
      const kept = this.#kept
      this.#kept = []
      done(null, kept.length > 0 ? kept : undefined)
    } catch (error) {
      done(errorOf(error))
    }
  }

  #filter(entry: Entry): void {
    const { keeps, ...matches } = this.#match(entry.path)
    if (keeps) this.#keep(entry, matches.parent)
    else if (entry.type === 'file') this.#left.add(entry.path)
    this.#keepsBody = keeps
    if (entry.type === 'directory') this.#levels.set(entry.path, { entry, ...matches, written: keeps })
  }

  #match(path: ByteString): Omit<Level, 'entry' | 'written'> & { readonly keeps: boolean } {
    const text = textOf(path)
    const parent = this.#levelOf(parentOf(path))
    const included = this.#include?.match(text, parent?.included ?? [])
    const excluded = this.#exclude.match(text, parent?.excluded ?? [])
    const keeps = included?.excluded !== false && !excluded.excluded
    return { keeps, parent, included: included?.match ?? [], excluded: excluded.match }
  }

  #levelOf(path: ByteString): Level | null {
    if (path === '') return null
    const known = this.#levels.get(path)
    if (known) return known
    const { keeps, ...matches } = this.#match(path)
    const level = { entry: null, ...matches, written: keeps }
    this.#levels.set(path, level)
    return level
  }

  #keep(entry: Entry, parent: Level | null): void {
    if (entry.type === 'hardlink' && this.#left.has(entry.link)) throw lostTarget(entry)
    this.#keepDirectory(parent)
    this.#kept.push(entry)
  }

  #keepDirectory(level: Level | null): void {
    if (level === null || level.written) return
    level.written = true
    this.#keepDirectory(level.parent)
    if (level.entry) this.#kept.push(level.entry)
  }
}

function malformed(pattern: string): UsageError {
  return new UsageError({
    operation: 'read pattern',
    subject: JSON.stringify(pattern),
    expected: 'a path with *, ?, ** or [a-z] in it, as in an ignore file'
  })
}

function lostTarget(entry: Entry): InputError {
  return new InputError({
    operation: 'filter entries',
    subject: textOf(entry.path),
    expected: `its contents, which it shares with ${JSON.stringify(textOf(entry.link))}`,
    found: 'that entry left out by the patterns',
    advice: 'keep both of them, or leave both out'
  })
}
