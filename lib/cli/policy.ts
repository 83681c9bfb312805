import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { codeOf, messageOf, UsageError } from '../errors.js'
import { nearest } from '../nearest.js'
import { policies } from '../policy/policies.js'
import { isPolicyName, parsePolicy } from '../policy/policy-document.js'
import type { Rule } from '../policy/rule.js'
import { readFlagFile } from './flag-file.js'

/**
 * The rules that `--policy` stands for: the name of a policy that comes with the program, a JSON file, or a module
 * whose default export is a list of rules.
 *
 * @throws UsageError
 */
export async function readPolicies(texts: readonly string[]): Promise<readonly Rule[]> {
  const rules = await Promise.all(texts.map(readPolicy))
  return [...new Set(rules.flat())]
}

async function readPolicy(text: string): Promise<readonly Rule[]> {
  if (isPolicyName(text)) return policies[text]
  if (extname(text) !== '.json') return importRules(text)
  const file = { operation: 'read policy', subject: text, expected: 'a JSON file' }
  return parsePolicy(await readFlagFile(text, file), text)
}

async function importRules(path: string): Promise<readonly Rule[]> {
  const names = Object.keys(policies)
  const close = nearest(path, names)
  const problem = {
    operation: 'read policy',
    subject: path,
    expected: `${names.join(', ')}, a JSON file or a module`,
    ...(close !== null && { advice: `did you mean ${close}?` })
  }
  if (!existsSync(path)) throw new UsageError({ ...problem, found: 'nothing at that path' })
  const module: { readonly default?: unknown } = await import(pathToFileURL(resolve(path)).href).catch(
    (cause: unknown) => {
      throw new UsageError({ ...problem, found: messageOf(cause), ...adviceFor(cause), cause })
    }
  )
  const rules = module.default
  if (Array.isArray(rules) && rules.every(isRule)) return rules
  throw new UsageError({ ...problem, found: 'no list of rules as its default export' })
}

function adviceFor(cause: unknown): { readonly advice?: string } {
  if (codeOf(cause) !== 'ERR_UNKNOWN_FILE_EXTENSION') return {}
  return { advice: 'compile it to JavaScript, or use Node.js 22.18 or later, which reads TypeScript' }
}

function isRule(value: unknown): value is Rule {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'judge' in value &&
    typeof value.judge === 'function'
  )
}
