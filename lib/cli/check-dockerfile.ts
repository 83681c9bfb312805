import { build } from '../build/build.js'
import type { Finding } from '../build/lint/finding.js'
import { lintDockerfile } from '../build/lint/lint.js'
import type { BuildParameters } from '../build/parameters.js'
import { showPlace } from '../build/problem.js'
import { InputError } from '../errors.js'
import { print } from './print.js'

type Recipe = Pick<BuildParameters, 'dockerfile' | 'dockerfileName'>

/** Prints what is questionable in a build's Dockerfile. Fails where anything is, and where no build could begin. */
export async function checkDockerfile(parameters: BuildParameters): Promise<void> {
  const { dockerfile, dockerfileName } = parameters
  const { findings } = lintDockerfile(dockerfile, dockerfileName)
  await print(findings.length === 0 ? 'Check complete, no warnings found.\n' : findings.map(describe).join('\n'))
  build(parameters)
  refuse(findings, dockerfileName)
}

/** Fails where a Dockerfile wants no build with what is questionable in it. */
export function refuseFatal({ dockerfile, dockerfileName }: Recipe): void {
  const { findings, fatal } = lintDockerfile(dockerfile, dockerfileName)
  if (fatal) refuse(findings, dockerfileName)
}

function refuse(findings: readonly Finding[], subject: string): void {
  if (findings.length === 0) return
  const found = `${findings.length}: ${[...new Set(findings.map(({ rule }) => rule))].join(', ')}`
  const advice = 'see them with --check; # check=skip=RULE in the first line leaves a rule out'
  throw new InputError({ operation: 'check Dockerfile', subject, expected: 'no warnings', found, advice })
}

function describe({ rule, message, location, word }: Finding): string {
  return `WARNING: ${rule}: ${message}\n${showPlace(location, word)}\n`
}
