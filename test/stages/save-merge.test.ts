import { spawnSync } from 'node:child_process'
import { existsSync, linkSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { InputError, UsageError } from '../../lib/errors.js'
import { flatImage, flatImages } from '../helpers/flat-image.js'
import { fileEntry } from '../helpers/layer-tar.js'
import { directory, modeOf, write } from '../helpers/save.js'

test('into a directory that exists the result is merged', async (t) => {
  const root = t.testdir({ out: { keep: 'kept', file: 'old', both: { mine: 'm', shared: 'old' }, wasdir: { x: 'x' } } })
  const destination = join(root, 'out')
  linkSync(join(destination, 'file'), join(root, 'other-name'))
  await write(
    flatImage(
      directory('both', 0o700),
      fileEntry('both/shared', 'new'),
      directory('fresh'),
      fileEntry('fresh/inside', 'f'),
      fileEntry('file', 'new'),
      fileEntry('wasdir', 'now a file')
    ),
    { destination }
  )
  t.same(readdirSync(destination).sort(), ['both', 'file', 'fresh', 'keep', 'wasdir'])
  const text = (path: string): string => readFileSync(join(destination, path), 'utf8')
  t.same(['keep', 'file', 'both/mine', 'both/shared', 'wasdir'].map(text), ['kept', 'new', 'm', 'new', 'now a file'])
  t.equal(modeOf(join(destination, 'both')), 0o700)
  t.equal(lstatSync(join(destination, 'both')).mtimeMs, 1_500_000_000_000)
  t.equal(readFileSync(join(root, 'other-name'), 'utf8'), 'old', 'another name of a replaced file is another file now')
})

test('delete removes what the result does not have, links themselves and not what they lead to', async (t) => {
  const root = t.testdir({
    outside: { file: 'precious' },
    out: { gone: { deep: { deeper: 'x' } }, stays: { a: 'a', b: 'b' } }
  })
  const destination = join(root, 'out')
  symlinkSync('../outside', join(destination, 'link'))
  await write(flatImage(directory('stays'), fileEntry('stays/b', 'B')), { destination, mode: 'delete' })
  t.same(readdirSync(destination, { recursive: true }).sort(), ['stays', 'stays/b'])
  t.equal(readFileSync(join(root, 'outside/file'), 'utf8'), 'precious')
})

test('delete outside the working directory has to be allowed', async (t) => {
  const destination = join(t.testdir({ out: { file: 'x' } }), 'out')
  const node = flatImage(fileEntry('a', 'a'))
  const cwd = process.cwd()
  t.teardown(() => process.chdir(cwd))
  for (const elsewhere of [destination, '/']) {
    process.chdir(elsewhere)
    const away = elsewhere === '/' ? '/' : destination
    await t.rejects(write(node, { destination: away, mode: 'delete', deleteAnywhere: false }), UsageError)
  }
  process.chdir(join(destination, '..'))
  await write(node, { destination: 'out', mode: 'delete', deleteAnywhere: false })
  t.same(readdirSync(destination), ['a'])
})

test('several platforms go into directories of their own, and hostile ones stay inside', async (t) => {
  const destination = join(t.testdir(), 'out')
  const one = () => [fileEntry('file', 'x')]
  await write(flatImages({ 'linux/amd64': one, 'linux/arm/v7': one, '../../evil': one }), { destination })
  t.same(readdirSync(destination).sort(), ['__.._evil', 'linux_amd64', 'linux_arm_v7'])
  t.equal(lstatSync(join(destination, 'linux_amd64')).mtimeMs, 0)
})

test('one platform is split only when that is asked for', async (t) => {
  const root = t.testdir()
  await write(flatImage(fileEntry('file', 'x')), { destination: join(root, 'plain') })
  await write(flatImage(fileEntry('file', 'x')), { destination: join(root, 'split'), platformSplit: true })
  t.ok(existsSync(join(root, 'plain/file')))
  t.ok(existsSync(join(root, 'split/linux_amd64/file')))
})

test('without a split platforms share a directory, unless their contents differ', async (t) => {
  const root = t.testdir()
  const images = (text: string) =>
    flatImages({
      'linux/amd64': () => [[...directory('etc'), ...fileEntry('etc/same', 's'), ...fileEntry('etc/x', 'x')]],
      'linux/arm64': () => [[...directory('etc'), ...fileEntry('etc/more', 'm'), ...fileEntry('etc/same', text)]]
    })
  await write(images('s'), { destination: join(root, 'out'), platformSplit: false })
  t.same(readdirSync(join(root, 'out/etc')), ['more', 'same', 'x'])
  await t.rejects(write(images('t'), { destination: join(root, 'other'), platformSplit: false }), {
    constructor: InputError,
    message: /etc\/same/
  })
  t.same(readdirSync(root), ['out'])
})

test('what a killed export left is removed by the next one', async (t) => {
  const destination = join(t.testdir({ out: { file: 'old' } }), 'out')
  const program = `
    import { createStagedTree } from ${JSON.stringify(new URL('../../lib/save/staged-tree.js', import.meta.url).href)}
    import { createOmissions } from ${JSON.stringify(new URL('../../lib/save/omissions.js', import.meta.url).href)}
    import { mkdirSync, chmodSync } from 'node:fs'
    const tree = await createStagedTree({ destination: process.argv[1], removes: false, omissions: createOmissions() })
    mkdirSync(tree.path + '/half'); chmodSync(tree.path + '/half', 0o500)
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['--input-type=module', '-e', program, destination])
  t.equal(readdirSync(destination).length, 2)
  await write(flatImage(fileEntry('file', 'new')), { destination, mode: 'delete' })
  t.same(readdirSync(destination), ['file'])
})
