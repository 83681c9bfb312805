import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'tap'
import { exporterNode } from '../../lib/cli/exporter-node.js'
import type { OutputFlags } from '../../lib/cli/output-flags.js'
import { type OutputWorld, parseOutputs } from '../../lib/cli/outputs.js'
import { source } from '../../lib/graph/index.js'
import type { ImageEnd, LayerSource } from '../../lib/stages/items.js'
import { isUsage, none, pipe, readOutputs as read } from '../helpers/outputs.js'

test('no output at all is cacheonly, with the warning of buildx', async (t) => {
  t.same(await parseOutputs({ ...none, outputs: [''], tags: ['foo'] }, pipe), {
    outputs: [{ type: 'cacheonly', text: 'type=cacheonly', options: {} }],
    warnings: [
      'No output specified. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load'
    ]
  })
  t.same((await parseOutputs({ ...none, outputs: ['type=cacheonly'] }, pipe)).warnings, [])
})

test('tags name every image output that has no name of its own', async (t) => {
  const outputs = ['type=oci,dest=a', 'type=docker,dest=b,name=own', 'type=image', 'type=registry', 'type=local,dest=c']
  t.match(await read({ outputs, tags: ['foo', 'bar:1'] }), [
    { type: 'oci', names: ['docker.io/library/foo:latest', 'docker.io/library/bar:1'] },
    { type: 'docker', names: ['docker.io/library/own:latest'] },
    { type: 'image', names: ['docker.io/library/foo:latest', 'docker.io/library/bar:1'] },
    { type: 'registry', names: ['docker.io/library/foo:latest', 'docker.io/library/bar:1'] },
    { type: 'local', destination: 'c' }
  ])
})

test('tags leave the name of an output alone that has it under its other key', async (t) => {
  t.match(await read({ outputs: ['type=registry,tag=localhost:5000/own'], tags: ['foo'] }), [
    { type: 'registry', names: ['localhost:5000/own:latest'] }
  ])
})

test('push is set on every image output, or adds one', async (t) => {
  t.match(await read({ outputs: ['type=image,name=a', 'type=oci,dest=o'], push: true }), [
    { type: 'image', push: true },
    { type: 'oci' }
  ])
  t.match(await read({ outputs: ['type=registry,name=a,push=false'], push: true }), [{ type: 'registry', push: true }])
  t.match(await read({ tags: ['foo'], push: true }), [
    { type: 'image', push: true, names: ['docker.io/library/foo:latest'] }
  ])
})

test('load adds a docker output unless one is there that loads', async (t) => {
  t.match(await read({ load: true }), [{ type: 'docker', destination: null }])
  t.match(await read({ outputs: ['type=docker'], load: true }), [{ type: 'docker', destination: null }])
  t.match(await read({ outputs: ['type=docker,dest=d'], load: true }), [
    { type: 'docker', destination: 'd' },
    { type: 'docker', destination: null }
  ])
})

test('push and load may both be given', async (t) => {
  t.match(await read({ tags: ['foo'], push: true, load: true }), [{ type: 'image' }, { type: 'docker' }])
})

test('a name that is given twice, in short and in full, is one name', async (t) => {
  const tags = ['foo', 'foo:latest', 'docker.io/library/foo']
  const outputs = await read({ outputs: ['type=oci,dest=a'], tags })
  t.same(
    outputs.map((output) => 'names' in output && output.names),
    [['docker.io/library/foo:latest']]
  )
})

test('a name with a digest is refused: no engine loads an archive of that name', async (t) => {
  const digest = `sha256:${'0'.repeat(64)}`
  for (const type of ['oci', 'docker', 'image', 'registry']) {
    for (const name of [`foo@${digest}`, `foo:1@${digest}`]) {
      await t.rejects(read({ outputs: [`type=${type}`], tags: [name] }), isUsage(/a name without a digest/), name)
    }
  }
})

test('pushing needs a name', async (t) => {
  const message = /^tag is needed when pushing to registry/
  await t.rejects(read({ push: true }), isUsage(message))
  await t.rejects(read({ outputs: ['type=registry'] }), isUsage(message))
  await t.rejects(read({ outputs: ['type=image,push='] }), isUsage(message))
})

test('pushing by digest takes a name without a tag', async (t) => {
  t.match(await read({ outputs: ['type=image,name=foo,push=true,push-by-digest=true'] }), [
    { names: ['docker.io/library/foo'] }
  ])
  await t.rejects(read({ outputs: ['type=image,name=foo:1,push-by-digest=true'] }), isUsage(/without a tag/))
})

test('an archive without a destination goes to standard output, but not to a terminal', async (t) => {
  t.match(await read({ outputs: ['type=oci'] }), [{ destination: '-' }])
  t.match(await read({ outputs: ['type=tar'] }), [{ destination: '-' }])
  await t.rejects(
    read({ outputs: ['type=oci'] }, { stdoutIsTerminal: true }),
    isUsage(/^dest file is required for oci exporter\. refusing to write to console/)
  )
  await t.rejects(read({ outputs: ['-'] }, { stdoutIsTerminal: true }), isUsage(/^dest file is required for tar/))
  t.match(await read({ outputs: ['type=docker'] }, { stdoutIsTerminal: true }), [{ destination: null }])
})

test('a directory has to be named', async (t) => {
  for (const output of ['type=local', 'type=oci,tar=false', 'type=docker,tar=false']) {
    await t.rejects(read({ outputs: [output] }), isUsage(/^dest is required for/), output)
  }
  await t.rejects(read({ outputs: ['type=local,dest=-'] }), isUsage(/expected a directory for local, found dest=-/))
  await t.rejects(read({ outputs: ['type=oci,tar=false,dest=-'] }), isUsage(/found dest=-/))
  await t.rejects(read({ outputs: ['type=oci,dest='] }), isUsage(/expected a path/))
})

test('two outputs do not share a destination', async (t) => {
  await t.rejects(read({ outputs: ['-', 'type=oci'] }), isUsage(/another output to -/))
  await t.rejects(read({ outputs: ['type=oci,dest=x/../a', 'type=docker,dest=./a'] }), isUsage(/another output/))
})

test('what stands in the way is refused before anything is made', async (t) => {
  const directory = t.testdir({ file: '', directory: {} })
  const at = (name: string): string => join(directory, name)
  await t.rejects(read({ outputs: [at('file')] }), { code: 'ERR_OUTPUT' })
  await t.rejects(read({ outputs: [`type=oci,tar=false,dest=${at('file')}`] }), { code: 'ERR_OUTPUT' })
  await t.rejects(read({ outputs: [`type=oci,dest=${at('directory')}`] }), { code: 'ERR_OUTPUT' })
  await t.rejects(read({ outputs: [`type=oci,dest=${at('file/a')}`] }), { code: 'ERR_OUTPUT' })
  await read({ outputs: [`type=oci,dest=${at('new/deep/a.tar')}`] })
  t.same((await readdir(directory)).toSorted(), ['directory', 'file'])
})

test('an existing file or directory of the right kind may be replaced', async (t) => {
  const directory = t.testdir()
  await mkdir(join(directory, 'd'))
  await writeFile(join(directory, 'f'), '')
  await read({ outputs: [join(directory, 'd'), `type=oci,dest=${join(directory, 'f')}`] })
})

test('a level is checked against the range of its codec', async (t) => {
  t.match(await read({ outputs: ['type=oci,compression=zstd,compression-level=22'] }), [{ compressionLevel: 22 }])
  await t.rejects(read({ outputs: ['type=oci,compression-level=10'] }), isUsage(/expected 0 to 9 for gzip, found 10/))
  await t.rejects(
    read({ outputs: ['type=oci,compression=zstd,compression-level=23'] }),
    isUsage(/expected a whole number from 0 to 22, found "23"/)
  )
  await t.rejects(
    read({ outputs: ['type=oci,"compression=zstd,gzip",compression-level=15'] }),
    isUsage(/expected 0 to 9 for gzip/)
  )
  await t.rejects(read({ outputs: ['type=tar,compression=gzip,compression-level=15'] }), isUsage(/0 to 9 for gzip/))
})

test('several codecs are one quoted list, each named once', async (t) => {
  t.match(await read({ outputs: ['type=oci,"compression=gzip,zstd"'] }), [{ compression: ['gzip', 'zstd'] }])
  await t.rejects(read({ outputs: ['type=oci,"compression=gzip,gzip"'] }), isUsage(/expected each codec once/))
  await t.rejects(read({ outputs: ['type=oci,compression='] }), isUsage(/expected a codec/))
})

test('options that nothing came of were accepted', async (t) => {
  await t.rejects(read({ outputs: ['type=image,unpack=true'] }), isUsage(/unpack: expected .* type=local/))
  await t.rejects(read({ outputs: ['type=oci,oci-artifact=true'] }), isUsage(/oci-artifact: expected attestations/))
  await read({ outputs: ['type=image,unpack=false,oci-artifact=false'] })
})

test('a bad name is refused', async (t) => {
  await t.rejects(read({ outputs: ['type=oci,name=Foo'] }), isUsage(/upper case/))
  await t.rejects(read({ outputs: ['type=oci'], tags: ['foo:'] }), isUsage(/tag/))
})

test('an unknown type or key suggests the nearest', async (t) => {
  await t.rejects(read({ outputs: ['type=ocy'] }), isUsage(/Did you mean "oci"\?/))
  await t.rejects(read({ outputs: ['type=constructor'] }), isUsage(/expected a type out of image, registry/))
  await t.rejects(read({ outputs: ['type=oci,compresion=zstd'] }), isUsage(/Did you mean "compression"\?/))
  await t.rejects(read({ outputs: ['type=local,dest=a,name=b'] }), isUsage(/a key of the local exporter/))
})

test('annotations go to every image output and to no other', async (t) => {
  const annotations = ['index,manifest[linux/arm64]:K=a=b', 'plain=1']
  const own = 'type=oci,annotation.own=2,dest=a'
  t.match(await read({ outputs: [own, 'type=tar'], annotations }), [
    {
      annotations: [
        { target: 'manifest', platform: null, key: 'own', value: '2' },
        { target: 'index', platform: null, key: 'K', value: 'a=b' },
        { target: 'manifest', platform: 'linux/arm64', key: 'K', value: 'a=b' },
        { target: 'manifest', platform: null, key: 'plain', value: '1' }
      ]
    },
    { type: 'tar' }
  ])
})

const build = async (flags: Partial<OutputFlags>, world: Partial<OutputWorld> = {}) => {
  const { outputs } = await parseOutputs({ ...none, ...flags }, { ...pipe, ...world })
  const nothing = source<null, LayerSource | ImageEnd>('nothing', () => Readable.from([]))(null)
  return Promise.all(outputs.map((output) => exporterNode(output, nothing)))
}

test('Docker media types cannot say what estargz or an index annotation needs', async (t) => {
  await build({ outputs: ['type=oci,annotation-index.K=v'] })
  await t.rejects(
    build({ outputs: ['type=oci,oci-mediatypes=false,annotation-index.K=v'] }),
    isUsage(/OCI media types/)
  )
  await build({ outputs: ['type=oci,oci-mediatypes=false,compression=zstd'] })
})

test('the epoch comes from the environment unless the output says otherwise', async (t) => {
  const world = { sourceDateEpoch: '1700000000' }
  const outputs = ['type=oci,dest=a', 'type=image,source-date-epoch=5', 'type=docker,source-date-epoch=']
  t.match(await read({ outputs }, world), [
    { sourceDateEpoch: 1700000000 },
    { sourceDateEpoch: 5 },
    { sourceDateEpoch: null }
  ])
  t.match(await read({ outputs: ['type=local,dest=a'] }, world), [{ type: 'local' }])
  t.match(await read({ outputs: ['type=oci'] }, { sourceDateEpoch: '' }), [{ sourceDateEpoch: null }])
  await t.rejects(read({ outputs: ['type=oci'] }, { sourceDateEpoch: 'now' }), isUsage(/source-date-epoch/))
})

test('an epoch of the environment that is none was refused though the output has its own, or says to ignore it', async (t) => {
  const outputs = ['type=oci,dest=a,source-date-epoch=', 'type=docker,source-date-epoch=5']
  t.match(await read({ outputs }, { sourceDateEpoch: 'abc' }), [{ sourceDateEpoch: null }, { sourceDateEpoch: 5 }])
})

test('timestamps cannot be rewritten to no epoch', async (t) => {
  await t.rejects(build({ outputs: ['type=oci,rewrite-timestamp=true'] }), isUsage(/SOURCE_DATE_EPOCH/))
  await build({ outputs: ['type=oci,rewrite-timestamp=true'] }, { sourceDateEpoch: '1' })
})
