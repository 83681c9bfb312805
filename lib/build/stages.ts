import { nearest } from '../nearest.js'
import { contextName } from './context-name.js'
import type { Dockerfile } from './dockerfile.js'
import type { Arg, Copy, From, Instruction } from './instruction.js'
import { DockerfileError } from './problem.js'
import { parseTrigger } from './triggers.js'

/** What stands between two FROM instructions. */
export interface Stage {
  readonly index: number
  readonly name: string | null
  readonly from: From
  /** What FROM names, variables expanded. */
  readonly base: Base
  readonly instructions: readonly StageInstruction[]
  /** Indexes of the stages by name, for triggers that copy from them. */
  readonly byName: ReadonlyMap<string, number>
  /** Indexes of the stages that this one copies from or builds on, also by what the latter left for it to do. */
  readonly needs: ReadonlySet<number>
}

/** An empty image, an earlier stage by its index, or something from outside by its name. */
export type Base =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly index: number }
  | { readonly kind: 'source'; readonly name: string }

export type StageInstruction = Exclude<Instruction, From>

/** ARG instructions before the first FROM. */
export function globalInstructions({ instructions }: Dockerfile): readonly Arg[] {
  const first = instructions.findIndex(({ kind }) => kind === 'FROM')
  return instructions.slice(0, first).filter((each) => each.kind === 'ARG')
}

/**
 * The stages of a Dockerfile with what each needs. `imageOf` expands the name that a FROM has; `contexts` are names
 * that the build was given with `--build-context`, as `contextName` has them: they replace stages and images. Fails on
 * a stage that is not there, one that comes later, and one that needs itself.
 */
export function resolveStages(
  dockerfile: Dockerfile,
  imageOf: (from: From) => string,
  contexts: ReadonlySet<string> = new Set()
): readonly Stage[] {
  const drafts = groupInstructions(dockerfile).map((draft) =>
    draft.from.name !== null && contexts.has(contextName(draft.from.name)) ? { ...draft, instructions: [] } : draft
  )
  const byName = new Map<string, number>()
  const bases = drafts.map(({ from }, index): Base => {
    const replaced = from.name !== null && contexts.has(contextName(from.name)) ? from.name : null
    const image = replaced ?? imageOf(from)
    const earlier = contexts.has(contextName(image)) ? undefined : byName.get(image.toLowerCase())
    if (from.name !== null) byName.set(from.name, index)
    if (earlier !== undefined) return { kind: 'stage', index: earlier }
    return image === 'scratch' ? { kind: 'scratch' } : { kind: 'source', name: image }
  })
  const all = drafts.map(({ instructions }, index) => [...triggersOf(bases[index], drafts), ...instructions])
  const stages = drafts.map(({ from, instructions }, index): Stage => {
    const base = bases[index] ?? { kind: 'scratch' }
    const copied = (all[index] ?? []).flatMap((each) => {
      const found = isCopy(each) ? findStage(each, byName, drafts.length) : null
      return found === null ? [] : [found]
    })
    const needs = new Set(base.kind === 'stage' ? [base.index, ...copied] : copied)
    return { index, name: from.name, from, base, instructions, byName, needs }
  })
  for (const stage of stages) checkOrder(stage, all[stage.index] ?? [], stages)
  return stages
}

/** What a stage of the Dockerfile hands to one that builds on it. */
function triggersOf(base: Base | undefined, drafts: readonly Draft[]): readonly StageInstruction[] {
  const instructions = (base?.kind === 'stage' && drafts[base.index]?.instructions) || []
  return instructions.flatMap((each) =>
    each.kind === 'ONBUILD' ? [parseTrigger(each.text, each.statement.location)] : []
  )
}

/** The stage that a build is to end with: by name or index, or the last one. */
export function targetStage(stages: readonly Stage[], target: string | null): Stage | null {
  if (target === null) return stages.at(-1) ?? null
  const byName = stages.findLast(({ name }) => name === target.toLowerCase())
  return byName ?? (/^\d+$/.test(target) ? (stages[Number(target)] ?? null) : null)
}

/** The indexes of the stages that a target needs, itself included. */
export function neededStages(stages: readonly Stage[], target: number): ReadonlySet<number> {
  const found = new Set<number>()
  const visit = (index: number): void => {
    if (found.has(index)) return
    found.add(index)
    for (const each of stages[index]?.needs ?? []) visit(each)
  }
  visit(target)
  return found
}

/** The index of the stage that `--from` names, or null where it names something from outside. */
export function findStage(
  { from, statement }: Copy,
  byName: ReadonlyMap<string, number>,
  count: number
): number | null {
  if (from === null) return null
  const { location } = statement
  if (from.includes('$')) {
    const advice = 'add a stage FROM that image, with an ARG before the first FROM'
    const problem = { operation: 'find stage', expected: 'a --from without variables', found: from, advice }
    throw new DockerfileError(problem, location, `--from=${from}`)
  }
  if (!/^\d+$/.test(from)) return byName.get(from.toLowerCase()) ?? null
  if (Number(from) < count) return Number(from)
  const problem = { operation: 'find stage', expected: `an index below ${count}, or a name`, found: from }
  throw new DockerfileError(problem, location, `--from=${from}`)
}

/** What to say of a `--from` that no stage and no source has: the stage that was probably meant. */
export function adviseStage(name: string, stages: readonly Stage[]): string | null {
  const guess = nearest(
    name,
    stages.flatMap((stage) => stage.name ?? [])
  )
  return guess && `did you mean the stage ${guess}?`
}

interface Draft {
  readonly from: From
  readonly instructions: readonly StageInstruction[]
}

function groupInstructions({ instructions }: Dockerfile): readonly Draft[] {
  const groups: { from: From; instructions: StageInstruction[] }[] = []
  for (const instruction of instructions) {
    if (instruction.kind === 'FROM') groups.push({ from: instruction, instructions: [] })
    else groups.at(-1)?.instructions.push(instruction)
  }
  return groups
}

export function isCopy(instruction: Instruction): instruction is Copy {
  return instruction.kind === 'COPY' || instruction.kind === 'ADD'
}

/** Fails where one of a stage's instructions, triggers among them, copies from the stage itself or from a later one. */
export function checkOrder(stage: Stage, instructions: readonly StageInstruction[], stages: readonly Stage[]): void {
  for (const copy of instructions.filter(isCopy)) {
    const late = findStage(copy, stage.byName, stages.length)
    if (late === null || late < stage.index) continue
    const cycle = neededStages(stages, late).has(stage.index)
    const found = cycle ? `a cycle through ${label(stages[late])}` : `${label(stages[late])}, which comes later`
    const problem = { operation: 'order stages', expected: 'stages that need earlier ones only', found }
    throw new DockerfileError(problem, copy.statement.location, '--from')
  }
}

function label(stage: Stage | undefined): string {
  return stage?.name ?? `stage ${stage?.index}`
}
