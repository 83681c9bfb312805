import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { layerpipe } from '../helpers/command-here.js'

interface Built {
  readonly created: string
  readonly label: string
  /** As GNU tar lists it. */
  readonly layer: string
}

/** What comes out of a build that has the epoch as its label. */
async function build(t: Test, flags: readonly string[], env: Record<string, string>, keys = ''): Promise<Built> {
  const dockerfile = 'FROM scratch\nARG SOURCE_DATE_EPOCH\nLABEL epoch=$SOURCE_DATE_EPOCH\nCOPY file /\n'
  const cwd = t.testdir({ Dockerfile: dockerfile, file: 'text' })
  const output = `type=docker,tar=false,dest=out${keys}`
  const ran = await layerpipe(['build', ...flags, '-o', output, '.'], { cwd, env })
  t.equal(ran.code, 0, ran.stderr)
  const inside = (path: string): string => join(cwd, 'out', path)
  const [{ Config, Layers }] = JSON.parse(readFileSync(inside('manifest.json'), 'utf8'))
  const { created, config } = JSON.parse(readFileSync(inside(Config), 'utf8'))
  const layer = execFileSync('tar', ['--utc', '--full-time', '-tvzf', inside(Layers[0])], { encoding: 'utf8' })
  return { created, label: config.Labels.epoch, layer }
}

test('the epoch of a build argument was not that of rewrite-timestamp, and lost to the environment', async (t) => {
  const flags = ['--build-arg', 'SOURCE_DATE_EPOCH=1000000000']
  const { created, label, layer } = await build(t, flags, { SOURCE_DATE_EPOCH: '5' }, ',rewrite-timestamp=true')
  t.equal(created, '2001-09-09T01:46:40Z')
  t.equal(label, '1000000000')
  t.match(layer, '2001-09-09 01:46:40 file')
})

test('the epoch of the environment was not the build argument that a Dockerfile asked for', async (t) => {
  const { created, label } = await build(t, [], { SOURCE_DATE_EPOCH: '1000000000' })
  t.equal(created, '2001-09-09T01:46:40Z')
  t.equal(label, '1000000000')
})

test('an empty build argument takes back the epoch of the environment', async (t) => {
  const { created, label } = await build(t, ['--build-arg', 'SOURCE_DATE_EPOCH='], { SOURCE_DATE_EPOCH: '1000000000' })
  t.not(created, '2001-09-09T01:46:40Z')
  t.equal(label, '')
})

test('lines for docker buildx that ask for what is so anyway, or for what only RUN heeds, were refused', async (t) => {
  const cwd = t.testdir({ Dockerfile: 'FROM scratch\nCOPY file /\n', file: 'text' })
  const accepted = [
    '--provenance=false',
    '--sbom=false',
    '--pull',
    '--network=host',
    '--secret',
    'id=a',
    '--ssh',
    'default'
  ]
  const ofRun = ['--add-host', 'a:127.0.0.1', '--ulimit', 'nofile=1', '--shm-size', '1g', '--allow', 'network.host']
  const ran = await layerpipe(['build', ...accepted, ...ofRun, '-o', 'type=cacheonly', '.'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  const refused = await layerpipe(['build', '--provenance=mode=max', '-o', 'type=cacheonly', '.'], { cwd })
  t.equal(refused.code, 2)
  t.match(refused.stderr, /provenance: expected false, found "mode=max"/)
})
