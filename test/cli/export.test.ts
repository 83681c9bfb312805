import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe as layerpipeProcess, MAIN } from '../helpers/command.js'
import { layerpipe } from '../helpers/command-here.js'

const files = { app: { 'index.js': 'console.log(1)\n', lib: { 'a.js': 'a' } } }

const listTar = (archive: Buffer): string[] =>
  spawnSync('tar', ['t'], { input: archive }).stdout.toString().trim().split('\n')

test('one command makes several outputs and reports each', async (t) => {
  const cwd = t.testdir(files)
  const outputs = ['-o', 'type=oci,dest=out/deep/a.tar', '-o', 'type=docker,dest=b.tar,compression=zstd', '-o', 'tree']
  const ran = await layerpipeProcess(['export', 'dir:app:/srv', '-t', 'foo', ...outputs, '--progress=plain'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  t.equal(ran.stdout.length, 0)
  for (const line of [
    /^oci to out\/deep\/a\.tar\n {2}sha256:/m,
    /^docker to b\.tar\n {2}sha256:/m,
    /^local to tree\n/m
  ])
    t.match(ran.stderr, line)
  t.equal(await readFile(join(cwd, 'tree/srv/lib/a.js'), 'utf8'), 'a')
  t.match(listTar(await readFile(join(cwd, 'out/deep/a.tar'))), ['blobs/', 'blobs/sha256/'])
  t.ok(listTar(await readFile(join(cwd, 'b.tar'))).includes('manifest.json'))
})

test('standard output carries the archive and nothing else', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipeProcess(['export', 'app', '-q', '-o', 'type=oci'], { cwd })
  t.equal(ran.code, 0)
  t.equal(ran.stderr, '')
  t.ok(listTar(ran.stdout).includes('index.json'))
})

test('quiet prints the image ID', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipeProcess(['export', 'app', '-q', '-o', 'type=oci,dest=a.tar', '--iidfile', 'id'], { cwd })
  t.match(ran.stdout.toString(), /^sha256:[0-9a-f]{64}\n$/)
  t.equal(`${await readFile(join(cwd, 'id'), 'utf8')}\n`, ran.stdout.toString())
})

test('the image ID of an earlier run was left by one that failed, and by one that made no image', async (t) => {
  const cwd = t.testdir({ ...files, id: 'sha256:old' })
  const id = ['-q', '--iidfile', 'id']
  t.equal((await layerpipe(['export', 'app', '--explain', '-o', 'type=oci,dest=a.tar', ...id], { cwd })).code, 0)
  t.equal(await readFile(join(cwd, 'id'), 'utf8'), 'sha256:old')
  t.equal((await layerpipe(['export', 'dir:none', '-o', 'type=oci,dest=a.tar', ...id], { cwd })).code, 1)
  t.notOk(existsSync(join(cwd, 'id')))
  await writeFile(join(cwd, 'id'), 'sha256:old')
  t.equal((await layerpipe(['export', 'app', '-o', 'tree', ...id], { cwd })).code, 0)
  t.notOk(existsSync(join(cwd, 'id')))
  const devices = ['--iidfile', '/dev/null', '--trace', '/dev/null']
  const ran = await layerpipe(['export', 'app', '-o', 'tree', ...devices], { cwd })
  t.equal(ran.code, 0, ran.stderr)
})

test('an image ID for /proc/self/fd emptied the log that a shell had opened there, and a second report was refused', async (t) => {
  const cwd = t.testdir({ ...files, log: 'before\n' })
  const words = ['export', 'app', '-o', 'type=oci,dest=a.tar', '--store', 'store']
  const reports = ['--iidfile', '/proc/self/fd/1', '--metadata-file', '/dev/stdout']
  const run = [process.execPath, MAIN, ...words, ...reports]
  const { stderr, status } = spawnSync('sh', ['-c', '"$@" >>log', 'sh', ...run], { cwd })
  t.equal(status, 0, stderr.toString())
  t.match(await readFile(join(cwd, 'log'), 'utf8'), /^before\n\{[\s\S]*\}\nsha256:[0-9a-f]{64}$/)
})

test('a link to the file of an image ID became a file itself, and what it led to was gone', async (t) => {
  const cwd = t.testdir({ ...files, kept: 'sha256:old' })
  await symlink('kept', join(cwd, 'id'))
  const run = (...words: string[]) => layerpipe(['export', ...words, '-q', '--iidfile', 'id'], { cwd })
  t.equal((await run('dir:none', '-o', 'type=oci,dest=a.tar')).code, 1)
  t.equal(await readFile(join(cwd, 'kept'), 'utf8'), '')
  t.equal((await run('app', '-o', 'type=oci,dest=a.tar')).code, 0)
  t.match(await readFile(join(cwd, 'kept'), 'utf8'), /^sha256:[0-9a-f]{64}$/)
  t.equal(await readlink(join(cwd, 'id')), 'kept')
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
  const ran = await layerpipeProcess(['export', 'app'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  t.match(ran.stderr, /^WARNING: No output specified\. Build result will only remain in the build cache\./)
  t.same(
    (await readdir(cwd)).filter((name) => name !== '.cache'),
    ['app']
  )
})

test('a failure exits 1, says what failed, and leaves what stood there', async (t) => {
  const cwd = t.testdir({ ...files, 'a.tar': 'before', bad: 'not a tar' })
  const ran = await layerpipeProcess(['export', 'tar:bad', '-q', '-o', 'type=oci,dest=a.tar', '-o', 'tree'], { cwd })
  t.equal(ran.code, 1)
  t.match(ran.stderr, /^layerpipe: [^\n]+: [^\n]+\n$/)
  t.notMatch(ran.stderr, /\n +at /)
  t.same((await readdir(cwd)).toSorted(), ['a.tar', 'app', 'bad'])
  t.equal(await readFile(join(cwd, 'a.tar'), 'utf8'), 'before')
})

test('the stack is shown to those who debug', async (t) => {
  const cwd = t.testdir({ bad: 'not a tar' })
  const ran = await layerpipeProcess(['export', 'tar:bad', '-q', '-o', 'x'], { cwd, env: { NODE_DEBUG: 'layerpipe' } })
  t.match(ran.stderr, /\n +at /)
})

test('progress goes where it is asked to', async (t) => {
  const cwd = t.testdir(files)
  const ran = (progress: string) =>
    layerpipeProcess(['export', 'app', '-o', 'type=oci', `--progress=${progress}`], { cwd })
  for (const progress of ['plain', 'auto']) t.match((await ran(progress)).stderr, /^#1 directory/m, progress)
  t.equal((await ran('quiet')).stderr, '')
  for (const line of (await ran('rawjson')).stderr.trim().split('\n')) JSON.parse(line)
  t.match((await ran('tty')).stderr, /\[\+\] Exporting .*FINISHED\n/)
})

test('an archive has the mode that the process gives its files', async (t) => {
  const cwd = t.testdir(files)
  await layerpipeProcess(['export', 'app', '-q', '-o', 'type=oci,dest=a.tar'], { cwd })
  t.equal((await stat(join(cwd, 'a.tar'))).mode & 0o777, 0o666 & ~process.umask())
})

test('what is not in the result goes away outside the working directory only where that is said', async (t) => {
  const at = t.testdir({ work: files, other: { old: 'x' } })
  const exportTo = (more: string) =>
    layerpipe(['export', 'app', '-q', '-o', `type=local,dest=../other,mode=delete${more}`], { cwd: join(at, 'work') })
  const refused = await exportTo('')
  t.equal(refused.code, 2)
  t.match(refused.stderr, /delete-anywhere=true/)
  t.same(await readdir(join(at, 'other')), ['old'])
  t.equal((await exportTo(',delete-anywhere=true')).code, 0)
  t.same((await readdir(join(at, 'other'))).toSorted(), ['index.js', 'lib'])
})

test('exports keep what they compressed in the store, and --no-cache neither uses it nor adds to it', async (t) => {
  const cwd = t.testdir(files)
  const exportTo = async (dest: string, ...flags: string[]): Promise<Buffer> => {
    const ran = await layerpipe(['export', 'app', '-q', '-o', `type=oci,dest=${dest}`, ...flags], { cwd })
    t.equal(ran.code, 0, ran.stderr)
    return readFile(join(cwd, dest))
  }
  const blobs = (store: string) => readdir(join(cwd, store, 'blobs/sha256')).catch(() => [])
  const first = await exportTo('a.tar', '--store', 'kept')
  t.equal((await blobs('kept')).length, 1)
  t.ok((await exportTo('b.tar', '--store', 'kept')).equals(first))
  t.ok((await exportTo('c.tar', '--store', 'unused', '--no-cache')).equals(first))
  t.equal((await blobs('unused')).length, 0)
})
