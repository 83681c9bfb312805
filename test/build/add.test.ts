import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Test, test } from 'tap'
import { run } from '../../lib/graph/index.js'
import { registryResource } from '../../lib/registry/client.js'
import { testClient } from '../helpers/push.js'
import { startTestRegistry } from '../helpers/registry.js'
import { selfSigned } from '../helpers/self-signed.js'
import { type Built, buildDirectory, buildNode } from './evaluate.js'

const BODY = 'what is fetched'
const CHECKSUM = `sha256:${createHash('sha256').update(BODY).digest('hex')}`

/** Serves BODY at every path but /missing; ends with the test. */
async function serve(t: Test): Promise<string> {
  return listening(t, (request, response) => {
    response.statusCode = request.url === '/missing' ? 404 : 200
    response.setHeader('last-modified', 'Sat, 03 Feb 2001 04:05:06 GMT')
    response.end(BODY)
  })
}

async function listening(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A free port among those that browsers never speak to. */
async function listenOnBlockedPort(server: Server): Promise<number> {
  for (const port of [6000, 6566, 6665, 6666, 6667, 6668, 6669, 10080]) {
    const listening = once(server.listen(port, '127.0.0.1'), 'listening')
    if (await listening.catch(() => false)) return port
  }
  throw new Error('all of those ports are in use')
}

async function buildOne(context: string, ...lines: string[]): Promise<Built> {
  writeFileSync(join(context, 'Dockerfile'), ['FROM scratch', ...lines, ''].join('\n'))
  const [built] = await buildDirectory(context)
  if (!built) throw new TypeError('nothing was built')
  return built
}

test('a URL is fetched with the mode and the time that BuildKit gives it', async (t) => {
  const url = await serve(t)
  const context = t.testdir({})
  const built = await buildOne(
    context,
    `ADD --checksum=${CHECKSUM} ${url}/a/f%20g.txt?x=1 /d/`,
    `ADD --chmod=644 ${url}/h /i`
  )
  const rows = built.layers.map(({ entries }) =>
    entries.map(({ path, mode, mtime }) => [path, mode.toString(8), mtime])
  )
  t.same(rows, [
    [
      ['d', '755', 981173106],
      ['d/f g.txt', '600', 981173106]
    ],
    [['i', '644', 981173106]]
  ])
  t.equal(built.layers[0]?.bodies.get('d/f g.txt'), BODY)
})

test('a wrong checksum and a missing URL are errors', async (t) => {
  const url = await serve(t)
  const context = t.testdir({})
  const other = `sha256:${'0'.repeat(64)}`
  const wrong = { message: new RegExp(`Dockerfile:2: expected ${other}, found ${CHECKSUM}.*\\^\\^`, 's') }
  await t.rejects(buildOne(context, `ADD --checksum=${other} ${url}/f /f`), wrong)
  await t.rejects(buildOne(context, `ADD ${url}/missing /f`), { message: /expected success, found status 404/ })
  await t.rejects(buildOne(context, 'ADD https://example.org/x.git /f'), { message: /the Git repository/ })
})

test('a URL with a port that browsers do not speak to was a bad port: it is fetched', async (t) => {
  const server = createServer((_request, response) => void response.end(BODY))
  t.teardown(() => server.close())
  const port = await listenOnBlockedPort(server)
  const built = await buildOne(t.testdir({}), `ADD http://127.0.0.1:${port}/f /f`)
  t.equal(built.layers[0]?.bodies.get('f'), BODY)
})

test('a server that was busy, or broke off, ended the build: it is asked again', async (t) => {
  let count = 0
  const url = await listening(t, (_request, response) => {
    count += 1
    if (count === 1) response.writeHead(503).end()
    else if (count === 2)
      response.writeHead(200, { 'content-length': BODY.length }).write('what', () => response.destroy())
    else response.end(BODY)
  })
  const built = await buildOne(t.testdir({}), `ADD --checksum=${CHECKSUM} ${url}/f /f`)
  t.equal(built.layers[0]?.bodies.get('f'), BODY)
})

test('a server that keeps a file compressed, and says so, gives the file', async (t) => {
  const asked: unknown[] = []
  const url = await listening(t, (request, response) => {
    asked.push(request.headers['accept-encoding'])
    const encoding = request.url === '/br' ? 'br' : 'gzip'
    response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync(BODY))
  })
  const built = await buildOne(t.testdir({}), `ADD --checksum=${CHECKSUM} ${url}/f /f`)
  t.equal(built.layers[0]?.bodies.get('f'), BODY)
  t.same(asked, ['identity'])
  await t.rejects(buildOne(t.testdir({}), `ADD ${url}/br /f`), { message: /expected bytes, or gzip, found br/ })
})

test('a redirect from HTTPS to HTTP was followed: it is an error of the line', async (t) => {
  const plain = await serve(t)
  const tls = await selfSigned(t)
  const leave = async () => ({ status: 302, headers: { Location: `${plain}/f` } })
  const { url } = await startTestRegistry(t, { tls, quirks: [leave] })
  const context = t.testdir({ Dockerfile: `FROM scratch\nADD ${url}/f /f\n` })
  const provide = [registryResource.provide(testClient(t, { ca: [tls.certificate] }))]
  await t.rejects(run([await buildNode(context)], { provide }), {
    message: /Dockerfile:2: expected a Location with https:/
  })
})

test('archives are unpacked by their contents, not by their names', async (t) => {
  const context = t.testdir({ in: { a: '1', b: { c: '2' } }, 'fake.tar.gz': 'not one' })
  for (const command of [
    'tar cf plain.txt --owner=3 --group=4 -C in a b',
    'tar cf - -C in b | gzip > z',
    'tar cf - -C in b | zstd -q > zs'
  ]) {
    spawnSync('sh', ['-c', command], { cwd: context })
  }
  const built = await buildOne(
    context,
    'ADD plain.txt /p/',
    'ADD z zs /q/',
    'ADD fake.tar.gz /f/',
    'ADD --unpack=false z /r/',
    'ADD --chown=9 plain.txt /s/'
  )
  const rows = built.layers.map(({ entries }) => entries.map(({ path, uid, gid }) => `${path} ${uid}:${gid}`))
  t.same(rows, [
    ['p 0:0', 'p/a 3:4', 'p/b 3:4', 'p/b/c 3:4'],
    ['q 0:0', 'q/b 0:0', 'q/b/c 0:0'],
    ['f 0:0', 'f/fake.tar.gz 0:0'],
    ['r 0:0', 'r/z 0:0'],
    ['s 9:9', 's/a 9:9', 's/b 9:9', 's/b/c 9:9']
  ])
})

test('an archive that this program cannot unpack is not copied in silence', async (t) => {
  const context = t.testdir({})
  writeFileSync(join(context, 'a.tar.xz'), Buffer.from('\xfd7zXZ\0rest', 'latin1'))
  await t.rejects(buildOne(context, 'ADD a.tar.xz /'), {
    message: /compressed with xz\. Compress it with gzip or zstd/
  })
  t.same(
    (await buildOne(context, 'ADD --unpack=false a.tar.xz /')).layers[0]?.entries.map(({ path }) => path),
    ['a.tar.xz']
  )
})

test('a text that begins as bzip2 does is copied, and bzip2 itself is not', async (t) => {
  const context = t.testdir({ a: 'BZh is not', b: 'BZh91AY&SY and more' })
  const built = await buildOne(context, 'ADD a /')
  t.same([...(built.layers[0]?.bodies ?? [])], [['a', 'BZh is not']])
  await t.rejects(buildOne(context, 'ADD b /'), { message: /found b, which may be a tar compressed with bzip2/ })
})

test('an archive replaces what is in its way, and links in it stay inside', async (t) => {
  const context = t.testdir({ in: { x: 'file' }, dir: { y: '1' } })
  spawnSync('sh', ['-c', 'ln -s /etc in/l; ln in/x in/h; tar cf a.tar -C in x l h'], { cwd: context })
  const built = await buildOne(context, 'COPY dir /d/x', 'ADD a.tar /d')
  const rows = built.layers[1]?.entries.map(({ path, type, link }) => [path, type, link])
  t.same(rows, [
    ['d', 'directory', ''],
    ['d/h', 'file', ''],
    ['d/l', 'symlink', '/etc'],
    ['d/x', 'hardlink', 'd/h']
  ])
})

/** A base whose /lib is a link to usr/lib, and an archive that `command` makes of lib/x.so. */
async function addOntoMerged(t: Test, command: string): Promise<Built> {
  const context = t.testdir({ base: { usr: { lib: { old: '1' } } }, in: { lib: { 'x.so': '2' } } })
  chmodSync(join(context, 'base/usr/lib'), 0o711)
  symlinkSync('usr/lib', join(context, 'base/lib'))
  spawnSync('sh', ['-c', command], { cwd: context })
  return buildOne(context, 'COPY base /', 'ADD a.tar /')
}

const describeLast = ({ layers }: Built) =>
  layers.at(-1)?.entries.map(({ path, type, mode }) => `${path} ${type} ${mode.toString(8)}`)

test('a directory that is only in the paths of an archive leaves what the image has for it as it is', async (t) => {
  const built = await addOntoMerged(t, 'tar cf a.tar -C in lib/x.so')
  t.same(describeLast(built), ['usr directory 755', 'usr/lib directory 711', 'usr/lib/x.so file 644'])
})

test('a directory that an archive has an entry for takes the place of a link', async (t) => {
  const built = await addOntoMerged(t, 'tar cf a.tar -C in lib')
  t.same(describeLast(built), ['lib directory 755', 'lib/x.so file 644'])
})

test('links that an archive is unpacked through stay inside of where it is unpacked', async (t) => {
  const context = t.testdir({ base: {}, in: { up: { x: '1' }, root: { y: '2' }, loop: { z: '3' } } })
  symlinkSync('../../../up2', join(context, 'base/up'))
  symlinkSync('/etc', join(context, 'base/root'))
  symlinkSync('loop', join(context, 'base/loop'))
  spawnSync('sh', ['-c', 'tar cf a.tar -C in up/x root/y; tar cf b.tar -C in loop/z'], { cwd: context })
  const built = await buildOne(context, 'COPY base /d', 'ADD a.tar /d/')
  t.same(
    built.layers.at(-1)?.entries.map(({ path }) => path),
    ['d', 'd/etc', 'd/etc/y', 'd/up2', 'd/up2/x']
  )
  await t.rejects(buildOne(context, 'COPY base /d', 'ADD b.tar /d/'), { message: /links in a circle at \/d\/loop/ })
})

test('an archive whose paths lead through a file is an error', async (t) => {
  const context = t.testdir({ file: '', in: { lib: { x: '1' } } })
  spawnSync('tar', ['cf', 'a.tar', '-C', 'in', 'lib/x'], { cwd: context })
  await t.rejects(buildOne(context, 'COPY file /lib', 'ADD a.tar /'), {
    message: /expected a directory, found a file at \/lib/
  })
})
