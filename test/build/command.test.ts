import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe } from '../helpers/command-here.js'
import { inspectSource } from '../helpers/inspect.js'

const files = {
  Dockerfile: 'FROM scratch\nARG v=1\nCOPY app /srv\nENV V=$v\nCMD ["/srv/run"]\n',
  app: { run: 'x', 'index.html': 'y' }
}

const listTar = (archive: Buffer): string[] =>
  spawnSync('tar', ['t'], { input: archive }).stdout.toString().trim().split('\n')

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

test('what is wrong with standard input is said of standard input', async (t) => {
  const cwd = t.testdir({ ...files, other: { f: '1' } })
  const fail = async (stdin: Buffer, ...words: string[]) => {
    const ran = await layerpipe(['build', '-o', 'type=oci,dest=-', ...words, '-'], { cwd, stdin })
    t.equal(ran.code, 1)
    return ran.stderr
  }
  const tar = spawnSync('tar', ['c', 'Dockerfile', 'app'], { cwd }).stdout
  t.match(await fail(tar, '-f', 'sub/E'), /read Dockerfile: standard input: expected sub\/E, found no such file/)
  t.match(await fail(tar.subarray(0, 700)), /standard input/)
  t.notMatch(await fail(tar.subarray(0, 700)), /\/tmp/)
  const xz = Buffer.from('\xfd7zXZ\0\0\x04\u001b[31m', 'latin1')
  t.match(await fail(xz), /found something compressed with xz\. Decompress it before: xz -dc FILE \| layerpipe build -/)
  t.match(await fail(Buffer.from('BZh91AY&SY\0')), /compressed with bzip2/)
  t.match(await fail(Buffer.from('FROM\0\u001b[31m')), /found bytes that are neither/)
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
  const text = JSON.stringify(await inspectSource(`oci-archive:${join(cwd, 'a.tar')}`))
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
