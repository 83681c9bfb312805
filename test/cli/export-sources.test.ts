import { execFileSync, spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { writeXattr } from '../../lib/diff/xattr.js'
import { layerpipe } from '../helpers/command-here.js'
import { inspectSource } from '../helpers/inspect.js'

const files = { app: { 'index.js': 'console.log(1)\n', lib: { 'a.js': 'a' } } }

test('changes, labels, annotations, platforms and the epoch reach the image', async (t) => {
  const cwd = t.testdir(files)
  const flags = ['--change', 'CMD ["node","index.js"]', '--change', 'ENV A=b', '--label', 'x=y', '--label', 'z']
  const more = ['--platform', 'linux/arm64', '--annotation', 'k=v']
  const ran = await layerpipe(['export', 'app', '-o', 'type=oci,dest=a.tar', ...flags, ...more], {
    cwd,
    env: { SOURCE_DATE_EPOCH: '1700000000' }
  })
  t.equal(ran.code, 0, ran.stderr)
  const [image] = await inspectSource(`oci-archive:${join(cwd, 'a.tar')}`)
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
  const [base] = await inspectSource(`oci-archive:${join(cwd, 'base.tar')}`)
  const [stacked] = await inspectSource(`oci-archive:${join(cwd, 'a.tar')}`)
  t.same(stacked.layers[0], base.layers[0])
  t.match(stacked.layers[1].entries, [{ path: 'm' }, { path: 'm/b' }])
})

test('with a base and diff only what changed is written', async (t) => {
  const cwd = t.testdir({ ...files, next: { lib: { 'b.js': 'b' } } })
  await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=base.tar'], { cwd })
  const flags = ['--base', 'oci-archive:base.tar', '--diff', '-q', '-o', 'type=oci,dest=a.tar']
  const ran = await layerpipe(['export', 'dir:next', ...flags], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  const [image] = await inspectSource(`oci-archive:${join(cwd, 'a.tar')}`)
  const paths = (layer: { entries: { type: string; path: string }[] }) =>
    layer.entries.map(({ type, path }) => `${type} ${path}`).filter((line) => line !== 'directory lib')
  t.same(paths(image.layers[1]), ['whiteout index.js', 'whiteout lib/a.js', 'file lib/b.js'])
})

test('what was written as a directory or as layers differs in nothing from what it was made of', async (t) => {
  const cwd = t.testdir(files)
  for (const path of ['app/index.js', 'app/lib/a.js']) execFileSync('touch', ['-d', '@1.123456789', join(cwd, path)])
  execFileSync('touch', ['-d', '@-1.123456789', join(cwd, 'app/lib')])
  const written = await layerpipe(['export', 'app', '-q', '-o', 'copy', '-o', 'type=oci,dest=layers.tar'], { cwd })
  t.equal(written.code, 0, written.stderr)
  for (const sources of [
    ['copy', '--base', 'app'],
    ['copy', '--base', 'oci-archive:layers.tar']
  ]) {
    const ran = await layerpipe(['export', ...sources, '--diff', '-q', '-o', 'type=oci,dest=a.tar'], { cwd })
    t.equal(ran.code, 0, ran.stderr)
    const [image] = await inspectSource(`oci-archive:${join(cwd, 'a.tar')}`)
    t.same(image.layers[1].entries, [])
  }
})

test('a change of attributes alone was not written, though the output keeps all of them', async (t) => {
  const cwd = t.testdir({ before: { a: 'a', b: 'b' } })
  execFileSync('touch', ['-d', '@1', join(cwd, 'before/a'), join(cwd, 'before/b')])
  execFileSync('cp', ['-a', 'before', 'after'], { cwd })
  if (!writeXattr(join(cwd, 'after/a'), 'user.note', Buffer.from('new'))) return t.comment('no attributes here')
  const all = ['-o', 'type=oci,xattrs=all,dest=all.tar', '-o', 'type=tar,dest=tree.tar']
  const ran = await layerpipe(
    ['export', 'after', '--base', 'before', '--diff', '-q', ...all, '-o', 'type=oci,dest=a.tar'],
    {
      cwd
    }
  )
  t.equal(ran.code, 0, ran.stderr)
  const changed = async (name: string) => {
    const [image] = await inspectSource(`oci-archive:${join(cwd, name)}`)
    return image.layers[1].entries.map(({ path }: { path: string }) => path)
  }
  t.same(await changed('all.tar'), ['a'])
  t.same(await changed('a.tar'), [])
  t.match(await readFile(join(cwd, 'tree.tar'), 'latin1'), /SCHILY\.xattr\.user\.note=new/)
})

test('a tar from standard input is a source', async (t) => {
  const cwd = t.testdir(files)
  const stdin = spawnSync('tar', ['cz', '-C', join(cwd, 'app'), '.']).stdout
  const ran = await layerpipe(['export', '-', '-q', '-o', 'out'], { cwd, stdin })
  t.equal(ran.code, 0, ran.stderr)
  t.equal(await readFile(join(cwd, 'out/lib/a.js'), 'utf8'), 'a')
})

test('annotations that nothing in the result can have were refused only after the work', async (t) => {
  const cwd = t.testdir({ ...files, Dockerfile: 'FROM scratch\nCOPY app /\n' })
  for (const annotation of ['index:a=b', 'manifest[linux/s390x]:a=b']) {
    for (const what of [
      ['export', 'app'],
      ['build', '.']
    ]) {
      const ran = await layerpipe([...what, '--annotation', annotation, '-o', 'type=oci,dest=a.tar'], { cwd })
      t.equal(ran.code, 2, annotation)
      t.match(ran.stderr, /^layerpipe: annotate: annotation a: expected/, 'no stage began before')
    }
  }
  const variants = 'type=oci,dest=a.tar,"compression=gzip,zstd"'
  const ran = await layerpipe(['export', 'app', '-q', '--annotation', 'index:a=b', '-o', variants], { cwd })
  t.equal(ran.code, 0, ran.stderr)
})

test('two sources that read standard input left the second one nothing', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipe(['export', 'tar:-', 'oci-archive:-', '-o', 'type=oci,dest=a.tar'], { cwd })
  t.equal(ran.code, 2)
  t.match(ran.stderr, /standard input: expected one source .* found 2 \(tar:-, oci-archive:-\)/)
  t.same(await readdir(cwd), ['app'])
})

test('what a run is about to write is not part of its source', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipe(['export', '.', '-q', '-o', 'type=oci,dest=a.tar', '-o', 'tree'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  t.same(await readdir(join(cwd, 'tree')), ['app'])
})

test('a source file that is called like a deletion deleted from the image what local kept', async (t) => {
  const cwd = t.testdir({ app: { kept: '1', '.wh.kept': '2' } })
  const image = await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=a.tar'], { cwd })
  t.equal(image.code, 1)
  t.match(image.stderr, /pack entry: \.wh\.kept: expected a name that a layer can hold.* Rename it or leave it out/)
  t.same((await readdir(cwd)).includes('a.tar'), false)
  const root = await layerpipe(['export', 'app', '-q', '-o', 'root', '-o', 'type=tar,dest=root.tar'], { cwd })
  t.equal(root.code, 0, root.stderr)
  t.same(await readdir(join(cwd, 'root')), ['.wh.kept', 'kept'])
})
