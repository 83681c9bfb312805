import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Loaded with the first Dockerfile: most exports read none. */
const library = (): typeof import('dockerfile-ast') => require('dockerfile-ast')

/** One instruction as it stands in the text. Lines count from 0; `end` is the last one, here-documents included. */
export interface Segment {
  /** As written. */
  readonly keyword: string
  readonly start: number
  readonly end: number
}

/** A Dockerfile cut into instructions, with its parser directives by lower-case name. */
export interface Segments {
  readonly directives: ReadonlyMap<string, string>
  /** The character that continues lines and quotes others. */
  readonly escapeCharacter: '\\' | '`'
  readonly segments: readonly Segment[]
}

/**
 * Finds the instructions of a Dockerfile. The door to `dockerfile-ast`.
 *
 * Only its segmentation is used: its arguments keep comments inside continued lines and know no quotes.
 */
export function segment(text: string): Segments {
  const parsed = library().DockerfileParser.parse(text)
  const directives = parsed.getDirectives().map((each) => [each.getName().toLowerCase(), each.getValue()] as const)
  return {
    directives: new Map(directives.toReversed()),
    escapeCharacter: parsed.getEscapeCharacter() === '`' ? '`' : '\\',
    segments: parsed.getInstructions().map((instruction) => {
      const { start, end } = instruction.getRange()
      return { keyword: instruction.getInstruction(), start: start.line, end: end.line }
    })
  }
}
