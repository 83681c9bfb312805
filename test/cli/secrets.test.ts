import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { test } from 'tap'
import { layerpipe } from '../helpers/command.js'
import { startTestRegistry } from '../helpers/registry.js'

const PASSWORD = 'S3cretWord!'

test('a password is in no output, report or trace, whether the registry takes it or not', async (t) => {
  const cwd = t.testdir({ app: { file: 'contents' }, htpasswd: `user:${hashSync(PASSWORD, 4)}\n` })
  const { url } = await startTestRegistry(t, { htpasswd: join(cwd, 'htpasswd') })
  const { host } = new URL(url)
  for (const [progress, password, code] of [
    ['plain', PASSWORD, 0],
    ['rawjson', `not ${PASSWORD}`, 1]
  ] as const) {
    const secret = Buffer.from(`user:${password}`).toString('base64')
    const home = join(cwd, `home-${progress}`)
    mkdirSync(home)
    writeFileSync(join(home, 'config.json'), JSON.stringify({ auths: { [host]: { auth: secret } } }))
    const out = join(cwd, `out-${progress}`)
    mkdirSync(out)
    const files = ['--trace', `${out}/trace`, '--report', `${out}/report.html`, '--metadata-file', `${out}/metadata`]
    const output = `type=registry,name=${host}/x/y:1`
    const ran = await layerpipe(['export', 'app', '--progress', progress, ...files, '-o', output], {
      cwd,
      env: { DOCKER_CONFIG: home, NODE_DEBUG: 'layerpipe,http,undici' }
    })
    t.equal(ran.code, code, ran.stderr)
    const written = readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'))
    t.ok(written.length > 0)
    for (const text of [ran.stderr, ran.stdout.toString(), ...written]) {
      t.notOk(text.includes(PASSWORD))
      t.notOk(text.includes(secret))
    }
  }
})
