import { takeFlags } from './flags.js'
import { parseHeredocOperator } from './here-document.js'
import type { Copy } from './instruction.js'
import { DockerfileError } from './problem.js'
import type { Statement } from './statement.js'
import { readJsonWords, splitWords } from './words.js'

/** `COPY [flags] SOURCE… DESTINATION`, sources perhaps here-documents, or all as a JSON array. */
export function parseCopy(statement: Statement): Copy {
  const [flags, rest] = takeFlags(statement, { ...COMMON, from: 'text' })
  return {
    ...readPaths(statement, rest, flags.list('exclude')),
    ...modes(flags),
    kind: 'COPY',
    from: flags.text('from')
  }
}

/** `ADD [flags] SOURCE… DESTINATION`, whose sources may be URLs and archives too. */
export function parseAdd(statement: Statement): Copy {
  const [flags, rest] = takeFlags(statement, {
    ...COMMON,
    checksum: 'text',
    'keep-git-dir': 'boolean',
    unpack: 'boolean'
  })
  return {
    ...readPaths(statement, rest, flags.list('exclude')),
    ...modes(flags),
    kind: 'ADD',
    checksum: flags.text('checksum'),
    unpack: flags.boolean('unpack')
  }
}

const COMMON = { chown: 'text', chmod: 'text', link: 'boolean', parents: 'boolean', exclude: 'list' } as const

function modes(flags: ReturnType<typeof takeFlags>[0]) {
  return {
    chown: flags.text('chown'),
    chmod: flags.text('chmod'),
    link: flags.boolean('link') ?? false,
    parents: flags.boolean('parents') ?? false
  }
}

function readPaths(statement: Statement, rest: string, exclude: readonly string[]): Copy {
  const { keyword, heredocs, location } = statement
  const json = readJsonWords(rest, statement)
  const words = json ?? splitWords(rest)
  const destination = words.at(-1)
  if (destination === undefined || words.length < 2) {
    const expected = `${keyword} SOURCE… DESTINATION`
    throw new DockerfileError({ operation: `read ${keyword}`, expected, found: `${keyword} ${rest}`.trim() }, location)
  }
  if (destination.startsWith('<<')) {
    const problem = { operation: `read ${keyword}`, expected: 'a destination as last word', found: 'a here-document' }
    throw new DockerfileError(problem, location, destination)
  }
  const sources = words.slice(0, -1)
  return {
    kind: 'COPY',
    statement,
    sources: json ? sources : sources.filter((word) => !isHeredoc(word, statement)),
    destination,
    documents: heredocs,
    exclude,
    from: null,
    chown: null,
    chmod: null,
    link: false,
    parents: false,
    checksum: null,
    unpack: null
  }
}

/** Fails on a word that looks like a here-document and is none: what follows would be taken for instructions. */
function isHeredoc(word: string, { keyword, heredocs, location }: Statement): boolean {
  if (!/^\d*<</.test(word)) return false
  const operator = parseHeredocOperator(word)
  if (heredocs.some(({ name }) => name === operator?.name)) return true
  const problem = { operation: `read ${keyword}`, expected: 'a here-document with a name like <<EOF', found: word }
  throw new DockerfileError(problem, location, word)
}
