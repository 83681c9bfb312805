import fc from 'fast-check'
import { test } from 'tap'
import { createEntry, type Entry, type EntryBatch } from '../../lib/diff/entry.js'
import { judgeImage } from '../../lib/policy/judge-image.js'
import { policies } from '../../lib/policy/policies.js'
import { parsePolicy } from '../../lib/policy/policy-document.js'
import type { Rule } from '../../lib/policy/rule.js'
import { secrets } from '../../lib/policy/secrets.js'

/** Assembled here, so that no scanner takes this file for a leak. */
const KEY = `-----BEGIN ${'OPENSSH PRIVATE'} KEY-----\n${'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ'.repeat(3)}\n`
const TOKEN = `gh${'p_'}${'aB3'.repeat(12)}`

async function judgeLayers(rules: readonly Rule[], ...layers: readonly EntryBatch[]): Promise<readonly string[]> {
  const judgement = judgeImage(rules)
  for (const layer of layers) {
    await judgement.layer(
      (async function* () {
        yield layer
      })()
    )
  }
  return judgement.end().map(({ rule, path, layer, complaint }) => `${rule} ${path} ${layer}: ${complaint}`)
}

const entry = (path: string, fields: Partial<Entry> = {}) => createEntry({ path, type: 'file', mode: 0o644, ...fields })
const withBody = (path: string, ...pieces: readonly Buffer[]): EntryBatch => [
  entry(path, { size: pieces.reduce((sum, { length }) => sum + length, 0) }),
  ...pieces
]
const policy = (value: object): readonly Rule[] => parsePolicy(Buffer.from(JSON.stringify(value)), 'p.json')

test('a secret is found wherever the pieces of a body are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(KEY, TOKEN),
      fc.integer({ min: 0, max: 2000 }),
      fc.integer({ min: 1, max: 2500 }),
      fc.integer({ min: 1, max: 2500 }),
      async (hidden, before, first, second) => {
        const body = Buffer.from(`${'x '.repeat(before)}${hidden} and so on`)
        const pieces = [body.subarray(0, first), body.subarray(first, first + second), body.subarray(first + second)]
        const found = await judgeLayers([secrets], withBody('f', ...pieces.filter(({ length }) => length > 0)))
        return found.length === 1
      }
    ),
    { numRuns: 200 }
  )
})

test('what only looks like a secret is not one', async (t) => {
  const harmless = [
    `-----BEGIN ${'PUBLIC'} KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n`,
    `the header "-----BEGIN ${'RSA PRIVATE'} KEY-----" begins a key`,
    'npm_config_registry npm_package_name',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as an .npmrc has it
    '//registry.example/:_authToken=${NPM_TOKEN}',
    'AKIAshort'
  ]
  for (const text of harmless) t.same(await judgeLayers([secrets], withBody('f', Buffer.from(text))), [], text)
})

test('a secret does not go on in the next entry', async (t) => {
  const [start, end] = [Buffer.from(TOKEN.slice(0, 10)), Buffer.from(TOKEN.slice(10))]
  t.same(await judgeLayers([secrets], [...withBody('a', start), ...withBody('b', end)]), [])
})

test('setuid, setgid and what everybody may write', async (t) => {
  const found = await judgeLayers(policies.hardened, [
    entry('su', { mode: 0o4755 }),
    entry('wall', { mode: 0o2755 }),
    entry('open', { mode: 0o666 }),
    entry('tmp', { type: 'directory', mode: 0o1777 }),
    entry('bad', { type: 'directory', mode: 0o777 }),
    entry('setgid', { type: 'directory', mode: 0o2755 }),
    entry('link', { type: 'symlink', mode: 0o777 })
  ])
  t.same(found, [
    'no-setuid su 0: is setuid',
    'no-setuid wall 0: is setgid',
    'no-world-writable open 0: can be written by everybody',
    'no-world-writable bad 0: can be written by everybody, and is not sticky'
  ])
})

test('a forbidden path is told once, with or without an entry for it', async (t) => {
  const rules = policy({ 'forbidden-paths': ['**/.git', '*.pem'] })
  const found = await judgeLayers(rules, [
    entry('app/.git', { type: 'directory' }),
    entry('app/.git/config'),
    entry('lib/.git/HEAD'),
    entry('lib/.git/config'),
    entry('key.pem'),
    entry('old.pem', { type: 'whiteout' })
  ])
  t.same(found, [
    'forbidden-paths app/.git 0: is a forbidden path',
    'forbidden-paths lib/.git/HEAD 0: lies in a forbidden path, lib/.git',
    'forbidden-paths key.pem 0: is a forbidden path'
  ])
})

test('owners and sizes have limits', async (t) => {
  const rules = policy({ users: [0, 1000], groups: [0], 'layer-bytes': 10, 'image-bytes': 15 })
  const found = await judgeLayers(
    rules,
    [entry('a', { uid: 1000 }), entry('b', { uid: 5 }), entry('c', { gid: 7, size: 11 }), Buffer.alloc(11)],
    withBody('d', Buffer.alloc(9))
  )
  t.same(found, [
    'owners b 0: belongs to user 5',
    'owners c 0: belongs to group 7',
    'size null 0: holds 11 bytes, and 10 are allowed',
    'size null null: holds 20 bytes, and 15 are allowed'
  ])
})

test('a policy can build on others, and one that is misspelt is refused', async (t) => {
  t.same(policy({ extends: ['hardened'] }), policies.hardened)
  t.throws(() => policy({ extends: ['hard'] }), { code: 'ERR_USAGE', message: /secrets, hardened, tidy/ })
  t.throws(() => policy({ setuuid: false }), { message: /Did you mean "setuid"/ })
  t.throws(() => policy({ 'layer-bytes': 'many' }), { code: 'ERR_USAGE' })
  t.throws(() => policy({ users: ['root'] }), { message: /the number of an owner/ })
  t.throws(() => parsePolicy(Buffer.from('{'), 'p.json'), { code: 'ERR_USAGE', message: /p\.json/ })
})
