import { bytesOfText, textOf } from '../streams/bytes.js'
import type { Step } from './evaluate-copy.js'
import type { Text } from './instruction.js'
import { createOverlay } from './overlay.js'
import { DockerfileError } from './problem.js'
import { resolvePath } from './resolve-path.js'
import type { Evaluation, StageState } from './stage-state.js'
import { resolveOwner } from './users.js'
import { createTreeWriter } from './writer.js'

/** Makes the working directory that WORKDIR has set, as the user that USER has set. */
export async function makeWorkingDirectory(
  { statement: { location } }: Text,
  state: StageState,
  { blueprint }: Evaluation
): Promise<Omit<Step, 'createdBy'>> {
  const { WorkingDir = '/', User = '' } = state.configuration.config
  const lower = await state.tree()
  const overlay = createOverlay(lower)
  const fail = (expected: string, found: string) =>
    new DockerfileError({ operation: 'evaluate WORKDIR', expected, found }, location)
  const path = resolvePath(lower, bytesOfText(WorkingDir), {
    circular: (link) => fail('a path', `links in a circle at /${textOf(link)}`)
  })
  const owner = User === '' ? null : await resolveOwner(User, lower, location)
  const { epoch } = blueprint.parameters
  const writer = createTreeWriter(overlay, { owner, mode: null, epoch, fallback: state.time }, (at, expected) =>
    fail(expected, `a ${lower.get(at)?.entry.type} at /${textOf(at)}`)
  )
  writer.makeDirectories(path)
  writer.finish()
  return { overlay, tree: overlay }
}
