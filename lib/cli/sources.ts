import { UsageError } from '../errors.js'
import type { Node } from '../graph/index.js'
import { formatPlatform, localPlatform } from '../image/platform.js'
import { imageOf } from '../source/image-of.js'
import { parseSource, type SourceReference } from '../source/parse.js'
import { sourceNode } from '../source/source-node.js'
import type { ImageEnd, LayerSource } from '../stages/items.js'
import { readPairs } from './pairs.js'
import { readPlatforms } from './platforms.js'

/** The flags that say what is exported. */
export interface SourceFlags {
  readonly base: string | null
  readonly diff: boolean
  readonly platforms: readonly string[]
  readonly changes: readonly string[]
  readonly labels: readonly string[]
}

/** What is exported. */
export interface RequestedImage {
  readonly node: Node<LayerSource | ImageEnd>
  /** The platforms that it will have; null where only its sources can tell. */
  readonly platforms: readonly string[] | null
  /** Layers that are only made for the caches. */
  readonly forCaches?: Node<LayerSource | ImageEnd>
}

/** The image that sources and flags stand for. Everything that can be is checked; no work is done. */
export async function readImage(sources: readonly string[], flags: SourceFlags): Promise<RequestedImage> {
  const platforms = readPlatforms(flags.platforms)
  const all = flags.base === null ? sources : [flags.base, ...sources]
  const references = all.map(parseSource)
  checkStandardInput(references)
  if (flags.diff) checkDiff(flags.base, references.slice(1))
  for (const change of flags.changes) await checkChange(change)
  const wanted = platforms.length > 0 ? platforms : 'all'
  const node = imageOf(await Promise.all(references.map((reference) => sourceNode(reference, wanted))), {
    platforms,
    changes: flags.changes,
    labels: readPairs('--label', flags.labels, () => ''),
    diff: flags.diff
  })
  return { node, platforms: references.every(hasNoPlatform) ? named(platforms) : null }
}

function hasNoPlatform({ kind }: SourceReference): boolean {
  return kind === 'dir' || kind === 'tar'
}

function named(platforms: readonly string[]): readonly string[] {
  return platforms.length > 0 ? platforms : [formatPlatform(localPlatform())]
}

/** Whoever comes second would find nothing there. */
function checkStandardInput(references: readonly SourceReference[]): void {
  const readers = references.filter((reference) => 'path' in reference && reference.path === '-')
  if (readers.length < 2) return
  throw new UsageError({
    operation: 'read sources',
    subject: 'standard input',
    expected: 'one source at the most that reads it',
    found: `${readers.length} (${readers.map(({ kind }) => `${kind}:-`).join(', ')})`,
    advice: 'give all others as files'
  })
}

/** Refuses now what would be refused when the image is put together. */
async function checkChange(change: string): Promise<void> {
  const { applyChanges } = await import('../build/change.js')
  try {
    applyChanges({}, [change])
  } catch (cause) {
    throw cause instanceof UsageError ? cause : new UsageError({ operation: 'read --change', subject: change, cause })
  }
}

function checkDiff(base: string | null, references: readonly SourceReference[]): void {
  const operation = 'read --diff'
  if (base === null) throw new UsageError({ operation, subject: 'a base', expected: '--base SOURCE', found: 'none' })
  for (const reference of references) {
    const isTree = (reference.kind === 'dir' && reference.target === '') || reference.kind === 'tar'
    if (isTree) continue
    const found =
      reference.kind === 'dir' ? `a part of one, at /${reference.target}` : `a source of kind ${reference.kind}`
    throw new UsageError({ operation, subject: 'a source', expected: 'a full tree, dir:PATH or tar:FILE', found })
  }
}
