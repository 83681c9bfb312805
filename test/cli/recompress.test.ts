import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Test, test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import type { CodecName } from '../../lib/codec/codec.js'
import { decompressAny } from '../../lib/codec/decompress.js'
import { mixedBytes } from '../conformance/codec.js'
import { layerpipe } from '../helpers/command-here.js'
import { needs, runPeer } from '../helpers/peers.js'

const CODECS: readonly CodecName[] = ['uncompressed', 'gzip', 'estargz', 'zstd', 'zstd:chunked']

const MARKS: Readonly<Record<CodecName, string | null>> = {
  uncompressed: null,
  gzip: null,
  estargz: 'containerd.io/snapshot/stargz/toc.digest',
  zstd: null,
  'zstd:chunked': 'io.github.containers.zstd-chunked.manifest-checksum'
}

const MAGIC: Readonly<Record<CodecName, RegExp>> = {
  uncompressed: /^(?!1f8b|28b52ffd)/,
  gzip: /^1f8b08/,
  estargz: /^1f8b08/,
  zstd: /^28b52ffd/,
  'zstd:chunked': /^28b52ffd/
}

/** A manifest in an index. */
interface Listed {
  readonly digest: string
  readonly annotations?: Readonly<Record<string, string>>
}

/** Not `t.testdir()`: blobs are written without permission to write. */
async function workIn(t: Test): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'layerpipe-test-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** One output for each codec, to a directory of its name. */
function outputs(prefix: string, rest = ''): readonly string[] {
  return CODECS.flatMap((codec) => [
    '-o',
    `type=oci,tar=false,dest=${layoutOf(prefix, codec)},compression=${codec}${rest}`
  ])
}

function layoutOf(prefix: string, codec: CodecName): string {
  return `${prefix}-${codec.replace(':', '-')}`
}

async function exportAll(cwd: string, source: string, prefix: string, rest?: string): Promise<void> {
  const { code, stderr } = await layerpipe(['export', source, ...outputs(prefix, rest)], { cwd })
  if (code !== 0) throw new Error(stderr)
}

/** The only layer of the only image in a layout. */
async function layerIn(layout: string) {
  const blobs = join(layout, 'blobs/sha256')
  const all = await Promise.all((await readdir(blobs)).map((name) => readFile(join(blobs, name))))
  const documents = all.filter((bytes) => bytes[0] === 0x7b).map((bytes) => JSON.parse(bytes.toString()))
  const [descriptor] = documents.find(({ layers }) => layers).layers
  const [diffID] = documents.find(({ rootfs }) => rootfs).rootfs.diff_ids
  return { descriptor, diffID, bytes: await readFile(join(blobs, descriptor.digest.slice(7))) }
}

test('layers are recompressed from every codec to every other, and left alone where they are as asked', async (t) => {
  const cwd = await workIn(t)
  t.testdir({
    app: { 'index.js': 'console.log(1)\n', lib: { data: mixedBytes(100_000), link: t.fixture('symlink', 'data') } }
  })
  await exportAll(cwd, `dir:${t.testdirName}/app`, 'from')
  for (const from of CODECS) {
    const before = await layerIn(join(cwd, layoutOf('from', from)))
    await exportAll(cwd, `oci:${layoutOf('from', from)}`, from, ',force-compression=true')
    for (const to of CODECS) {
      if (from === 'estargz' && to === 'estargz') continue
      const after = await layerIn(join(cwd, layoutOf(from, to)))
      const contents: Buffer[] = await Readable.from([after.bytes]).compose(decompressAny('layer')).toArray()
      t.equal(digestOf(Buffer.concat(contents)), after.diffID, `${from} to ${to}`)
      t.match(after.bytes.subarray(0, 4).toString('hex'), MAGIC[to])
      t.equal(after.descriptor.digest === before.descriptor.digest, from === to)
      t.equal(after.diffID === before.diffID, to !== 'estargz' || from === to)
      for (const codec of CODECS) {
        const mark = MARKS[codec]
        if (mark) t.equal(mark in (after.descriptor.annotations ?? {}), codec === to)
      }
    }
  }
})

test('without force, layers stay as they came, with what their descriptors say of them', async (t) => {
  const cwd = await workIn(t)
  t.testdir({ app: { file: 'contents' } })
  await exportAll(cwd, `dir:${t.testdirName}/app`, 'from')
  await exportAll(cwd, 'oci:from-zstd-chunked', 'to')
  const before = await layerIn(join(cwd, 'from-zstd-chunked'))
  for (const codec of CODECS) {
    t.same((await layerIn(join(cwd, layoutOf('to', codec)))).descriptor, before.descriptor)
  }
})

test('kept zstd layers got media types of Docker, which skopeo and Podman read from no registry', {
  ...needs('skopeo')
}, async (t) => {
  const cwd = await workIn(t)
  t.testdir({ app: { file: 'contents' } })
  await exportAll(cwd, `dir:${t.testdirName}/app`, 'from')
  const typesOf = async (source: string, keys: string): Promise<readonly string[]> => {
    const output = `type=docker,tar=false,dest=kept,${keys}`
    const { code, stderr } = await layerpipe(['export', `oci:${source}`, '-o', output], { cwd })
    t.equal(code, 0, stderr)
    const { stdout } = await runPeer('skopeo', 'inspect', '--raw', `oci:${cwd}/kept`)
    const { mediaType, config, layers } = JSON.parse(stdout)
    await rm(join(cwd, 'kept'), { recursive: true })
    return [mediaType, config.mediaType, layers[0].mediaType].map((type) => type.replace('application/vnd.', ''))
  }
  const zstd = ['oci.image.manifest.v1+json', 'oci.image.config.v1+json', 'oci.image.layer.v1.tar+zstd']
  t.same(await typesOf('from-zstd', 'compression=gzip'), zstd)
  const docker = ['docker.distribution.manifest.v2+json', 'docker.container.image.v1+json']
  t.same(await typesOf('from-gzip', 'compression=gzip'), [...docker, 'docker.image.rootfs.diff.tar.gzip'])
  t.same(await typesOf('from-zstd', 'oci-mediatypes=false'), [...docker, 'docker.image.rootfs.diff.tar.zstd'])
})

test('several codecs make variants in one index, gzip first, which skopeo copies', {
  ...needs('skopeo')
}, async (t) => {
  const cwd = await workIn(t)
  t.testdir({ app: { file: 'contents', other: mixedBytes(50_000) } })
  const output = 'type=oci,tar=false,dest=all,"compression=zstd:chunked,gzip,zstd,estargz"'
  const { code, stderr } = await layerpipe(['export', `${t.testdirName}/app`, '-t', 'foo:1', '-o', output], { cwd })
  t.equal(code, 0, stderr)
  await runPeer('skopeo', 'copy', '--all', `oci:${cwd}/all`, `dir:${cwd}/copy`)
  const { manifests } = JSON.parse(await readFile(join(cwd, 'copy/manifest.json'), 'utf8'))
  t.equal(manifests.length, 4)
  const isZstd = (manifest: Listed) => manifest.annotations?.['io.github.containers.compression.zstd'] === 'true'
  t.same(manifests.map(isZstd), [false, false, true, true])
  const layers = await Promise.all(
    manifests.map(async ({ digest }: Listed) => {
      const manifest = JSON.parse(await readFile(join(cwd, 'copy', `${digest.slice(7)}.manifest.json`), 'utf8'))
      return manifest.layers[0].mediaType.split('+')[1]
    })
  )
  t.same(layers, ['gzip', 'gzip', 'zstd', 'zstd'])
})

test('variants that came out equal, of layers that are kept, were listed once for each', async (t) => {
  const cwd = await workIn(t)
  t.testdir({ app: { file: 'contents' } })
  await layerpipe(['export', `${t.testdirName}/app`, '-o', 'type=oci,dest=a.tar'], { cwd })
  const output = 'type=oci,tar=false,dest=kept,"compression=gzip,zstd"'
  const { code, stderr } = await layerpipe(['export', 'oci-archive:a.tar', '-o', output], { cwd })
  t.equal(code, 0, stderr)
  t.match(stderr, /variants that came out equal are listed once: .*force-compression=true/)
  const [root] = JSON.parse(await readFile(join(cwd, 'kept/index.json'), 'utf8')).manifests
  const { manifests } = JSON.parse(await readFile(join(cwd, 'kept/blobs/sha256', root.digest.slice(7)), 'utf8'))
  t.equal(manifests.length, 1)
})

test('the summary of recompressed layers says what is left of them', async (t) => {
  const cwd = await workIn(t)
  await mkdir(join(cwd, 'app'))
  await writeFile(join(cwd, 'app', 'text'), 'again and '.repeat(10_000))
  await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=a.tar'], { cwd })
  const keys = 'type=oci,dest=b.tar,compression=zstd,force-compression=true'
  const { stderr } = await layerpipe(['export', 'oci-archive:a.tar', '-o', keys], { cwd })
  t.match(stderr, /, layers \d+% of 102kB/)
})
