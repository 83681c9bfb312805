import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { layerpipe } from '../helpers/command-here.js'
import { startDockerd } from '../helpers/dockerd.js'
import { needs } from '../helpers/peers.js'
import { startTestRegistry } from '../helpers/registry.js'

// The command lines that the manual of `docker buildx` has on its page about exporters, word for word but for the names.

const files = { Dockerfile: 'FROM scratch\nCOPY app /srv\n', app: { run: 'x', 'index.html': 'y' } }
const TREE = ['srv/', 'srv/index.html', 'srv/run']

async function build(t: Test, line: string, env: Readonly<Record<string, string>> = {}) {
  const cwd = t.testdir(files)
  const ran = await layerpipe(line.split(' '), { cwd, env })
  t.equal(ran.code, 0, `${line}: ${ran.stderr}`)
  return { ...ran, cwd }
}

function listTar(archive: Buffer): readonly string[] {
  return spawnSync('tar', ['t'], { input: archive }).stdout.toString().trim().split('\n')
}

const pushes = [
  ['build --tag R/I --output type=registry .', 'docker', 'tar.gzip'],
  ['build --tag R/I --push .', 'docker', 'tar.gzip'],
  ['build --output type=image,name=R/I,push=true .', 'docker', 'tar.gzip'],
  ['build --output type=registry,name=R/I .', 'docker', 'tar.gzip'],
  ['build --output type=image,name=R/I,push=true,compression=zstd .', 'oci', 'tar+zstd'],
  ['build --output type=image,name=R/I,push=true,oci-mediatypes=true .', 'oci', 'tar+gzip'],
  ['build --output type=image,name=R/I,push=true,compression-level=9,force-compression=true .', 'docker', 'tar.gzip']
] as const

for (const [line, kind, layer] of pushes) {
  test(`${line} pushes`, async (t) => {
    const { host } = await startTestRegistry(t)
    await build(t, line.replace('R/I', `${host}/team/app`))
    const response = await fetch(`http://${host}/v2/team/app/manifests/latest`)
    const manifest = await response.text()
    t.match(response.headers.get('content-type'), new RegExp(`^application/vnd\\.${kind}\\.`))
    t.match(manifest, `${layer}"`)
  })
}

test('build --output type=oci,dest=./image.tar . unpacks to a layout', async (t) => {
  const { cwd } = await build(t, 'build --output type=oci,dest=./image.tar .')
  spawnSync('sh', ['-c', 'mkdir -p out && tar -C out -xf ./image.tar'], { cwd })
  t.same((await readdir(join(cwd, 'out'))).toSorted(), ['blobs', 'index.json', 'oci-layout'])
  t.match(await readdir(join(cwd, 'out/blobs/sha256')), [/^[0-9a-f]{64}$/, /^[0-9a-f]{64}$/, /^[0-9a-f]{64}$/])
})

test('build --output type=local,dest=OUT . and type=tar,dest=OUT.tar give the files', async (t) => {
  const local = await build(t, 'build --output type=local,dest=path/to/output .')
  t.equal(await readFile(join(local.cwd, 'path/to/output/srv/run'), 'utf8'), 'x')
  const tar = await build(t, 'build --output type=tar,dest=out.tar .')
  t.same(listTar(await readFile(join(tar.cwd, 'out.tar'))), TREE)
})

test('build --tag R/I --output type=TYPE . keeps the image, or writes it to standard output', async (t) => {
  const { cwd } = await build(t, 'build --tag example/app --output type=image .')
  t.match((await layerpipe(['store', 'ls'], { cwd })).stdout.toString(), /docker\.io\/example\/app:latest/)
  t.same(listTar((await build(t, 'build --tag example/app --output type=tar .')).stdout), TREE)
  t.ok(listTar((await build(t, 'build --tag example/app --output type=oci .')).stdout).includes('index.json'))
  const local = await layerpipe('build --tag example/app --output type=local .'.split(' '), { cwd })
  t.equal(local.code, 2)
  t.match(local.stderr, /dest is required/)
})

test('build --output type=cacheonly says nothing, and no output at all warns', async (t) => {
  for (const line of ['build --output type=cacheonly', 'build --tag example/app --output type=cacheonly .'])
    t.notMatch((await build(t, line)).stderr, /WARNING/, line)
  t.match((await build(t, 'build .')).stderr, /^WARNING: No output specified\./)
})

test('builds are loaded into the engine, alone and beside other outputs', needs('dockerd', 'docker'), async (t) => {
  const engine = await startDockerd(t)
  if (typeof engine === 'string') {
    t.comment(`skipped: ${engine}`)
    return
  }
  const { host } = await startTestRegistry(t)
  const lines = [
    'build --output type=docker,name=R/I .',
    'build --tag R/I --output type=docker .',
    'build --tag R/I --load .',
    'build --output type=registry,tag=R/I --output type=local,dest=path/to/output --load .'
  ]
  for (const [index, line] of lines.entries()) {
    const name = `${host}/team/app:${index}`
    const SOURCE_DATE_EPOCH = `${1_700_000_000 + index}` // makes each an image of its own
    await build(t, line.replace('R/I', name), { DOCKER_HOST: engine.host, SOURCE_DATE_EPOCH })
    t.match(
      await engine.docker('images'),
      new RegExp(index < 3 ? `${host}/team/app +${index} ` : '<none> +<none> '),
      line
    )
  }
  t.match(await (await fetch(`http://${host}/v2/team/app/tags/list`)).text(), /"tags":\["3"\]/)
})
