import { UsageError } from '../errors.js'
import { parseJson } from '../image/parse-json.js'
import type { OptionTable } from '../options/option.js'
import { type Field, parseOptions } from '../options/parse-options.js'
import { type PolicyName, policies } from './policies.js'
import type { Rule } from './rule.js'
import { forbidPaths, limitOwners, limitSizes, noSetuid, noWorldWritable } from './rules.js'
import { secrets } from './secrets.js'

/** What a policy as JSON may say. What it does not speak of is allowed. */
const policyOptions = {
  bases: { key: 'extends', kind: 'repeated', default: [], help: 'policies that come with the program' },
  secrets: { key: 'secrets', kind: 'boolean', default: true, help: 'whether contents may hold keys and tokens' },
  setuid: { key: 'setuid', kind: 'boolean', default: true, help: 'whether files may be setuid or setgid' },
  worldWritable: {
    key: 'world-writable',
    kind: 'boolean',
    default: true,
    help: 'whether everybody may write files, and directories that are not sticky'
  },
  forbiddenPaths: { key: 'forbidden-paths', kind: 'repeated', default: [], help: 'patterns, as in an ignore file' },
  users: { key: 'users', kind: 'repeated', default: [], help: 'the numbers of all users that may own entries' },
  groups: { key: 'groups', kind: 'repeated', default: [], help: 'the numbers of all groups that may own entries' },
  layerBytes: {
    key: 'layer-bytes',
    kind: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    default: null,
    help: 'the most that the files of a layer may hold, uncompressed'
  },
  imageBytes: {
    key: 'image-bytes',
    kind: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    default: null,
    help: 'the most that the files of all layers may hold, uncompressed'
  }
} as const satisfies OptionTable

/**
 * Reads a policy: a JSON object with the keys of `policyOptions`.
 *
 * @throws UsageError
 */
export function parsePolicy(text: Buffer, subject: string): readonly Rule[] {
  const origin = { operation: 'read policy', subject, owner: 'policies' }
  const policy = parseOptions(policyOptions, fieldsOf(text, subject), origin)
  const { layerBytes, imageBytes } = policy
  const [users, groups] = [policy.users, policy.groups].map((owners) => readOwners(owners, subject))
  return [
    ...policy.bases.flatMap((name) => policyByName(name, subject)),
    ...(policy.secrets ? [] : [secrets]),
    ...(policy.setuid ? [] : [noSetuid]),
    ...(policy.worldWritable ? [] : [noWorldWritable]),
    ...(policy.forbiddenPaths.length > 0 ? [forbidPaths(policy.forbiddenPaths)] : []),
    ...(users || groups ? [limitOwners(users ?? null, groups ?? null)] : []),
    ...(layerBytes !== null || imageBytes !== null ? [limitSizes(layerBytes, imageBytes)] : [])
  ]
}

/** Whether a policy of that name comes with the program. */
export function isPolicyName(name: string): name is PolicyName {
  return Object.hasOwn(policies, name)
}

function policyByName(name: string, subject: string): readonly Rule[] {
  if (isPolicyName(name)) return policies[name]
  throw new UsageError({ operation: 'read policy', subject, expected: Object.keys(policies).join(', '), found: name })
}

/** A field for each value, as the command line would have them. */
function fieldsOf(text: Buffer, subject: string): readonly Field[] {
  return Object.entries(readJson(text, subject)).flatMap(([key, value]) => {
    return [value].flat().map((each) => ({ key, value: typeof each === 'string' ? each : JSON.stringify(each) }))
  })
}

function readJson(text: Buffer, subject: string): object {
  try {
    return parseJson(text, subject)
  } catch (cause) {
    throw new UsageError({ operation: 'read policy', subject, cause })
  }
}

function readOwners(owners: readonly string[], subject: string): readonly number[] | null {
  const wrong = owners.find((owner) => !/^\d{1,10}$/.test(owner))
  if (wrong === undefined) return owners.length > 0 ? owners.map(Number) : null
  throw new UsageError({ operation: 'read policy', subject, expected: 'the number of an owner', found: wrong })
}
