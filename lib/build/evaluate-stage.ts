import type { History } from '../image/config.js'
import { formatPlatform } from '../image/platform.js'
import type { ImageEnd } from '../stages/items.js'
import { argumentValue, type Variables } from './arguments.js'
import { type Base, emptyBase, emptyFileSystem } from './base-image.js'
import { expandIn, stagePlatform } from './blueprint.js'
import { configure } from './configure.js'
import { evaluateCopy, type Step } from './evaluate-copy.js'
import { evaluateRun } from './evaluate-run.js'
import { makeWorkingDirectory } from './evaluate-workdir.js'
import type { Arg } from './instruction.js'
import { layerNames } from './layer-names.js'
import { layerOf } from './layer-snapshot.js'
import type { Evaluation, StageState } from './stage-state.js'
import { checkOrder, isCopy, type Stage, type StageInstruction } from './stages.js'
import { parseTrigger } from './triggers.js'

const COMMENT = 'buildkit.dockerfile.v0'

/** Evaluates one stage: its base, the triggers that it left, and its instructions, in order. */
export async function evaluateStage(stage: Stage, evaluation: Evaluation): Promise<StageState> {
  startNeeded(stage, evaluation)
  const { blueprint } = evaluation
  const platform = stagePlatform(stage, blueprint.globals, blueprint.platform)
  const before = await beginStage(stage, evaluation, platform)
  const triggers = readTriggers(before, stage)
  checkOrder(stage, triggers, blueprint.stages)
  let state = withoutTriggers(before)
  for (const instruction of [...triggers, ...stage.instructions]) state = await evaluate(instruction, state, evaluation)
  return state
}

/** Stages that this one needs are evaluated at the same time; what goes wrong in them is told when it is asked for. */
function startNeeded(stage: Stage, evaluation: Evaluation): void {
  for (const index of stage.needs) evaluation.stage(index).catch(() => {})
}

function beginStage(
  { base, from }: Stage,
  evaluation: Evaluation,
  platform: StageState['platform']
): Promise<StageState> {
  switch (base.kind) {
    case 'stage':
      return evaluation.stage(base.index)
    case 'scratch':
      return Promise.resolve(stateOf(emptyBase(platform, [], emptyFileSystem)))
    case 'source':
      return evaluation.outside(base.name, from.statement.location, platform)
  }
}

/** A stage that has done nothing yet but begin. */
export function stateOf({ layers, end, tree }: Base): StageState {
  const { platform, config, author = null, created = null } = end
  const time = created === null ? 0 : Math.floor(Date.parse(created) / 1000)
  return {
    platform,
    configuration: { config, author, hasCommand: false },
    variables: variablesOf(config.Env ?? []),
    layers,
    pending: end.history,
    created,
    time: Number.isFinite(time) ? time : 0,
    tree
  }
}

function variablesOf(environment: readonly string[]): Variables {
  return new Map(environment.map((each) => [each.split('=', 1)[0] ?? '', each.slice(each.indexOf('=') + 1)]))
}

function readTriggers({ configuration }: StageState, { from }: Stage): readonly StageInstruction[] {
  return (configuration.config.OnBuild ?? []).map((trigger) => parseTrigger(trigger, from.statement.location))
}

function withoutTriggers(state: StageState): StageState {
  const { OnBuild: _, ...config } = state.configuration.config
  return { ...state, configuration: { ...state.configuration, config, hasCommand: false } }
}

async function evaluate(instruction: StageInstruction, state: StageState, evaluation: Evaluation): Promise<StageState> {
  if (isCopy(instruction)) return addLayer(state, await evaluateCopy(instruction, state, evaluation), evaluation)
  if (instruction.kind === 'RUN') return evaluateRun(instruction, state, evaluation)
  if (instruction.kind === 'ARG') return declare(instruction, state, evaluation)
  const { configuration, createdBy } = configure(state.configuration, instruction, (word) =>
    expandIn(instruction, state.variables, word)
  )
  const configured = { ...state, configuration }
  if (instruction.kind === 'WORKDIR' && configuration.config.WorkingDir !== '/') {
    const step = await makeWorkingDirectory(instruction, configured, evaluation)
    return addLayer(configured, { ...step, createdBy: createdBy ?? '' }, evaluation)
  }
  const variables =
    instruction.kind === 'ENV' ? withEnvironment(state.variables, configuration.config.Env ?? []) : state.variables
  return {
    ...configured,
    variables,
    pending: createdBy === null ? state.pending : [...state.pending, emptyStep(createdBy)]
  }
}

function withEnvironment(variables: Variables, environment: readonly string[]): Variables {
  return new Map([...variables, ...variablesOf(environment)])
}

function declare(instruction: Arg, state: StageState, { blueprint }: Evaluation): StageState {
  const variables = new Map(state.variables)
  const texts = instruction.assignments.map((assignment) => {
    const value = argumentValue(assignment, blueprint.globals, blueprint.parameters.arguments, (word) =>
      expandIn(instruction, variables, word)
    )
    if (value === undefined) return assignment.name
    variables.set(assignment.name, value)
    return `${assignment.name}=${value}`
  })
  return { ...state, variables, pending: [...state.pending, emptyStep(`ARG ${texts.join(' ')}`)] }
}

/** Adds what a step wrote as a layer. */
async function addLayer(
  state: StageState,
  { overlay, tree, createdBy }: Step,
  { context, blueprint }: Evaluation
): Promise<StageState> {
  const layer = await layerOf(overlay, context.resource(layerNames).name)
  const where = `build ${blueprint.parameters.context} ${formatPlatform(state.platform)}`
  const name = `${where} layer ${state.layers.length}: ${createdBy}`
  const history = [...state.pending, { created_by: createdBy, comment: COMMENT }]
  return {
    ...state,
    tree: () => Promise.resolve(tree),
    pending: [],
    layers: [
      ...state.layers,
      { kind: 'snapshot', lower: null, upper: layer.upper, history, name, ...(layer.key && { key: layer.key }) }
    ]
  }
}

function emptyStep(createdBy: string): History {
  return { created_by: createdBy, comment: COMMENT, empty_layer: true }
}

/** The end of the image that a stage has become. */
export function endOf(
  { platform, configuration, created, pending }: StageState,
  labels: Readonly<Record<string, string>>
): ImageEnd {
  const { config, author } = configuration
  const labelled = Object.keys(labels).length === 0 ? config : { ...config, Labels: { ...config.Labels, ...labels } }
  return {
    kind: 'image',
    platform,
    config: labelled,
    ...(author !== null && { author }),
    ...(created !== null && { created }),
    history: pending
  }
}
