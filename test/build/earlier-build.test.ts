import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile
} from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { createPendingName } from '../../lib/blob/pending-name.js'
import { openStore } from '../../lib/blob/store.js'
import { type BuildRecords, buildRecords, createBuildRecords } from '../../lib/build/build-records.js'
import { createLayerCache } from '../../lib/build/stored-layers.js'
import { bareFiles, createBareFileRecords } from '../../lib/diff/bare-files.js'
import { writeXattr } from '../../lib/diff/xattr.js'
import { layerCache } from '../../lib/stages/layer-cache.js'
import { layerpipe } from '../helpers/command-here.js'
import { buildLayers, buildWith } from './build-layers.js'

const settle = () => new Promise((resolve) => setTimeout(resolve, 100))

const DOCKERFILE = 'FROM scratch AS one\nCOPY a /a/\nFROM scratch\nCOPY --from=one /a /b/\nCOPY c* /c\n'

async function prepare(t: Test): Promise<string> {
  const files = { a: { x: 'xx', y: 'yy', d: { z: 'zz' }, ignored: '' }, c: 'c' }
  const context = join(
    t.testdir({ context: { Dockerfile: DOCKERFILE, '.dockerignore': 'a/ignored\n', ...files } }),
    'context'
  )
  await symlink('x', join(context, 'a/link'))
  await settle()
  return context
}

/** Builds with records, and tells whether one was of use. */
async function buildRecorded(context: string, codec: 'gzip' | 'zstd' = 'gzip') {
  const store = openStore(join(context, '../store'))
  const stored = createBuildRecords(store.records)
  let written = 0
  const records: BuildRecords = {
    get: stored.get,
    put: async (key, record) => {
      written += 1
      await stored.put(key, record)
    }
  }
  const provide = [
    layerCache.provide(createLayerCache(store)),
    buildRecords.provide(records),
    bareFiles.provide(createBareFileRecords(store.records))
  ]
  return { ...(await buildWith(context, provide, codec)), evaluated: written > 0 }
}

test('a build of what is as it was is not evaluated again', async (t) => {
  const context = await prepare(t)
  const first = await buildRecorded(context)
  const second = await buildRecorded(context)
  t.same([first.evaluated, second.evaluated, second.opened], [true, false, 0])
  t.same(second.digests, first.digests)
})

test('what an export has begun to write into a context makes no other build of it', async (t) => {
  const context = await prepare(t)
  await buildRecorded(context)
  await writeFile(join(context, createPendingName()), '')
  await settle()
  t.equal((await buildRecorded(context)).evaluated, false)
})

test('whatever is done to a context, the next build is that of a context without a past', async (t) => {
  const changes: Readonly<Record<string, (context: string) => Promise<unknown>>> = {
    'a file with the size and the mtime of before': async (context) => {
      await writeFile(join(context, 'a/x'), 'XX')
      await utimes(join(context, 'a/x'), 1000, 1000)
    },
    'a longer file': (context) => truncate(join(context, 'a/x'), 9),
    'another mode': (context) => chmod(join(context, 'a/x'), 0o600),
    'a new file': (context) => writeFile(join(context, 'a/d/new'), ''),
    'a new match of a pattern': (context) => writeFile(join(context, 'c2'), ''),
    'a file that is gone': (context) => rm(join(context, 'a/y')),
    'another name': (context) => rename(join(context, 'a/d'), join(context, 'a/e')),
    'another target of a link': async (context) => {
      await rm(join(context, 'a/link'))
      await symlink('y', join(context, 'a/link'))
    },
    'a directory in place of a file': async (context) => {
      await rm(join(context, 'a/x'))
      await mkdir(join(context, 'a/x'))
    },
    'an extended attribute': async (context) => writeXattr(join(context, 'a/x'), 'user.a', Buffer.from('b')),
    'another time of a directory': (context) => utimes(join(context, 'a/d'), 5, 5),
    'another ignore file': (context) => writeFile(join(context, '.dockerignore'), 'a/y\n'),
    'another Dockerfile': (context) => writeFile(join(context, 'Dockerfile'), `${DOCKERFILE}LABEL a=b\nCOPY a /a\n`)
  }
  for (const [name, change] of Object.entries(changes)) {
    await t.test(name, async (t) => {
      const context = await prepare(t)
      await utimes(join(context, 'a/x'), 1000, 1000)
      await settle()
      await buildRecorded(context)
      await change(context)
      await settle()
      const after = await buildRecorded(context)
      t.same(after.digests, (await buildLayers(context, join(context, '../other'))).digests)
    })
  }
})

test('another codec finds the layers of a recorded build', async (t) => {
  const context = await prepare(t)
  await buildRecorded(context)
  const zstd = await buildRecorded(context, 'zstd')
  t.same([zstd.evaluated, zstd.opened], [false, 2])
  t.same(zstd.digests, (await buildLayers(context, join(context, '../other'), 'zstd')).digests)
})

test('what changed a moment ago is not recorded, because it could change again and look the same', async (t) => {
  const context = await prepare(t)
  await writeFile(join(context, 'a/ignored'), '1')
  const { ctimeMs } = await stat(join(context, 'a/ignored'))
  t.intercept(Date, 'now', { value: () => ctimeMs + 1 }) // however long the machine is busy with something else
  t.notOk((await buildRecorded(context)).evaluated)
})

test('a file that went from the root of a context while it was built is not in the next build', async (t) => {
  const copy = 'FROM scratch\nCOPY . /x/\n'
  const files = { Dockerfile: copy, '.dockerignore': 'Dockerfile', one: '1', two: '2' }
  const context = join(t.testdir({ context: files }), 'context')
  const server = createServer((_request, response) => {
    void rm(join(context, 'two'), { force: true }).then(() => response.end('body'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  await settle()
  await buildRecorded(context)
  const { port } = server.address() as AddressInfo
  await writeFile(
    join(context, 'Dockerfile'),
    `${copy}ADD --checksum=${digestOf('body')} http://127.0.0.1:${port}/f /f\n`
  )
  await settle()
  await buildRecorded(context)
  await settle()
  const next = await buildRecorded(context)
  t.same(next.digests, (await buildLayers(context, join(context, '../other'))).digests)
})

test('a damaged record is none', async (t) => {
  const context = await prepare(t)
  const first = await buildRecorded(context)
  const records = join(context, '../store/.layerpipe/records/build-1')
  for (const name of await readdir(records)) {
    const text = await readFile(join(records, name), 'utf8')
    await writeFile(join(records, name), text.replace('linux', 'lunix'))
  }
  const second = await buildRecorded(context)
  t.same([second.evaluated, second.digests], [true, first.digests])
})

test('a build on an image knows when that image is another', async (t) => {
  const cwd = t.testdir({
    base: { Dockerfile: 'FROM scratch\nCOPY f /f\n', f: '1' },
    app: { Dockerfile: 'FROM oci-archive:base.tar\nCOPY g /g\n', g: 'g' }
  })
  await settle()
  const run = async (...args: string[]) => {
    const ran = await layerpipe(['build', '--store', 'store', '-q', ...args], { cwd })
    if (ran.code !== 0) throw new Error(ran.stderr)
    return ran.stdout.toString()
  }
  const app = () => run('-o', 'type=oci,dest=app.tar', 'app')
  await run('-o', 'type=oci,dest=base.tar', 'base')
  const first = await app()
  t.equal(await app(), first)
  await writeFile(join(cwd, 'base/f'), '2')
  await run('-o', 'type=oci,dest=base.tar', 'base')
  const second = await app()
  t.not(second, first)
  t.equal(await run('--no-cache', '-o', 'type=oci,dest=app.tar', 'app'), second)
})
