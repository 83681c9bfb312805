import { textOf } from '../streams/bytes.js'
import { copySources } from './copy-sources.js'
import { type CopyWords, expandCopy } from './copy-words.js'
import type { SourceRoot } from './find-sources.js'
import type { Copy } from './instruction.js'
import { createOverlay, type Overlay } from './overlay.js'
import { DockerfileError } from './problem.js'
import type { Evaluation, StageState } from './stage-state.js'
import { findStage } from './stages.js'
import { emptyTree, type Tree } from './tree.js'
import { resolveOwner } from './users.js'
import { createTreeWriter, type TreeWriter } from './writer.js'

/** What a step did to a file system. */
export interface Step {
  /** What its layer holds. */
  readonly overlay: Overlay
  /** The file system after it. */
  readonly tree: Tree
  /** How the history calls it. */
  readonly createdBy: string
}

/** Evaluates a COPY or ADD. */
export async function evaluateCopy(instruction: Copy, state: StageState, evaluation: Evaluation): Promise<Step> {
  const words = expandCopy(instruction, state)
  const [root, lower] = await Promise.all([findRoot(instruction, evaluation), state.tree()])
  const link = instruction.link && words.mode === null // BuildKit has no --link with --chmod
  const overlay = createOverlay(link ? emptyTree : lower)
  const writer = await createWriter(instruction, words, overlay, lower, state, evaluation)
  await copySources(instruction, words, root, writer, state, evaluation)
  writer.finish()
  return { overlay, tree: link ? linkOnto(lower, overlay) : overlay, createdBy: words.createdBy }
}

async function createWriter(
  { kind, statement: { location } }: Copy,
  words: CopyWords,
  overlay: Overlay,
  lower: Tree,
  state: StageState,
  { blueprint }: Evaluation
): Promise<TreeWriter> {
  const owner = words.chown === '' ? null : await resolveOwner(words.chown, lower, location)
  const { epoch } = blueprint.parameters
  return createTreeWriter(overlay, { owner, mode: words.mode, epoch, fallback: state.time }, (path, expected) => {
    const found = `a ${overlay.get(path)?.entry.type} at /${textOf(path)}`
    return new DockerfileError({ operation: `evaluate ${kind}`, expected, found }, location)
  })
}

/** What the sources are looked for in: the build context, a stage, or an image from elsewhere. */
async function findRoot(instruction: Copy, evaluation: Evaluation): Promise<SourceRoot> {
  const {
    from,
    statement: { location }
  } = instruction
  const { blueprint, files } = evaluation
  if (from === null) {
    const label = 'the build context'
    return { tree: files ?? emptyTree, context: files, label, location }
  }
  const index = findStage(instruction, blueprint.target.byName, blueprint.stages.length)
  const state = await (index === null ? evaluation.outside(from, location) : evaluation.stage(index))
  return { tree: await state.tree(), context: null, label: index === null ? from : `stage ${from}`, location }
}

/** With `--link` a layer is made without looking below; where it is put onto something, it wins. */
function linkOnto(lower: Tree, linked: Overlay): Tree {
  const overlay = createOverlay(lower)
  for (const node of linked.changes()) overlay.set(node)
  return overlay
}
