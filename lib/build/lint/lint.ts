import { type Dockerfile, parseDockerfile } from '../dockerfile.js'
import { checkCommands } from './check-commands.js'
import { checkDefaults } from './check-defaults.js'
import { checkForms } from './check-forms.js'
import { checkLines } from './check-lines.js'
import { checkNames } from './check-names.js'
import { checkPlatforms } from './check-platforms.js'
import { checkSecrets } from './check-secrets.js'
import { checkVariables } from './check-variables.js'
import type { Check, Finding } from './finding.js'

export interface Lint {
  /** In the order of the lines. */
  readonly findings: readonly Finding[]
  /** Whether the Dockerfile wants no build where there are any. */
  readonly fatal: boolean
}

/**
 * What in a Dockerfile is likely not what was meant. The rules are BuildKit's build checks that need the Dockerfile only;
 * the directive `check=skip=RULE,…;error=true` leaves rules out, or all, and makes findings fatal. Fails where the
 * Dockerfile can't be read.
 */
export function lintDockerfile(text: string, name?: string): Lint {
  const dockerfile = parseDockerfile(text, name)
  const settings = settingsOf(dockerfile)
  const skipped = new Set(settings.get('skip')?.split(','))
  const isSkipped = (rule: string): boolean => skipped.has('all') || skipped.has(rule.toLowerCase())
  const findings = CHECKS.flatMap((check) => check(dockerfile))
    .filter(({ rule }) => !isSkipped(rule))
    .toSorted((one, other) => one.location.start - other.location.start)
  return { findings, fatal: settings.get('error') === 'true' }
}

const CHECKS: readonly Check[] = [
  checkLines,
  checkNames,
  checkPlatforms,
  checkDefaults,
  checkVariables,
  checkSecrets,
  checkForms,
  checkCommands
]

/** Of `skip=JSONArgsRecommended,StageNameCasing;error=true`, in lower case. */
function settingsOf({ directives }: Dockerfile): ReadonlyMap<string, string> {
  const settings = (directives.get('check') ?? '').toLowerCase().replace(/\s/g, '').split(';')
  return new Map(settings.map((setting) => [setting.replace(/=.*/, ''), setting.replace(/^[^=]*=?/, '')]))
}
