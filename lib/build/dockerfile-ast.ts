import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Loaded with the first Dockerfile: most exports read none. */
const library = (): typeof import('dockerfile-ast') => require('dockerfile-ast')

/** Where an instruction begins in the text. Lines count from 0. */
export interface Segment {
  /** As written. */
  readonly keyword: string
  readonly start: number
}

/** A Dockerfile cut into instructions. */
export interface Segments {
  /** The parser directives, lower-case names and values: one in each line from the first on. */
  readonly directives: readonly (readonly [name: string, value: string])[]
  /** The character that continues lines and quotes others. */
  readonly escapeCharacter: '\\' | '`'
  readonly segments: readonly Segment[]
}

/**
 * Finds the instructions of a Dockerfile, and what looks like them in its here-documents. The door to `dockerfile-ast`.
 *
 * Only its segmentation is used: its arguments keep comments inside continued lines and know no quotes.
 */
export function segment(text: string): Segments {
  const parsed = library().DockerfileParser.parse(withoutTraps(text))
  const lines = text.split('\n')
  const directives = parsed.getDirectives().map((each, line) => {
    const [, value = each.getValue()] = /=\s*(.+?)\s*$/.exec(lines[line] ?? '') ?? [] // the library's ends at a blank
    return [each.getName().toLowerCase(), value] as const
  })
  return {
    directives,
    escapeCharacter: parsed.getEscapeCharacter() === '`' ? '`' : '\\',
    segments: parsed.getInstructions().map((instruction) => {
      return { keyword: instruction.getInstruction(), start: instruction.getRange().start.line }
    })
  }
}

/**
 * The text in as many lines, without what the library reads in another way than BuildKit: it knows the ends of few
 * here-documents, and takes two escape characters at the end of a line for one.
 */
function withoutTraps(text: string): string {
  return text.replaceAll('<<', '__').replace(/(?:\\\\|``)(?=[ \t\r]*$)/gm, '$&.')
}
