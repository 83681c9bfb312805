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

export function createTextBlocks(onBlock: (block: Buffer) => void): TextBlocks {
  let length = 0
  let parts: string[] = []
  let held = 0
  const give = (): void => {
    const block = Buffer.from(parts.join(''))
    length += block.length
    parts = []
    held = 0
    onBlock(block)
  }
  return {
    get length() {
      return length
    },
    add(text) {
      parts.push(text)
      held += text.length
      if (held >= BLOCK_LENGTH) give()
    },
    end() {
      if (held > 0) give()
    }
  }
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
