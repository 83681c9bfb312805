import type { Entry } from '../diff/entry.js'
import { InputError } from '../errors.js'
import { type ByteString, printable } from '../streams/bytes.js'
import { decodeHeader } from './decode.js'
import { createDuplicateCheck } from './duplicates.js'
import { createExtensions, isExtension } from './extensions.js'
import { foreignFormat, MAGIC_LENGTH } from './foreign-format.js'
import { createGather } from './gather.js'
import { BLOCK_SIZE, paddingOf } from './header.js'
import { interpret } from './interpret.js'
import { DAMAGED, Malformed } from './malformed.js'
import { decodeWhiteout } from './whiteout-decode.js'

/** What a reader calls while bytes are pushed into it. */
export interface TarConsumer {
  /** Offsets as in TarMark. */
  entry(entry: Entry, header: number, body: number): void
  /** The next bytes of the body of the last entry: a part of the chunk that was pushed, not a copy. */
  piece(bytes: Buffer): void
}

export interface TarReader {
  /** Reads the next bytes, however they are cut. Throws InputError. */
  push(chunk: Buffer): void
  /** Says that there are no more. Throws InputError where the archive has not ended. */
  end(): void
  /** How many of the next bytes are a body or its padding: who has no use for them can `skip` instead of push. */
  readonly skippable: number
  /** Passes over the next bytes, at most those that are skippable. */
  skip(length: number): void
  /** Every entry whose header is before this offset has been given to the consumer. */
  readonly settled: number
}

export interface TarRules {
  /** Whether `.wh.NAME` is read as the deletion of NAME, as in a layer; true by default. */
  readonly whiteouts?: boolean
  /**
   * Whether somebody else verifies that these are all bytes; false by default. Then the zeros behind the last body may
   * be missing, its padding too, which some programs (umoci insert) leave out; else such a tar counts as cut off.
   */
  readonly verified?: boolean
}

/** Reads a tar of v7, ustar, PAX, star or GNU form. `subject` names it in errors. */
export function createTarReader(subject: string, consumer: TarConsumer, rules: TarRules = {}): TarReader {
  return new Reader(subject, consumer, rules)
}

type State = 'header' | 'extension' | 'body' | 'padding' | 'end'

class Reader implements TarReader {
  readonly #subject: string
  readonly #consumer: TarConsumer
  readonly #whiteouts: boolean
  readonly #verified: boolean
  readonly #checkDuplicate = createDuplicateCheck()
  readonly #gather = createGather()
  readonly #extensions = createExtensions()
  #state: State = 'header'
  #offset = 0
  /** Where the first header of the entry at hand begins. */
  #header = 0
  /** Bytes of the body or of its padding that are still to come. */
  #left = 0
  #padding = 0
  #wanted = false
  #name: ByteString | null = null
  /** What the tar begins with. */
  #head: Buffer = Buffer.alloc(0)

  constructor(subject: string, consumer: TarConsumer, rules: TarRules) {
    this.#subject = subject
    this.#consumer = consumer
    this.#whiteouts = rules.whiteouts ?? true
    this.#verified = rules.verified ?? false
    this.#gather.begin(BLOCK_SIZE)
  }

  get settled(): number {
    return this.#isInHeader() ? this.#header : this.#offset
  }

  get skippable(): number {
    return this.#state === 'body' || this.#state === 'padding' ? this.#left : 0
  }

  skip(length: number): void {
    this.#pass(length)
    this.#offset += length
  }

  push(chunk: Buffer): void {
    if (this.#offset < MAGIC_LENGTH) this.#head = Buffer.concat([this.#head, chunk.subarray(0, MAGIC_LENGTH)])
    try {
      for (let at = 0; at < chunk.length; ) {
        const taken = this.#take(chunk, at)
        at += taken
        this.#offset += taken
      }
    } catch (error) {
      throw this.#place(error)
    }
  }

  end(): void {
    const isBehindEntry = this.#state === 'padding' || (this.#state === 'header' && this.#offset === this.#header)
    if (this.#state === 'end' || (isBehindEntry && this.#verified)) return
    const missing = this.#isInHeader() ? this.#gather.missing : this.#left
    const found = this.#offset === 0 ? 'nothing' : `its end ${missing} bytes early, at byte ${this.#offset}`
    const expected = 'a tar that ends with blocks of zeros'
    throw this.#place(new Malformed({ expected, found, advice: DAMAGED }))
  }

  #isInHeader(): boolean {
    return this.#state === 'header' || this.#state === 'extension'
  }

  /** How many bytes it took, which is at least one. */
  #take(chunk: Buffer, at: number): number {
    if (this.#isInHeader()) return this.#takeHeader(chunk, at)
    if (this.#state === 'end') return this.#takeEnd(chunk, at)
    const taken = Math.min(this.#left, chunk.length - at)
    if (this.#state === 'body' && this.#wanted) this.#consumer.piece(chunk.subarray(at, at + taken))
    this.#pass(taken)
    return taken
  }

  #pass(length: number): void {
    this.#left -= length
    if (this.#left === 0) this.#endRun(this.#offset + length)
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#gather.missing, chunk.length - at)
    const run = this.#gather.take(chunk, at)
    if (run === null) return taken
    if (this.#state === 'extension') this.#extend(run)
    else if (run[0] === 0 && run.equals(ZEROS)) this.#endEntries()
    else this.#decode(run, this.#offset + taken)
    return taken
  }

  #takeEnd(chunk: Buffer, at: number): number {
    const rest = chunk.subarray(at, at + ZEROS.length)
    if (rest.compare(ZEROS, 0, rest.length) === 0) return rest.length
    const found = `other data behind its end, near byte ${this.#offset}`
    throw new Malformed({ expected: 'one archive', found, advice: 'give each archive on its own' })
  }

  #decode(block: Buffer, body: number): void {
    const header = decodeHeader(block)
    this.#name = this.#extensions.path ?? header.name
    if (!isExtension(header.flag)) return this.#give(interpret(header, this.#extensions.take()), body)
    this.#gather.begin(this.#extensions.begin(header))
    if (this.#gather.missing === 0) this.#extend(ZEROS)
    else this.#state = 'extension'
  }

  #extend(run: Buffer): void {
    this.#extensions.add(run)
    this.#expectHeader()
  }

  #give(entry: Entry | null, body: number): void {
    if (entry) this.#checkDuplicate(entry)
    const shown = entry && this.#whiteouts ? decodeWhiteout(entry) : entry
    if (shown) this.#consumer.entry(shown, this.#header, body)
    this.#wanted = shown?.type === 'file'
    this.#left = entry?.size ?? 0
    this.#padding = paddingOf(this.#left)
    if (this.#left === 0) this.#expectEntry(body)
    else this.#state = 'body'
  }

  #endRun(offset: number): void {
    if (this.#state === 'padding' || this.#padding === 0) return this.#expectEntry(offset)
    this.#state = 'padding'
    this.#left = this.#padding
  }

  #expectEntry(offset: number): void {
    this.#header = offset
    this.#name = null
    this.#expectHeader()
  }

  #expectHeader(): void {
    this.#state = 'header'
    this.#gather.begin(BLOCK_SIZE)
  }

  #endEntries(): void {
    this.#extensions.end()
    this.#state = 'end'
  }

  /** Says which tar and which entry a problem is in. */
  #place(error: unknown): unknown {
    if (!(error instanceof Malformed)) return error
    const where = this.#name === null ? `byte ${this.#header}` : `entry ${printable(this.#name.slice(0, LONGEST_NAME))}`
    const foreign = this.#name === null && this.#header === 0 ? foreignFormat(this.#head) : null
    const problem = foreign
      ? { expected: 'a tar, plain or in gzip or zstd', found: foreign.name, advice: foreign.advice }
      : error.problem
    return new InputError({ operation: 'read tar', subject: `${this.#subject}, ${where}`, ...problem })
  }
}

/** Enough of a name to find it by. */
const LONGEST_NAME = 300
const ZEROS = Buffer.alloc(BLOCK_SIZE)
