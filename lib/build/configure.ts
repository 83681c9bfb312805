import type { ContainerConfig, Healthcheck as HealthcheckConfig } from '../image/config.js'
import { formatDuration, goQuoteList, parseDuration } from './go-format.js'
import type { Command, CommandLine, Env, Healthcheck, Text, Words } from './instruction.js'
import { joinPath } from './paths.js'
import { parsePorts } from './ports.js'
import { DockerfileError } from './problem.js'
import { isSignal } from './signals.js'

/** The instructions that change nothing but the config (WORKDIR makes its directory elsewhere). */
export type ConfigInstruction = Env | Command | Healthcheck | Words | Text

/** What configuring an image knows and changes. */
export interface Configuration {
  readonly config: ContainerConfig
  readonly author: string | null
  /** Whether CMD was set since FROM: then a later ENTRYPOINT leaves it alone. */
  readonly hasCommand: boolean
}

export interface Configured {
  readonly configuration: Configuration
  /** As BuildKit writes it into the history; null for ONBUILD, which leaves no trace there. */
  readonly createdBy: string | null
}

/** Expands one word of the instruction that is being evaluated. */
export type Expand = (word: string) => string

/** Applies one instruction. Fails on ports, signals, durations and the like that are none. */
export function configure(before: Configuration, instruction: ConfigInstruction, expand: Expand): Configured {
  const { config } = before
  const changed = (change: ContainerConfig, createdBy: string | null): Configured => ({
    configuration: { ...before, config: { ...config, ...change } },
    createdBy
  })
  switch (instruction.kind) {
    case 'ENV':
      return changed(...setVariables(config, instruction, expand))
    case 'LABEL':
      return changed(...setLabels(config, instruction, expand))
    case 'CMD':
    case 'ENTRYPOINT':
      return setCommand(before, instruction)
    case 'SHELL':
      return changed({ Shell: instruction.words }, `SHELL [${instruction.words.join(' ')}]`)
    case 'HEALTHCHECK':
      return changed(...setHealthcheck(config, instruction))
    case 'EXPOSE':
      return changed(...exposePorts(config, instruction, expand))
    case 'VOLUME':
      return changed(...addVolumes(config, instruction, expand))
    default:
      return setText(before, instruction, expand)
  }
}

type Change = [ContainerConfig, string]

function pairs({ assignments }: Env, expand: Expand): readonly (readonly [string, string])[] {
  return assignments.map(({ name, value }) => [expand(name), expand(value ?? '')] as const)
}

function setVariables(config: ContainerConfig, instruction: Env, expand: Expand): Change {
  const variables = new Map((config.Env ?? []).map((each) => [each.split('=', 1)[0] ?? '', each]))
  const set = pairs(instruction, expand).map(([name, value]) => [name, `${name}=${value}`] as const)
  for (const [name, text] of set) variables.set(name, text)
  return [{ Env: [...variables.values()] }, ['ENV', ...set.map(([, text]) => text)].join(' ')]
}

function setLabels(config: ContainerConfig, instruction: Env, expand: Expand): Change {
  const set = pairs(instruction, expand)
  const createdBy = ['LABEL', ...set.map(([name, value]) => `${name}=${value}`)].join(' ')
  return [{ Labels: { ...config.Labels, ...Object.fromEntries(set) } }, createdBy]
}

function setCommand(before: Configuration, { kind, command }: Command): Configured {
  const words = withShell(command, before.config)
  const createdBy = `${kind} ${goQuoteList(words)}`
  if (kind === 'CMD') {
    const config = { ...before.config, Cmd: words, ArgsEscaped: true }
    return { configuration: { ...before, config, hasCommand: true }, createdBy }
  }
  const config = { ...before.config, Entrypoint: words, ...(!before.hasCommand && { Cmd: null }) }
  return { configuration: { ...before, config }, createdBy }
}

/** The words that a command line runs as: text goes to the image's shell. */
export function withShell({ words, shell }: CommandLine, config: ContainerConfig): readonly string[] {
  return shell ? [...(config.Shell ?? DEFAULT_SHELL), words.join(' ')] : words
}

const DEFAULT_SHELL = ['/bin/sh', '-c']

function setHealthcheck(config: ContainerConfig, instruction: Healthcheck): Change {
  const { command } = instruction
  const test = command === null ? ['NONE'] : command.shell ? ['CMD-SHELL', ...command.words] : ['CMD', ...command.words]
  const [interval, timeout] = [duration(instruction, 'interval'), duration(instruction, 'timeout')]
  const [period, start] = [duration(instruction, 'startPeriod'), duration(instruction, 'startInterval')]
  const retries = readRetries(instruction)
  const check: HealthcheckConfig = {
    Test: test,
    ...(interval && { Interval: interval }),
    ...(timeout && { Timeout: timeout }),
    ...(period && { StartPeriod: period }),
    ...(start && { StartInterval: start }),
    ...(retries && { Retries: retries })
  }
  const times = `Interval:${formatDuration(interval)} Timeout:${formatDuration(timeout)}`
  const starts = `StartPeriod:${formatDuration(period)} StartInterval:${formatDuration(start)}`
  return [
    { ...config, Healthcheck: check },
    `HEALTHCHECK {Test:[${test.join(' ')}] ${times} ${starts} Retries:${retries}}`
  ]
}

type DurationName = 'interval' | 'timeout' | 'startPeriod' | 'startInterval'

function duration(instruction: Healthcheck, name: DurationName): number {
  const text = instruction[name]
  if (text === null) return 0
  const found = parseDuration(text)
  // Docker refuses what is shorter than a millisecond, and takes 0 for its default.
  if (found !== null && (found === 0 || found >= 1e6)) return found
  throw wrong(instruction, 'a duration of 1ms or more, like 30s or 1m30s', text)
}

function readRetries(instruction: Healthcheck): number {
  const { retries } = instruction
  if (retries === null) return 0
  if (/^\d+$/.test(retries)) return Number(retries)
  throw wrong(instruction, 'a whole number of retries', retries)
}

function exposePorts(config: ContainerConfig, instruction: Words, expand: Expand): Change {
  const words = instruction.words.toSorted().flatMap((word) => expand(word).split(/\s+/).filter(Boolean))
  const ports = words.flatMap((word) => {
    const found = parsePorts(word)
    if (!found) throw wrong(instruction, 'PORT, FIRST-LAST or either with /tcp, /udp or /sctp', word)
    return found
  })
  const exposed = Object.fromEntries(ports.map((port) => [port, {}]))
  return [{ ExposedPorts: { ...config.ExposedPorts, ...exposed } }, `EXPOSE [${ports.join(' ')}]`]
}

function addVolumes(config: ContainerConfig, instruction: Words, expand: Expand): Change {
  const paths = instruction.words.map(expand)
  if (paths.includes('')) throw wrong(instruction, 'paths', 'an empty one')
  const volumes = Object.fromEntries(paths.map((path) => [path, {}]))
  return [{ Volumes: { ...config.Volumes, ...volumes } }, `VOLUME [${paths.join(' ')}]`]
}

function setText(before: Configuration, instruction: Text, expand: Expand): Configured {
  const { config } = before
  const { kind } = instruction
  const text = kind === 'ONBUILD' ? instruction.text : expand(instruction.text)
  const changed = (change: ContainerConfig, createdBy: string | null = `${kind} ${text}`): Configured => ({
    configuration: { ...before, config: { ...config, ...change } },
    createdBy
  })
  switch (kind) {
    case 'USER':
      return changed({ User: text })
    case 'WORKDIR': {
      const path = joinPath(config.WorkingDir || '/', text)
      return changed({ WorkingDir: path }, `WORKDIR ${path}`)
    }
    case 'STOPSIGNAL':
      if (!isSignal(text)) throw wrong(instruction, 'a signal like SIGTERM or 15', text)
      return changed({ StopSignal: text })
    case 'ONBUILD':
      return changed({ OnBuild: [...(config.OnBuild ?? []), text] }, null)
    case 'MAINTAINER':
      return { configuration: { ...before, author: text }, createdBy: `MAINTAINER ${text}` }
  }
}

function wrong({ kind, statement }: ConfigInstruction, expected: string, found: string): DockerfileError {
  return new DockerfileError({ operation: `evaluate ${kind}`, expected, found }, statement.location, found)
}
