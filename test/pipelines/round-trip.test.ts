import { execFileSync } from 'node:child_process'
import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { layerpipe as layerpipeProcess } from '../helpers/command.js'
import { layerpipe } from '../helpers/command-here.js'
import { needs, runPeer } from '../helpers/peers.js'

const isRoot = process.getuid?.() === 0

/** A tree with all that a layer can hold and this user can make. */
function makeTree(t: Test): { readonly cwd: string; readonly tree: string } {
  const cwd = t.testdir({ tree: { bin: { sh: '#!/bin/sh\n' }, etc: { passwd: 'root:x:0:0\n' }, empty: {} } })
  const tree = join(cwd, 'tree')
  chmodSync(join(tree, 'bin/sh'), 0o4755)
  mkdirSync(join(tree, 'tmp'))
  chmodSync(join(tree, 'tmp'), 0o1777)
  symlinkSync('../bin/sh', join(tree, 'etc/shell'))
  linkSync(join(tree, 'bin/sh'), join(tree, 'bin/ash'))
  writeFileSync(join(tree, 'größe'), 'g'.repeat(100_000))
  mkdirSync(join(tree, 'd'.repeat(60), 'e'.repeat(60)), { recursive: true })
  writeFileSync(join(tree, 'd'.repeat(60), 'e'.repeat(60), 'long'), 'l')
  execFileSync('mkfifo', [join(tree, 'pipe')])
  if (isRoot) {
    execFileSync('chown', ['12:3000000', join(tree, 'etc/passwd')])
    execFileSync('mknod', [join(tree, 'null'), 'c', '1', '3'])
  }
  execFileSync('find', [tree, '-exec', 'touch', '-h', '-d', '2023-11-14T22:13:20Z', '{}', '+'])
  return { cwd, tree }
}

/** What is below a directory, with all that a tar can say of it, as GNU tar lists it; no layer has the root itself. */
function belowRoot(directory: string): string {
  const tar = ['-C', directory, '--sort=name', '--numeric-owner', '--xattrs', '--xattrs-include=*', '-cf', '-', '.']
  const list = 'tar "$@" | tar --numeric-owner --full-time -tvf - | tail -n +2 | tr -s " "'
  return execFileSync('bash', ['-c', list, 'list', ...tar], { encoding: 'utf8' })
}

const outputs = [
  ['oci', 'oci-archive:out'],
  ['docker', 'docker-archive:out'],
  ['oci,compression=zstd', 'oci-archive:out'],
  ['oci,compression=uncompressed', 'oci-archive:out'],
  ['oci,tar=false', 'oci:out'],
  ['docker,tar=false', 'oci:out']
] as const

for (const [output, transport] of outputs) {
  test(
    `type=${output} goes through skopeo and umoci and comes out as the tree`,
    needs('skopeo', 'umoci'),
    async (t) => {
      const { cwd, tree } = makeTree(t)
      const ran = await layerpipe(['export', 'dir:tree', '-t', 'app:1', '-o', `type=${output},dest=out`], { cwd })
      t.equal(ran.code, 0, ran.stderr)
      const inside = (path: string): string => join(cwd, path)
      const source = transport.replace('out', inside('out'))
      await runPeer('skopeo', 'inspect', source)
      // umoci knows no zstd, so skopeo gives it gzip.
      const recompress = output.includes('zstd') ? ['--dest-compress', '--dest-compress-format', 'gzip'] : []
      await runPeer('skopeo', 'copy', ...recompress, source, `oci:${inside('copied')}:t`)
      const rootless = isRoot ? [] : ['--rootless']
      await runPeer('umoci', 'unpack', ...rootless, '--image', `${inside('copied')}:t`, inside('bundle'))
      if (isRoot) t.equal(belowRoot(inside('bundle/rootfs')), belowRoot(tree))
      else t.equal(execFileSync('diff', ['-r', inside('bundle/rootfs'), tree], { encoding: 'utf8' }), '')
    }
  )
}

test('type=local and type=tar give back the tree', { skip: isRoot ? false : 'owners need root' }, async (t) => {
  const { cwd, tree } = makeTree(t)
  const ran = await layerpipe(['export', 'dir:tree', '-o', 'out', '-o', 'type=tar,dest=out.tar'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  mkdirSync(join(cwd, 'untarred'))
  execFileSync('tar', ['-C', join(cwd, 'untarred'), '-xpf', join(cwd, 'out.tar')])
  t.equal(belowRoot(join(cwd, 'out')), belowRoot(tree))
  t.equal(belowRoot(join(cwd, 'untarred')), belowRoot(tree))
})

test('the tar, the directory and the pipe hold the same bytes', async (t) => {
  const { cwd } = makeTree(t)
  const tar = await layerpipeProcess(['export', 'dir:tree', '-t', 'a', '-o', 'type=docker,dest=out.tar'], { cwd })
  const piped = await layerpipeProcess(['export', 'dir:tree', '-t', 'a', '-o', 'type=docker,dest=-'], { cwd })
  const directory = await layerpipeProcess(['export', 'dir:tree', '-t', 'a', '-o', 'type=docker,tar=false,dest=out'], {
    cwd
  })
  t.same([tar.code, piped.code, directory.code], [0, 0, 0])
  writeFileSync(join(cwd, 'piped.tar'), piped.stdout)
  execFileSync('cmp', [join(cwd, 'out.tar'), join(cwd, 'piped.tar')])
  mkdirSync(join(cwd, 'untarred'))
  execFileSync('tar', ['-C', join(cwd, 'untarred'), '-xf', join(cwd, 'out.tar')])
  t.equal(execFileSync('diff', ['-r', join(cwd, 'untarred'), join(cwd, 'out')], { encoding: 'utf8' }), '')
})

test('the diffID of a tree is the golden one, on every Node', {
  skip: isRoot ? false : 'owners need root'
}, async (t) => {
  const { cwd } = makeTree(t)
  const ran = await layerpipe(['export', 'dir:tree', '-q', '-o', 'type=oci,tar=false,dest=out'], { cwd })
  const config = JSON.parse(
    execFileSync('cat', [join(cwd, 'out/blobs/sha256', ran.stdout.toString().trim().replace('sha256:', ''))]).toString()
  )
  t.same(config.rootfs.diff_ids, ['sha256:d9253fb1fc41bbdd1b07979d87507428c31879c2c95d1000e34095adb16af6bd'])
})

test('127 layers are stacked and read back in bounded memory', async (t) => {
  const cwd = t.testdir({ tree: { a: 'a'.repeat(10_000) } })
  const sources = Array.from({ length: 127 }, (_, index) => `dir:tree:/d${index}`)
  const made = await layerpipeProcess(['export', ...sources, '-q', '-o', 'type=oci,dest=out.tar'], { cwd })
  t.equal(made.code, 0, made.stderr)
  const read = await layerpipeProcess(['export', 'oci-archive:out.tar', '-q', '-o', 'flat'], {
    cwd,
    env: { NODE_OPTIONS: '--max-old-space-size=64' }
  })
  t.equal(read.code, 0, read.stderr)
  t.equal(
    execFileSync('ls', [join(cwd, 'flat')], { encoding: 'utf8' })
      .trim()
      .split('\n').length,
    127
  )
})

test('a layer that umoci ends behind its last body is recompressed and flattened', needs('umoci'), async (t) => {
  const cwd = t.testdir({ file: 'hello' })
  await runPeer('umoci', 'init', '--layout', join(cwd, 'layout'))
  await runPeer('umoci', 'new', '--image', join(cwd, 'layout:1'))
  await runPeer('umoci', 'insert', '--image', join(cwd, 'layout:1'), join(cwd, 'file'), '/file')
  for (const output of ['gzip', 'zstd', 'estargz', 'zstd:chunked']) {
    const type = `type=oci,tar=false,compression=${output},force-compression=true,dest=made`
    const made = await layerpipe(['export', 'oci:layout:1', '-o', type], { cwd })
    t.equal(made.code, 0, made.stderr)
    const root = await layerpipe(['export', 'oci:made', '-o', 'root'], { cwd })
    t.equal(root.code, 0, root.stderr)
    t.equal(readFileSync(join(cwd, 'root/file'), 'utf8'), 'hello')
  }
})
