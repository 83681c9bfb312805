import { isDigest } from '../blob/digest.js'
import { expandContent, expandIn } from './blueprint.js'
import { isGit, isUrl } from './download.js'
import type { Copy } from './instruction.js'
import { type ModeChange, parseModeChange } from './mode.js'
import { DockerfileError } from './problem.js'
import type { StageState } from './stage-state.js'

/** The words of a COPY or ADD with their variables expanded. */
export interface CopyWords {
  readonly sources: readonly string[]
  /** As written; relative to the working directory where it does not begin with a slash. */
  readonly destination: string
  readonly chown: string
  readonly mode: ModeChange | null
  readonly exclude: readonly string[]
  readonly checksum: string | null
  readonly documents: readonly { readonly name: string; readonly content: string }[]
  /** How the history calls the step. */
  readonly createdBy: string
}

/** Expands and checks a COPY or ADD, before anything is read. */
export function expandCopy(instruction: Copy, { variables }: StageState): CopyWords {
  const expand = (word: string) => expandIn(instruction, variables, word)
  const chmod = expand(instruction.chmod ?? '')
  const words = {
    sources: instruction.sources.map(expand),
    destination: expand(instruction.destination),
    chown: expand(instruction.chown ?? ''),
    mode: readMode(instruction, chmod),
    exclude: instruction.exclude.map(expand),
    checksum: instruction.checksum === null ? null : expand(instruction.checksum),
    documents: instruction.documents.map(({ name, content, expand: wanted }) => ({
      name,
      content: wanted ? expandContent(instruction, variables, content) : content
    }))
  }
  checkSources(instruction, words.sources)
  checkChecksum(instruction, words.checksum, words.sources)
  return { ...words, createdBy: describe(instruction, words, chmod) }
}

function readMode(instruction: Copy, chmod: string): ModeChange | null {
  if (chmod === '') return null
  const mode = parseModeChange(chmod)
  if (mode) return mode
  const expected = 'octal digits up to 7777, or a form like u=rwX,go=rX'
  throw wrong(instruction, expected, chmod, instruction.chmod ?? '')
}

function checkSources(instruction: Copy, sources: readonly string[]): void {
  const git = sources.find(isGit)
  if (git !== undefined) throw wrong(instruction, 'a path or the URL of a file', `the Git repository ${git}`, git)
  const urls = sources.filter(isUrl)
  const [url] = urls
  if (instruction.kind === 'COPY' && url !== undefined)
    throw wrong(instruction, 'paths', `the URL ${url}, which only ADD fetches`, url)
  const malformed = urls.find((each) => !isWellFormed(each))
  if (malformed !== undefined) throw wrong(instruction, 'a URL whose path is UTF-8', malformed, malformed)
}

function isWellFormed(url: string): boolean {
  try {
    return decodeURIComponent(new URL(url).pathname) !== ''
  } catch {
    return false
  }
}

function checkChecksum(instruction: Copy, checksum: string | null, sources: readonly string[]): void {
  if (checksum === null) return
  if (sources.length !== 1 || !sources.every(isUrl))
    throw wrong(instruction, '--checksum with one URL', 'another source', '--checksum')
  if (!isDigest(checksum)) throw wrong(instruction, 'a checksum like sha256:HEX', checksum, checksum)
}

function describe(
  instruction: Copy,
  words: Pick<CopyWords, 'sources' | 'destination' | 'chown' | 'documents'>,
  chmod: string
): string {
  return [
    instruction.kind,
    ...(instruction.parents ? ['--parents'] : []),
    ...(words.chown ? [`--chown=${words.chown}`] : []),
    ...(chmod ? [`--chmod=${chmod}`] : []),
    ...words.sources,
    ...words.documents.map(({ name }) => `<<${name}`),
    words.destination,
    '# buildkit'
  ].join(' ')
}

function wrong({ kind, statement }: Copy, expected: string, found: string, word: string): DockerfileError {
  return new DockerfileError({ operation: `evaluate ${kind}`, expected, found }, statement.location, word)
}
