import { UsageError } from '../errors.js'
import { localPlatform, type Platform, parsePlatform } from '../image/platform.js'
import { nearest } from '../nearest.js'
import { globalArguments, platformArguments, type Variables } from './arguments.js'
import { type Dockerfile, parseDockerfile } from './dockerfile.js'
import { type Expansion, expandWord } from './expand.js'
import type { From, Instruction } from './instruction.js'
import type { BuildParameters } from './parameters.js'
import { DockerfileError } from './problem.js'
import { globalInstructions, neededStages, resolveStages, type Stage, targetStage } from './stages.js'
import type { Statement } from './statement.js'

/** What a build for one platform will do, known before any of it is done. */
export interface Blueprint {
  readonly parameters: BuildParameters
  readonly dockerfile: Dockerfile
  readonly platform: Platform
  readonly globals: Variables
  readonly stages: readonly Stage[]
  readonly target: Stage
  /** Indexes of the stages that the target needs. */
  readonly needed: ReadonlySet<number>
}

/** Reads the Dockerfile and finds out what the target needs. Fails on all that can be wrong without looking at files. */
export function drawBlueprint(parameters: BuildParameters, platform: Platform): Blueprint {
  const dockerfile = parseDockerfile(parameters.dockerfile, parameters.dockerfileName)
  const initial = platformArguments(platform, localPlatform(), parameters.target ?? 'default', parameters.arguments)
  const globals = globalArguments(
    globalInstructions(dockerfile),
    initial,
    parameters.arguments,
    (word, instruction, variables) => expandIn(instruction, variables, word)
  )
  const contexts = new Set(Object.keys(parameters.contexts))
  const stages = resolveStages(dockerfile, (from) => expandIn(from, globals, from.image) || blank(from), contexts)
  const target = targetStage(stages, parameters.target)
  if (!target) throw noTarget(parameters.target ?? '', stages)
  return { parameters, dockerfile, platform, globals, stages, target, needed: neededStages(stages, target.index) }
}

/** Expands a word of an instruction; errors point at it. */
export function expandIn({ statement }: Instruction, variables: Variables, word: string): string {
  const { escapeCharacter } = statement
  return expandWord(word, { variables, escapeCharacter, fail: failIn(statement, word) })
}

/** Expands the content of a here-document: quotes stay, and `\` escapes whatever the Dockerfile's own character is. */
export function expandContent({ statement }: Instruction, variables: Variables, content: string): string {
  return expandWord(content, { variables, escapeCharacter: '\\', quotes: false, fail: failIn(statement, content) })
}

function failIn({ location }: Statement, word: string): Expansion['fail'] {
  return (expected, found) => new DockerfileError({ operation: 'expand variables', expected, found }, location, word)
}

/** The platform that a stage's FROM asks for, else the build's. */
export function stagePlatform({ from }: Stage, globals: Variables, platform: Platform): Platform {
  if (from.platform === null) return platform
  const text = expandIn(from, globals, from.platform)
  try {
    return parsePlatform(text)
  } catch (cause) {
    const problem = { operation: 'read FROM', expected: 'a platform like linux/arm64', found: text || 'nothing', cause }
    throw new DockerfileError(problem, from.statement.location, from.platform)
  }
}

function blank({ image, statement }: From): never {
  const problem = { operation: 'read FROM', expected: 'an image', found: `nothing: ${image} is empty` }
  throw new DockerfileError(problem, statement.location, image)
}

function noTarget(name: string, stages: readonly Stage[]): UsageError {
  const names = stages.map((stage) => stage.name ?? String(stage.index))
  const guess = nearest(name, names)
  return new UsageError({
    operation: 'find stage',
    subject: '--target',
    expected: `one of ${names.join(', ')}`,
    found: name,
    ...(guess && { advice: `did you mean ${guess}?` })
  })
}
