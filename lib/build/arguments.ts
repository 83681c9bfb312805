import { formatPlatform, type Platform } from '../image/platform.js'
import type { Arg } from './instruction.js'

export type Variables = ReadonlyMap<string, string>

/** The values that a build was given with `--build-arg`. */
export type BuildArguments = Readonly<Record<string, string>>

/**
 * The arguments that are there without being declared before the first FROM: the platforms, and the target's name.
 * A build argument of the same name wins.
 */
export function platformArguments(target: Platform, build: Platform, stage: string, given: BuildArguments): Variables {
  const all = { ...describe('TARGET', target), ...describe('BUILD', build), TARGETSTAGE: stage }
  return new Map(Object.entries(all).map(([name, value]) => [name, own(given, name) ?? value]))
}

function describe(prefix: string, platform: Platform): Record<string, string> {
  return {
    [`${prefix}PLATFORM`]: formatPlatform(platform),
    [`${prefix}OS`]: platform.os,
    [`${prefix}OSVERSION`]: platform['os.version'] ?? '',
    [`${prefix}ARCH`]: platform.architecture,
    [`${prefix}VARIANT`]: platform.variant ?? ''
  }
}

/** Adds the ARG instructions before the first FROM: given values win, defaults see what stands before them. */
export function globalArguments(
  instructions: readonly Arg[],
  initial: Variables,
  given: BuildArguments,
  expand: (value: string, instruction: Arg, variables: Variables) => string
): Variables {
  const variables = new Map(initial)
  for (const instruction of instructions) {
    for (const { name, value } of instruction.assignments) {
      const found = own(given, name) ?? (value === null ? undefined : expand(value, instruction, variables))
      if (found !== undefined) variables.set(name, found)
    }
  }
  return variables
}

/** The value of one ARG in a stage; undefined where it is declared only. */
export function argumentValue(
  { name, value }: Arg['assignments'][number],
  globals: Variables,
  given: BuildArguments,
  expand: (value: string) => string
): string | undefined {
  const fromBuild = own(given, name)
  if (fromBuild !== undefined) return fromBuild
  return value === null ? globals.get(name) : expand(value)
}

/** The build arguments that no ARG takes and that mean nothing by themselves. */
export function unusedArguments(given: BuildArguments, declared: ReadonlySet<string>): readonly string[] {
  return Object.keys(given).filter((name) => !declared.has(name) && !PREDEFINED.has(name.toUpperCase()))
}

/** Those that need no ARG: proxies, and what is meant for the builder itself. */
const PREDEFINED: ReadonlySet<string> = new Set([
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY', 'SOURCE_DATE_EPOCH'],
  ...['PLATFORM', 'OS', 'OSVERSION', 'ARCH', 'VARIANT'].flatMap((name) => [`TARGET${name}`, `BUILD${name}`]),
  'TARGETSTAGE'
])

function own(given: BuildArguments, name: string): string | undefined {
  return Object.hasOwn(given, name) ? given[name] : undefined
}
