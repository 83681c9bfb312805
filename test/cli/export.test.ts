import { spawnSync } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe } from '../helpers/command.js'

const files = { app: { 'index.js': 'console.log(1)\n', lib: { 'a.js': 'a' } } }

const listTar = (archive: Buffer): string[] =>
  spawnSync('tar', ['t'], { input: archive }).stdout.toString().trim().split('\n')

test('one command makes several outputs and reports each', async (t) => {
  const cwd = t.testdir(files)
  const outputs = ['-o', 'type=oci,dest=out/deep/a.tar', '-o', 'type=docker,dest=b.tar,compression=zstd', '-o', 'tree']
  const ran = await layerpipe(['export', 'dir:app:/srv', '-t', 'foo', ...outputs, '--progress=plain'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  t.equal(ran.stdout.length, 0)
  for (const line of [/^oci to out\/deep\/a\.tar, sha256:/m, /^docker to b\.tar, sha256:/m, /^local to /m])
    t.match(ran.stderr, line)
  t.equal(await readFile(join(cwd, 'tree/srv/lib/a.js'), 'utf8'), 'a')
  t.match(listTar(await readFile(join(cwd, 'out/deep/a.tar'))), ['blobs/', 'blobs/sha256/'])
  t.ok(listTar(await readFile(join(cwd, 'b.tar'))).includes('manifest.json'))
})

test('standard output carries the archive and nothing else', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipe(['export', 'app', '-q', '-o', 'type=oci'], { cwd })
  t.equal(ran.code, 0)
  t.equal(ran.stderr, '')
  t.ok(listTar(ran.stdout).includes('index.json'))
})

test('quiet prints the image ID', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=a.tar', '--iidfile', 'id'], { cwd })
  t.match(ran.stdout.toString(), /^sha256:[0-9a-f]{64}\n$/)
  t.equal(`${await readFile(join(cwd, 'id'), 'utf8')}\n`, ran.stdout.toString())
})

test('the metadata has the keys of buildx, and each output', async (t) => {
  const cwd = t.testdir(files)
  const outputs = ['-o', 'type=oci,dest=a.tar,name=foo:1', '-o', 'tree']
  const ran = await layerpipe(['export', 'app', ...outputs, '--metadata-file', 'm.json', '--iidfile', 'id'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  const metadata = JSON.parse(await readFile(join(cwd, 'm.json'), 'utf8'))
  t.match(metadata, {
    'containerimage.digest': /^sha256:/,
    'containerimage.config.digest': await readFile(join(cwd, 'id'), 'utf8'),
    'containerimage.descriptor': { digest: metadata['containerimage.digest'], size: Number },
    'image.name': 'docker.io/library/foo:1',
    outputs: [
      { type: 'oci', dest: 'a.tar', 'containerimage.digest': metadata['containerimage.digest'] },
      { type: 'local' }
    ]
  })
})

test('changes, labels, annotations, platforms and the epoch reach the image', async (t) => {
  const cwd = t.testdir(files)
  const flags = ['--change', 'CMD ["node","index.js"]', '--change', 'ENV A=b', '--label', 'x=y', '--label', 'z']
  const more = ['--platform', 'linux/arm64', '--annotation', 'k=v']
  const ran = await layerpipe(['export', 'app', '-o', 'type=oci,dest=a.tar', ...flags, ...more], {
    cwd,
    env: { SOURCE_DATE_EPOCH: '1700000000' }
  })
  t.equal(ran.code, 0, ran.stderr)
  const inspected = await layerpipe(['inspect', 'oci-archive:a.tar', '--json', '--files'], { cwd })
  const [image] = JSON.parse(inspected.stdout.toString())
  t.match(image, {
    platform: 'linux/arm64',
    created: '2023-11-14T22:13:20Z',
    config: { Cmd: ['node', 'index.js'], Env: ['A=b'], Labels: { x: 'y', z: '' } },
    layers: [
      { codec: 'gzip', entries: [{ path: 'index.js', type: 'file' }, { path: 'lib' }, { path: 'lib/a.js', size: 1 }] }
    ]
  })
  const manifest = spawnSync('tar', ['xOf', join(cwd, 'a.tar'), '--wildcards', 'blobs/sha256/*']).stdout.toString()
  t.match(manifest, /"annotations": \{\s+"k": "v"/)
})

test('several platforms make an index', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipe(
    ['export', 'app', '-q', '--platform', 'linux/amd64,linux/arm64', '-o', 'type=oci,dest=a.tar'],
    { cwd }
  )
  t.equal(ran.code, 0, ran.stderr)
  const inspected = await layerpipe(['inspect', 'oci-archive:a.tar'], { cwd })
  t.match(inspected.stdout.toString(), /Platform: +linux\/amd64[\s\S]*Platform: +linux\/arm64/)
})

test('sources stack as layers, and those of an image keep their digests', async (t) => {
  const cwd = t.testdir({ ...files, more: { b: 'b' } })
  await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=base.tar'], { cwd })
  const ran = await layerpipe(['export', 'oci-archive:base.tar', 'dir:more:/m', '-q', '-o', 'type=oci,dest=a.tar'], {
    cwd
  })
  t.equal(ran.code, 0, ran.stderr)
  const inspect = async (name: string) =>
    JSON.parse((await layerpipe(['inspect', `oci-archive:${name}`, '--json', '--files'], { cwd })).stdout.toString())[0]
  const [base, stacked] = [await inspect('base.tar'), await inspect('a.tar')]
  t.same(stacked.layers[0], base.layers[0])
  t.match(stacked.layers[1].entries, [{ path: 'm' }, { path: 'm/b' }])
})

test('with a base and diff only what changed is written', async (t) => {
  const cwd = t.testdir({ ...files, next: { lib: { 'b.js': 'b' } } })
  await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=base.tar'], { cwd })
  const flags = ['--base', 'oci-archive:base.tar', '--diff', '-q', '-o', 'type=oci,dest=a.tar']
  const ran = await layerpipe(['export', 'dir:next', ...flags], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  const inspected = await layerpipe(['inspect', 'oci-archive:a.tar', '--json', '--files'], { cwd })
  const paths = (layer: { entries: { type: string; path: string }[] }) =>
    layer.entries.map(({ type, path }) => `${type} ${path}`).filter((line) => line !== 'directory lib')
  t.same(paths(JSON.parse(inspected.stdout.toString())[0].layers[1]), [
    'whiteout index.js',
    'whiteout lib/a.js',
    'file lib/b.js'
  ])
})

test('a tar from standard input is a source', async (t) => {
  const cwd = t.testdir(files)
  const stdin = spawnSync('tar', ['cz', '-C', join(cwd, 'app'), '.']).stdout
  const ran = await layerpipe(['export', '-', '-q', '-o', 'out'], { cwd, stdin })
  t.equal(ran.code, 0, ran.stderr)
  t.equal(await readFile(join(cwd, 'out/lib/a.js'), 'utf8'), 'a')
})

test('explain prints the plan and does nothing', async (t) => {
  const cwd = t.testdir(files)
  const outputs = ['-o', 'type=oci,dest=a.tar', '-o', 'type=docker,dest=b.tar']
  const text = await layerpipe(['export', '--explain', 'app', ...outputs], { cwd })
  t.equal(text.code, 0, text.stderr)
  t.match(text.stdout.toString(), /^#1 directory .*\n[\s\S]*pack .*\n[\s\S]*shared by 2\n/)
  const mermaid = await layerpipe(['export', '--explain=mermaid', 'app', ...outputs], { cwd })
  t.match(mermaid.stdout.toString(), /^flowchart LR\n/)
  t.same(await readdir(cwd), ['app'])
})

test('no output warns and makes nothing', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipe(['export', 'app'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  t.match(ran.stderr, /^WARNING: No output specified\. Build result will only remain in the build cache\./)
  t.same(
    (await readdir(cwd)).filter((name) => name !== '.cache'),
    ['app']
  )
})

test('a failure exits 1, says what failed, and leaves what stood there', async (t) => {
  const cwd = t.testdir({ ...files, 'a.tar': 'before', bad: 'not a tar' })
  const ran = await layerpipe(['export', 'tar:bad', '-q', '-o', 'type=oci,dest=a.tar', '-o', 'tree'], { cwd })
  t.equal(ran.code, 1)
  t.match(ran.stderr, /^layerpipe: [^\n]+: [^\n]+\n$/)
  t.notMatch(ran.stderr, /\n +at /)
  t.same((await readdir(cwd)).toSorted(), ['a.tar', 'app', 'bad'])
  t.equal(await readFile(join(cwd, 'a.tar'), 'utf8'), 'before')
})

test('the stack is shown to those who debug', async (t) => {
  const cwd = t.testdir({ bad: 'not a tar' })
  const ran = await layerpipe(['export', 'tar:bad', '-q', '-o', 'x'], { cwd, env: { NODE_DEBUG: 'layerpipe' } })
  t.match(ran.stderr, /\n +at /)
})

test('progress goes where it is asked to', async (t) => {
  const cwd = t.testdir(files)
  const ran = (progress: string) => layerpipe(['export', 'app', '-o', 'type=oci', `--progress=${progress}`], { cwd })
  for (const progress of ['plain', 'auto']) t.match((await ran(progress)).stderr, /^#1 directory/m, progress)
  t.equal((await ran('quiet')).stderr, '')
  for (const line of (await ran('rawjson')).stderr.trim().split('\n')) JSON.parse(line)
  t.match((await ran('tty')).stderr, /\[\+\] Exporting .*FINISHED\n/)
})

test('an archive has the mode that the process gives its files', async (t) => {
  const cwd = t.testdir(files)
  await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=a.tar'], { cwd })
  t.equal((await stat(join(cwd, 'a.tar'))).mode & 0o777, 0o666 & ~process.umask())
})
