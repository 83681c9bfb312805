import { nearest } from '../../nearest.js'
import type { Dockerfile } from '../dockerfile.js'
import type { Instruction } from '../instruction.js'
import { globalInstructions } from '../stages.js'
import type { Finding } from './finding.js'

/** Variables that FROM or a stage uses and that nothing has declared. */
export function checkVariables(dockerfile: Dockerfile): readonly Finding[] {
  const globals = new Set([...PLATFORM_ARGUMENTS, ...globalInstructions(dockerfile).flatMap(namesIn)])
  const stages = new Map<string, Scope>()
  let scope = createScope(null)
  return dockerfile.instructions.flatMap((each): readonly Finding[] => {
    if (each.kind === 'FROM') {
      scope =
        each.image === 'scratch' ? createScope([]) : createScope(stages.get(each.image.toLowerCase())?.lasting ?? null)
      if (each.name !== null) stages.set(each.name, scope)
      return undefinedIn(each, `${each.image} ${each.platform ?? ''}`, globals, 'UndefinedArgInFrom')
    }
    if (!EXPANDED.has(each.kind)) return []
    const findings = scope.lasting ? undefinedIn(each, each.statement.rest, scope.names, 'UndefinedVar') : []
    for (const name of namesIn(each)) {
      scope.names.add(name)
      if (each.kind === 'ENV') scope.lasting?.add(name)
    }
    return findings
  })
}

/** What a stage has declared. */
interface Scope {
  readonly names: Set<string>
  /** Of these, what stages on top of it have, too; null where an image brings what can't be seen here. */
  readonly lasting: Set<string> | null
}

function createScope(inherited: Iterable<string> | null): Scope {
  const lasting = inherited && new Set(inherited)
  return { names: new Set([...ALWAYS_THERE, ...(lasting ?? [])]), lasting }
}

function undefinedIn(each: Instruction, text: string, names: ReadonlySet<string>, rule: string): readonly Finding[] {
  const { location } = each.statement
  return usedIn(text).flatMap(({ name, word }) => {
    if (names.has(name)) return []
    const guess = nearest(name, [...names])
    const message = `declare ${name}${rule === 'UndefinedVar' ? ' in the stage' : ' before the first FROM'}, or it is empty`
    return [{ rule, message: guess === null ? message : `${message}; did you mean ${guess}?`, location, word }]
  })
}

/** Those that have to be there: not with a default, not quoted, not escaped. */
function usedIn(text: string): readonly { readonly name: string; readonly word: string }[] {
  const found = [...text.matchAll(/'[^']*'|[\\`].|\$(?:(\w+)|\{(\w+)\})/g)]
  return found.flatMap(([word, plain, braced]) => {
    const name = plain ?? braced
    return name === undefined ? [] : [{ name, word }]
  })
}

function namesIn(each: Instruction): readonly string[] {
  return each.kind === 'ARG' || each.kind === 'ENV' ? each.assignments.map(({ name }) => name) : []
}

/** Instructions whose words are expanded. */
const EXPANDED: ReadonlySet<string> = new Set([
  ...['ADD', 'ARG', 'COPY', 'ENV', 'EXPOSE', 'LABEL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR']
])

const ALWAYS_THERE: readonly string[] = [
  'PATH',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()])
]

const PLATFORM_ARGUMENTS = ['TARGET', 'BUILD'].flatMap((whose) =>
  ['PLATFORM', 'OS', 'OSVERSION', 'ARCH', 'VARIANT'].map((what) => whose + what)
)
