import type { LayerSource } from '../stages/items.js'
import type { Blueprint } from './blueprint.js'
import { withShell } from './configure.js'
import { executor } from './executor.js'
import type { Run } from './instruction.js'
import { snapshotOf } from './node-snapshot.js'
import { DockerfileError } from './problem.js'
import { treeOf } from './snapshot-tree.js'
import type { Evaluation, StageState } from './stage-state.js'

/** Fails where a stage that the target needs has a RUN, before anything is done for the build. */
export function refuseRun({ stages, needed }: Blueprint): void {
  for (const { index, instructions } of stages) {
    const run = needed.has(index) ? instructions.find((each) => each.kind === 'RUN') : undefined
    if (run) throw refusal(run)
  }
}

/** Runs a RUN through the run's executor. */
export async function evaluateRun(instruction: Run, state: StageState, { context }: Evaluation): Promise<StageState> {
  const runner = context.resource(executor)
  if (runner === null) throw refusal(instruction)
  const { config } = state.configuration
  const command = withShell(instruction.command, config)
  const lower = snapshotOf(await state.tree())
  const upper = await runner.execute(
    {
      instruction,
      command,
      environment: [...state.variables].map(([name, value]) => `${name}=${value}`),
      workingDirectory: config.WorkingDir || '/',
      user: config.User ?? '',
      lower
    },
    context.signal
  )
  const step = { created_by: `RUN ${command.join(' ')} # buildkit`, comment: 'buildkit.dockerfile.v0' }
  const layer: LayerSource = { kind: 'snapshot', lower, upper, history: [...state.pending, step] }
  const tree = treeOf(upper, null)
  return { ...state, layers: [...state.layers, layer], pending: [], tree: () => tree }
}

function refusal({ statement: { location } }: Run): DockerfileError {
  const problem = {
    operation: 'evaluate RUN',
    expected: 'instructions that need no executor',
    found: 'RUN',
    advice:
      'this program cannot run commands yet: build that stage elsewhere and name the image with FROM or COPY --from'
  }
  return new DockerfileError(problem, location, 'RUN')
}
