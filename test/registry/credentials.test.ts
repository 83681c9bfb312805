import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { type CredentialLookup, createCredentialLookup } from '../../lib/registry/credentials.js'
import { temporaryDirectory } from '../helpers/registry.js'

async function home(t: Test, files: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv = {}) {
  const directory = await temporaryDirectory(t)
  for (const [path, document] of Object.entries(files)) {
    await mkdir(join(directory, path, '..'), { recursive: true })
    await writeFile(join(directory, path), typeof document === 'string' ? document : JSON.stringify(document))
  }
  const all = { HOME: directory, ...environment }
  const lookup: CredentialLookup = createCredentialLookup({ environment: all, helperDeadline: 3000 })
  return { directory, lookup, environment: all }
}

const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') })

test('docker keeps credentials by host, podman by parts of it as well; the longest fits best', async (t) => {
  const { lookup } = await home(t, {
    '.docker/config.json': {
      auths: { 'localhost:5000': auth('docker:pass:word'), 'https://tokens/v2/': { identitytoken: 'id' } }
    },
    '.config/containers/auth.json': { auths: { 'quay.io': auth('all:a'), 'quay.io/team/app': auth('team:b') } }
  })
  t.same(await lookup('localhost:5000', 'x'), { kind: 'password', user: 'docker', password: 'pass:word' })
  t.same(await lookup('tokens', 'x'), { kind: 'identity-token', token: 'id' })
  t.match(await lookup('quay.io', 'team/app'), { user: 'team' })
  t.match(await lookup('quay.io', 'team/application'), { user: 'all' })
  t.equal(await lookup('other', 'x'), null)
})

test('Docker Hub is found under the address of its first version', async (t) => {
  const { lookup } = await home(t, {
    '.docker/config.json': { auths: { 'https://index.docker.io/v1/': auth('hub:x') } }
  })
  t.match(await lookup('docker.io', 'library/app'), { user: 'hub' })
})

test('REGISTRY_AUTH_FILE goes before DOCKER_CONFIG', async (t) => {
  const directory = await temporaryDirectory(t)
  await writeFile(join(directory, 'auth.json'), JSON.stringify({ auths: { a: auth('one:x') } }))
  await writeFile(join(directory, 'config.json'), JSON.stringify({ auths: { a: auth('two:x'), b: auth('two:x') } }))
  const environment = { REGISTRY_AUTH_FILE: join(directory, 'auth.json'), DOCKER_CONFIG: directory, HOME: directory }
  const lookup = createCredentialLookup({ environment })
  t.match(await lookup('a', 'x'), { user: 'one' })
  t.match(await lookup('b', 'x'), { user: 'two' })
})

test('a variable that is set to nothing led to config.json in the working directory: it counts as not set', async (t) => {
  const { directory } = await home(t, { '.docker/config.json': { auths: { a: auth('home:x') } } })
  const working = await temporaryDirectory(t)
  await writeFile(join(working, 'config.json'), JSON.stringify({ auths: { a: auth('working:x') } }))
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(working)
  const lookup = createCredentialLookup({ environment: { HOME: directory, DOCKER_CONFIG: '', XDG_CONFIG_HOME: '' } })
  t.match(await lookup('a', 'x'), { user: 'home' })
})

test('a file that is no JSON, and an auth that is no credential, are errors that name the file', async (t) => {
  for (const document of ['{rubbish', '[1', { auths: { a: { auth: 'bm9jb2xvbg==' } } }]) {
    const { lookup } = await home(t, { '.docker/config.json': document })
    await t.rejects(lookup('a', 'x'), { code: 'ERR_INPUT', message: /config\.json/ })
  }
})

const helpers: Readonly<Record<string, readonly [string, object | RegExp | null]>> = {
  good: ['read host; echo "{\\"Username\\":\\"me\\",\\"Secret\\":\\"for $host\\"}"', { user: 'me', password: 'for a' }],
  token: ['echo \'{"Username":"<token>","Secret":"id"}\'', { kind: 'identity-token', token: 'id' }],
  empty: ['echo "credentials not found in native keychain"; exit 1', null],
  failing: ['echo secret-thing; exit 3', /exit code 3/],
  rubbish: ['echo secret-thing', /no credential/],
  hanging: ['exec sleep 60', /no answer in 3000 ms/]
}

for (const [name, [script, expected]] of Object.entries(helpers)) {
  test(`a credential helper that is ${name}`, async (t) => {
    const { directory, environment } = await home(t, { '.docker/config.json': { credHelpers: { a: name } } })
    const path = join(directory, `docker-credential-${name}`)
    await writeFile(path, `#!/bin/sh\n${script}\n`)
    await chmod(path, 0o755)
    const before = process.env.PATH
    process.env.PATH = `${directory}:${before}`
    t.teardown(() => {
      process.env.PATH = before
    })
    const lookup = createCredentialLookup({ environment, helperDeadline: 3000 })
    if (!(expected instanceof RegExp)) return t.match(await lookup('a', 'x'), expected)
    const error = await Promise.resolve(lookup('a', 'x')).catch((thrown: unknown) => thrown)
    t.match(error, { code: 'ERR_INPUT', message: expected })
    t.notMatch(String(error), /secret-thing/)
  })
}

test('fields of another type were taken as they came: they are errors that name the place, not the secret', async (t) => {
  for (const [document, place] of [
    [{ auths: 'secret' }, 'auths'],
    [{ auths: { a: 'secret' } }, 'auths, a'],
    [{ auths: { a: { auth: { secret: 1 } } } }, 'auths, a, auth'],
    [{ auths: { a: { identitytoken: 7 } } }, 'auths, a, identitytoken'],
    [{ credHelpers: ['secret'] }, 'credHelpers'],
    [{ credHelpers: { a: 7 } }, 'credHelpers, a'],
    [{ credsStore: {} }, 'credsStore'],
    [['secret'], '']
  ] as const) {
    const { lookup } = await home(t, { '.docker/config.json': document })
    const message = new RegExp(
      `config\\.json${place && `, ${place}`}: expected a (?:text|JSON object), found (?!.*secret)`
    )
    await t.rejects(lookup('a', 'x'), { code: 'ERR_INPUT', message }, JSON.stringify(document))
  }
  const { lookup } = await home(t, { '.docker/config.json': { auths: { a: null }, credHelpers: null } })
  t.equal(await lookup('a', 'x'), null)
})

test('a helper that is not there, or no program name, is an error', async (t) => {
  for (const name of ['nobody-has-this', '../../bin/sh']) {
    const { lookup } = await home(t, { '.docker/config.json': { credsStore: name } })
    await t.rejects(Promise.resolve(lookup('a', 'x')), { code: 'ERR_INPUT', message: /docker-credential/ })
  }
})
