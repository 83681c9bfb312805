import { type Digest, digestOf, isDigest } from '../blob/digest.js'
import { createEntry } from '../diff/entry.js'
import { InputError } from '../errors.js'
import type { Context } from '../graph/context.js'
import { bytesOfText, textOf } from '../streams/bytes.js'
import { type CopyFilter, type CopyOptions, type CopyTarget, copyPath } from './copy.js'
import type { CopyWords } from './copy-words.js'
import { isUrl } from './download.js'
import { downloadOnce } from './download-once.js'
import { findSources, type Source, type SourceRoot } from './find-sources.js'
import { createIgnoreMatcher, type IgnoreMatcher } from './ignore.js'
import { inspectArchive } from './inspect-archive.js'
import type { Copy } from './instruction.js'
import { hasWildcard } from './match.js'
import { memoryOrigin } from './memory-origin.js'
import { joinPath } from './paths.js'
import { DockerfileError } from './problem.js'
import { resolvePath } from './resolve-path.js'
import type { Evaluation, StageState } from './stage-state.js'
import type { Tree, TreeNode } from './tree.js'
import { unpackArchive } from './unpack.js'
import type { TreeWriter } from './writer.js'

/** Copies all sources of a COPY or ADD, in the order in which they are written. */
export async function copySources(
  instruction: Copy,
  words: CopyWords,
  root: SourceRoot,
  writer: TreeWriter,
  state: StageState,
  { context, log }: Evaluation
): Promise<void> {
  const target = targetOf(instruction, words, state)
  const { signal } = context
  const filter: CopyFilter = { include: null, exclude: matcher(words.exclude, instruction) }
  checkTarget(instruction, words, target)
  for (const word of words.sources) {
    if (isUrl(word)) {
      const checksum = words.checksum !== null && isDigest(words.checksum) ? words.checksum : null
      if (checksum === null) log.lose()
      const node = await fetchSource(word, checksum, instruction, context)
      await copyNode(node, instruction, target, writer, context, instruction.unpack ?? false)
    } else if (instruction.parents) await copyWithParents(word, instruction, root, target, writer, { filter, signal })
    else {
      const sources = findSources(word, root)
      if (sources.length === 0) {
        context.note(`${instruction.kind}: nothing matches ${word}`)
        log.lose() // so that it is told the next time, too
      }
      for (const source of sources)
        await copySource(source, instruction, root.tree, target, writer, { filter, signal }, context.temporary)
    }
  }
  for (const { name, content } of words.documents) await copyDocument(name, content, state, target, writer, signal)
}

async function copySource(
  { path, name }: Source,
  instruction: Copy,
  tree: Tree,
  target: CopyTarget,
  writer: TreeWriter,
  options: CopyOptions,
  temporary: () => Promise<string>
): Promise<void> {
  const node = tree.get(path)
  const unpacks = instruction.unpack ?? instruction.kind === 'ADD'
  if (unpacks && node?.entry.type === 'file' && (await unpackInto(node, instruction, target, writer, temporary))) return
  await copyPath(tree, path, name, target, writer, options)
}

/** Fetches a URL; what goes wrong is told with the line that asks for it. */
async function fetchSource(
  url: string,
  checksum: Digest | null,
  { statement: { location } }: Copy,
  context: Context
): Promise<TreeNode> {
  try {
    return await downloadOnce(url, checksum, context)
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    throw new DockerfileError({ ...cause.problem, operation: `download ${url}` }, location, url)
  }
}

/** A file that is in no tree: what was fetched. */
async function copyNode(
  node: TreeNode,
  instruction: Copy,
  target: CopyTarget,
  writer: TreeWriter,
  { temporary, signal }: Context,
  unpacks: boolean
): Promise<void> {
  if (unpacks && (await unpackInto(node, instruction, target, writer, temporary))) return
  const { path } = node.entry
  await copyPath(treeOfOne(node), path, path, target, writer, { filter: NO_FILTER, signal })
}

const NO_FILTER: CopyFilter = { include: null, exclude: null }

function treeOfOne(node: TreeNode): Tree {
  return { get: (path) => (path === node.entry.path ? node : null), names: () => [node.entry.path] }
}

/** Unpacks a body into the target directory where it is an archive; says whether it was. */
async function unpackInto(
  node: TreeNode,
  { statement: { location } }: Copy,
  target: CopyTarget,
  writer: TreeWriter,
  temporary: () => Promise<string>
): Promise<boolean> {
  const archive = await inspectArchive(node)
  if (archive.kind === 'unreadable') {
    const found = `${textOf(node.entry.path)}, which may be a tar compressed with ${archive.name}`
    const advice = 'compress it with gzip or zstd, or copy it as it is with --unpack=false'
    throw new DockerfileError(
      { operation: 'unpack archive', expected: 'a tar, plain or compressed with gzip or zstd', found, advice },
      location
    )
  }
  if (archive.kind === 'other') return false
  const directory = resolvePath(writer.target, target.path, target)
  writer.makeDirectories(directory)
  await unpackArchive(node, directory, writer, temporary, target.circular)
  return true
}

/** `--parents`: the directories above a source are copied with it, from `/./` on where that is written. */
async function copyWithParents(
  word: string,
  instruction: Copy,
  root: SourceRoot,
  target: CopyTarget,
  writer: TreeWriter,
  { filter, signal }: CopyOptions
): Promise<void> {
  const at = word.indexOf('/./')
  const [pivot, pattern] = at < 0 ? ['/', word] : [word.slice(0, at), word.slice(at + 3)]
  const relative = joinPath('/', pattern).slice(1)
  if (!hasWildcard(word)) findSources(word, root)
  const include = relative === '' ? null : matcher([relative], instruction)
  for (const { path, name } of findSources(pivot, root))
    await copyPath(root.tree, path, name, target, writer, { filter: { ...filter, include }, signal })
}

async function copyDocument(
  name: string,
  content: string,
  state: StageState,
  target: CopyTarget,
  writer: TreeWriter,
  signal: AbortSignal
): Promise<void> {
  const bytes = Buffer.from(content)
  const entry = createEntry({
    path: bytesOfText(name),
    type: 'file',
    mode: 0o644,
    size: bytes.length,
    mtime: state.time
  })
  const node = {
    entry,
    body: { origin: memoryOrigin(bytes), path: entry.path, identity: digestOf(bytes) },
    inode: null
  }
  await copyPath(treeOfOne(node), entry.path, entry.path, target, writer, { filter: NO_FILTER, signal })
}

function targetOf({ statement: { location } }: Copy, { destination }: CopyWords, state: StageState): CopyTarget {
  const path = joinPath(state.configuration.config.WorkingDir || '/', destination)
  return {
    path: bytesOfText(path.slice(1)),
    directory:
      destination.endsWith('/') || ['', '.', '..'].includes(destination.slice(destination.lastIndexOf('/') + 1)),
    circular: (link) => {
      const found = `links in a circle at /${textOf(link)}`
      return new DockerfileError({ operation: 'find destination', expected: 'a path', found }, location, destination)
    }
  }
}

/** Several sources only fit into a directory, which has to be written as one. */
function checkTarget({ kind, statement: { location } }: Copy, words: CopyWords, target: CopyTarget): void {
  if (target.directory || words.sources.length + words.documents.length < 2) return
  const problem = {
    operation: `evaluate ${kind}`,
    expected: 'a destination that ends with / for several sources',
    found: words.destination
  }
  throw new DockerfileError(problem, location, words.destination)
}

function matcher(patterns: readonly string[], { statement: { location } }: Copy): IgnoreMatcher | null {
  if (patterns.length === 0) return null
  return createIgnoreMatcher(patterns, (pattern) => {
    const problem = { operation: 'read pattern', expected: 'a pattern as in an ignore file', found: pattern }
    return new DockerfileError(problem, location, pattern)
  })
}
