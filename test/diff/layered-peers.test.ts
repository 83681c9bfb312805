import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'tap'
import type { Entry } from '../../lib/diff/entry.js'
import { layerSnapshots } from '../../lib/diff/layered.js'
import { extractEntries } from '../../lib/tar/extract.js'
import { collect, member, tarOf } from '../helpers/tars.js'

const directory = (name: string, mode = 0o755): Buffer => member({ name: `${name}/`, type: '5', mode })
const file = (name: string, body: string): Buffer => member({ name }, body)
const link = (name: string, target: string): Buffer => member({ name, type: '1', link: target })
const symlink = (name: string, target: string): Buffer => member({ name, type: '2', link: target, mode: 0o777 })

/** Lowest first. */
const layers: readonly Buffer[] = [
  tarOf(
    directory('kept', 0o750),
    file('kept/a', 'one'),
    file('kept/b', 'one'),
    directory('opaque'),
    file('opaque/old', 'one'),
    directory('opaque/deep'),
    file('opaque/deep/old', 'one'),
    directory('gone'),
    file('gone/x', 'one'),
    file('linked', 'linked'),
    file('to-directory', 'one'),
    directory('to-file'),
    file('to-file/x', 'one'),
    symlink('symlink', 'kept/a')
  ),
  tarOf(
    file('.wh.gone', ''),
    directory('kept', 0o700),
    file('kept/.wh.b', ''),
    file('kept/c', 'two'),
    directory('opaque'),
    file('opaque/.wh..wh..opq', ''),
    file('opaque/new', 'two'),
    link('a-link', 'linked'),
    directory('to-directory'),
    file('to-directory/x', 'two'),
    file('to-file', 'two'),
    file('symlink', 'two')
  ),
  tarOf(file('.wh.linked', ''), directory('gone'), file('gone/again', 'three'), link('z-link', 'a-link'))
]

test('layers merge to what umoci unpacks', {
  skip: spawnSync('umoci', ['--version']).status === 0 ? false : 'umoci is not installed'
}, async (t) => {
  const root = t.testdir()
  const umoci = (...options: readonly string[]): unknown => execFileSync('umoci', options, { cwd: root, stdio: 'pipe' })
  umoci('init', '--layout', 'layout')
  umoci('new', '--image', 'layout:test')
  for (const [at, tar] of layers.entries()) {
    writeFileSync(join(root, `${at}.tar`), tar)
    umoci('raw', 'add-layer', '--image', 'layout:test', `${at}.tar`)
  }
  umoci('unpack', '--rootless', '--image', 'layout:test', 'bundle')
  const snapshot = await layerSnapshots(
    (async function* () {
      for (const tar of layers) yield Readable.from([tar]).compose(extractEntries('test'))
    })(),
    { spool: async () => join(root, 'spool'), keepWhiteouts: false }
  )
  const found = await collect(snapshot.contents(snapshot.walk()))
  await snapshot.close()
  const bodies = new Map(found.map(({ entry, body }) => [entry.path, body.toString()]))
  t.same(found.map(({ entry }) => spell(entry, bodies)).toSorted(), listFiles(join(root, 'bundle/rootfs')).toSorted())
})

/** As `listFiles` has it. */
function spell({ path, type, mode, link }: Entry, bodies: ReadonlyMap<string, string>): string {
  if (type === 'directory') return `${path} d ${mode.toString(8)}`
  return `${path} f ${mode.toString(8)} ${bodies.get(type === 'hardlink' ? link : path)}`
}

function listFiles(root: string): readonly string[] {
  const script =
    'find . -mindepth 1 -printf "%P %y %m\\n" | while read p y m; do [ $y = f ] && echo "$p f $m $(cat $p)" || echo "$p $y $m"; done'
  return execFileSync('sh', ['-c', script], { cwd: root, encoding: 'utf8' }).trim().split('\n')
}
