import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe } from '../helpers/command.js'
import { startTestRegistry } from '../helpers/registry.js'

const files = {
  Dockerfile: 'FROM scratch\nARG v=1\nCOPY app /srv\nENV V=$v\nCMD ["/srv/run"]\n',
  app: { run: 'x', 'index.html': 'y' }
}

const listTar = (archive: Buffer): string[] =>
  spawnSync('tar', ['t'], { input: archive }).stdout.toString().trim().split('\n')

test('build --output type=oci,dest=./image.tar . unpacks to a layout', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipe(['build', '--output', 'type=oci,dest=./image.tar', '.'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  spawnSync('sh', ['-c', 'mkdir -p out && tar -C out -xf ./image.tar'], { cwd })
  t.match(await readdir(join(cwd, 'out')), ['blobs', 'index.json', 'oci-layout'])
  t.match(await readdir(join(cwd, 'out/blobs/sha256')), [/^[0-9a-f]{64}$/, /^[0-9a-f]{64}$/, /^[0-9a-f]{64}$/])
})

test('build with local, tar and directory outputs gives the files', async (t) => {
  const cwd = t.testdir(files)
  const outputs = ['--output', 'type=local,dest=out', '--output', 'type=tar,dest=out.tar', '-o', 'tree']
  const ran = await layerpipe(['build', ...outputs, '.'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  t.equal(await readFile(join(cwd, 'out/srv/run'), 'utf8'), 'x')
  t.ok(existsSync(join(cwd, 'tree/srv/index.html')))
  t.same(listTar(await readFile(join(cwd, 'out.tar'))), ['srv/', 'srv/index.html', 'srv/run'])
})

test('build --output type=cacheonly says nothing, and no output at all warns', async (t) => {
  const cwd = t.testdir(files)
  const silent = await layerpipe(['build', '--output', 'type=cacheonly'], { cwd })
  t.equal(silent.code, 0, silent.stderr)
  t.notMatch(silent.stderr, /WARNING/)
  const warned = await layerpipe(['build', '.'], { cwd })
  t.equal(warned.code, 0, warned.stderr)
  t.match(warned.stderr, /^WARNING: No output specified\./)
})

test('build pushes with --push, push=true and type=registry, alone and beside other outputs', async (t) => {
  const cwd = t.testdir(files)
  const { host } = await startTestRegistry(t)
  const name = (tag: string) => `${host}/team/app:${tag}`
  const commands = [
    ['--tag', name('1'), '--push', '.'],
    [
      '--output',
      `type=image,name=${name('2')},push=true,compression=zstd`,
      '--output',
      `type=registry,name=${name('3')}`,
      '.'
    ],
    [
      ...[
        '--output',
        `type=image,name=${name('4')},push=true,oci-mediatypes=true,force-compression=true,compression-level=9`
      ],
      ...['--tag', name('5'), '--output', 'type=registry', '--output', 'type=local,dest=beside', '.']
    ]
  ]
  for (const command of commands) {
    const ran = await layerpipe(['build', '--store', 'store', ...command], { cwd })
    t.equal(ran.code, 0, `${command.join(' ')}: ${ran.stderr}`)
  }
  const { tags } = (await (await fetch(`http://${host}/v2/team/app/tags/list`)).json()) as { tags: string[] }
  t.same(tags.toSorted(), ['1', '2', '3', '4', '5'])
})

test('the context may be a tar or a Dockerfile on standard input, or a tar file', async (t) => {
  const cwd = t.testdir({ ...files, empty: {} })
  const tar = spawnSync('tar', ['cz', 'Dockerfile', 'app'], { cwd }).stdout
  const build = async (words: readonly string[], stdin: Buffer) => {
    const ran = await layerpipe(['build', '-o', 'type=tar,dest=-', ...words], { cwd, stdin })
    t.equal(ran.code, 0, ran.stderr)
    return listTar(ran.stdout)
  }
  t.same(await build(['-'], tar), ['srv/', 'srv/index.html', 'srv/run'])
  t.same(await build(['-'], Buffer.from('FROM scratch\nCOPY <<E /e\nE\n')), ['e'])
  t.same(await build(['-f', '-', '.'], Buffer.from('FROM scratch\nCOPY app/run /r\n')), ['r'])
  spawnSync('tar', ['cf', 'context.tar', 'Dockerfile', 'app'], { cwd })
  t.same(await build(['context.tar'], Buffer.alloc(0)), ['srv/', 'srv/index.html', 'srv/run'])
})

test('targets, arguments, contexts, labels and platforms reach the images', async (t) => {
  const cwd = t.testdir({
    more: { z: '1' },
    'My.Dockerfile':
      'FROM scratch AS a\nARG v\nARG TARGETARCH\nCOPY --from=more z /z\nENV V=$v A=$TARGETARCH\nFROM scratch\nRUN x\n'
  })
  const flags = [
    '-f',
    'My.Dockerfile',
    '--target',
    'a',
    '--build-arg',
    'v=7',
    '--build-context',
    'more=more',
    '--label',
    'l=m'
  ]
  const platforms = ['--platform', 'linux/amd64,linux/arm64']
  const ran = await layerpipe(['build', ...flags, ...platforms, '-o', 'type=oci,dest=a.tar', '--iidfile', 'id', '.'], {
    cwd
  })
  t.equal(ran.code, 0, ran.stderr)
  const shown = await layerpipe(['inspect', 'oci-archive:a.tar', '--json'], { cwd })
  const text = shown.stdout.toString()
  for (const part of ['"V=7"', '"A=amd64"', '"A=arm64"', '"l"']) t.ok(text.includes(part), part)
})

test('equal contexts give equal images, wherever they are and whenever they are built', async (t) => {
  const digests: string[] = []
  for (const name of ['one', 'two']) {
    const cwd = t.testdir({ [name]: files })
    spawnSync('find', ['.', '-exec', 'touch', '-d', '@1000', '{}', '+'], { cwd })
    const ran = await layerpipe(['build', '-q', '-o', 'type=oci,dest=a.tar', name], { cwd })
    digests.push(ran.stdout.toString())
  }
  t.match(digests[0], /^sha256:/)
  t.equal(digests[0], digests[1])
})

test('what is wrong is said with the line, before anything is written', async (t) => {
  const cwd = t.testdir({ Dockerfile: 'FROM scratch\nCOPPY a /\n' })
  const ran = await layerpipe(['build', '-o', 'type=oci,dest=a.tar', '.'], { cwd })
  t.equal(ran.code, 1)
  t.match(ran.stderr, /Dockerfile:2: .*found COPPY\. Did you mean COPY\?\n {2}2 \| COPPY a \/\n {4}\| \^{5}/s)
  t.notOk(existsSync(join(cwd, 'a.tar')))
  t.equal((await layerpipe(['build', '--build-contxt', 'x', '.'], { cwd })).code, 2)
  t.equal((await layerpipe(['build', 'nowhere'], { cwd })).code, 1)
})
