/** Gathers text into blocks of bytes, so that a long one is never held as one string. */
export interface TextBlocks {
  /** Bytes so far. */
  readonly length: number
  add(text: string): void
  /** Gives what is left. */
  end(): void
}

/** About this many characters make a block. It decides where frames end, so bytes that go out depend on it. */
const BLOCK_LENGTH = 2 ** 20

/** As many as UTF-8 takes for a character of UTF-16 at the most. */
const BYTES_PER_CHARACTER = 3

export function createTextBlocks(onBlock: (block: Buffer) => void): TextBlocks {
  let length = 0
  let memory: Buffer = Buffer.alloc(0)
  let used = 0
  let held = 0
  const give = (): void => {
    onBlock(memory.subarray(0, used))
    length += used
    memory = Buffer.alloc(0)
    used = 0
    held = 0
  }
  return {
    get length() {
      return length + used
    },
    add(text) {
      const needed = used + text.length * BYTES_PER_CHARACTER
      if (needed > memory.length) memory = enlarged(memory, Math.max(needed, 2 * memory.length, BLOCK_LENGTH + SPARE))
      used += memory.write(text, used) // not kept as text: thousands of strings would be collected again and again
      held += text.length
      if (held >= BLOCK_LENGTH) give()
    },
    end() {
      if (held > 0) give()
    }
  }
}

/** For the text that completes a block, as a rule. */
const SPARE = 2 ** 16

function enlarged(memory: Buffer, size: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(size)
  memory.copy(larger)
  return larger
}

/** Writes `{"version":1,"entries":[…]}` record by record; both kinds of tables of contents begin like that. */
export interface TocText {
  add(record: object): void
  /** Closes the list, adds the other members of the object, and closes it. Gives the length in bytes. */
  end(rest?: Readonly<Record<string, string>>): number
}

export function createTocText(onBlock: (block: Buffer) => void): TocText {
  const text = createTextBlocks(onBlock)
  let before = '{"version":1,"entries":['
  return {
    add(record) {
      text.add(before + JSON.stringify(record))
      before = ','
    },
    end(rest = {}) {
      const members = Object.entries(rest).map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`)
      text.add(`${before === ',' ? '' : before}]${members.join('')}}`)
      text.end()
      return text.length
    }
  }
}
